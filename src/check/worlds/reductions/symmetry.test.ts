/** Of states that differ only in which process does what, one is explored; and who is not interchangeable is found out. */
import { describe, expect, it } from 'vitest'
import { hashPlain, World, type ActorRef, type Behavior, type WorldOptions } from '../../../world/index.js'
import { exploreWorld, type Exploration, type Fold, type WorldLimits } from '../../index.js'

interface Hello {
  readonly kind: 'hello'
  readonly from: ActorRef<Welcome>
}

interface Welcome {
  readonly kind: 'welcome'
}

/** How the host tells its guests apart. */
type Partiality = 'none' | 'fails' | 'welcomes one twice' | 'asks one more' | 'fails with one' | 'has a place for one'

/** Welcomes everybody who says hello, and knows who is there. */
function host(partiality: Partiality): Behavior<{ readonly there: number[] }, null, Hello> {
  return {
    kind: 'host',
    start: () => ({ there: [] }),
    receive: ({ volatile }, message, context) => {
      if (message.kind !== 'hello') return
      const { from } = message
      const isFirst = from === 1
      if (partiality === 'fails') throw new Error('nobody')
      if (isFirst && partiality === 'asks one more') context.choose('what', 2)
      if (isFirst && partiality === 'fails with one') throw new Error('not you')
      if (partiality !== 'has a place for one' || isFirst) volatile.there.push(from)
      volatile.there.sort((one, other) => one - other)
      context.send(from, { kind: 'welcome' })
      if (isFirst && partiality === 'welcomes one twice') context.send(from, { kind: 'welcome' })
    },
    digest: (message) => hashPlain(message, 0),
  }
}

interface Manners {
  readonly label: string
  readonly to: ActorRef<Hello>
  readonly hellos: number
}

const guest: Behavior<{ welcome: boolean }, Manners, Welcome> = {
  kind: 'guest',
  start: (_, context) => {
    context.timer('arrive', 1)
    return { welcome: false }
  },
  receive: ({ volatile, durable: { to, hellos } }, message, context) => {
    if (message.kind === 'timer')
      for (let i = 0; i < hellos; i++) context.send(to, { kind: 'hello', from: context.self as unknown as ActorRef<Welcome> })
    if (message.kind !== 'welcome') return
    volatile.welcome = true
    context.record?.({ kind: 'welcome', guest: context.self })
  },
  digest: (message) => hashPlain(message, 0),
}

interface Party {
  readonly guests: number
  readonly partiality?: Partiality
  /** How often the last guest says hello; once if it says nothing. */
  readonly hellos?: number
}

const names = (guests: number): string[] => Array.from({ length: guests }, (_, i) => `guest-${String(i)}`)

function party({ guests, partiality = 'none', hellos = 1 }: Party): (options: WorldOptions) => World {
  return (options) => {
    const world = new World(options)
    const house = world.process('house')
    const to = world.add(house, host(partiality), 'host', null)
    const processes = names(guests).map((name) => world.process(name))
    processes.forEach((process, i) => {
      world.add(process, guest, `guest ${String(i)}`, { label: `number ${String(i)}`, to, hellos: i === guests - 1 ? hellos : 1 })
    })
    for (const process of [house, ...processes]) world.start(process)
    return world
  }
}

/** Remembers who was welcomed, in order of address. */
function welcomed(isWrong: (guests: readonly number[]) => boolean = () => false): Fold<{ readonly guests: number[] }> {
  return {
    init: () => ({ guests: [] }),
    step: ({ guests }, fact) => {
      if (fact.kind !== 'welcome' || !('guest' in fact)) return
      guests.push(Number(fact.guest))
      guests.sort((one, other) => one - other)
    },
    verdict: ({ guests }) => (isWrong(guests) ? 'the wrong guests' : undefined),
    sometimes: [{ name: 'the last guest alone', holds: ({ guests }) => guests.join() === '2' }],
    outcome: ({ guests }) => guests.join(),
  }
}

function exploration(
  set: Party,
  more: Partial<Exploration<{ readonly guests: number[] }>> = {},
): Exploration<{ readonly guests: number[] }> {
  return { build: party(set), fold: welcomed(), interchangeable: names(set.guests), ...more }
}

const symmetry: WorldLimits = { symmetry: true }

/** Ways to choose so many of several, where each may be chosen again. */
function multisets(of: number, chosen: number): number {
  return chosen === 0 ? 1 : (multisets(of, chosen - 1) * (of + chosen - 1)) / chosen
}

describe('processes that are interchangeable', () => {
  const each = exploreWorld(exploration({ guests: 1 })).distinct

  it.each([2, 3, 4])('have a state for each multiset of what they do: %i guests that do not hear of one another', (guests) => {
    const whole = exploreWorld(exploration({ guests }))
    const reduced = exploreWorld(exploration({ guests }), symmetry)
    expect(whole.distinct).toBe(each ** guests)
    expect(reduced).toMatchObject({
      distinct: multisets(each, guests),
      depth: whole.depth,
      terminals: 1,
      exhausted: true,
      bound: undefined,
    })
  })

  it('have as many by content, and with other fingerprints', () => {
    const { distinct, generated } = exploreWorld(exploration({ guests: 3 }), symmetry)
    for (const identity of [{ exact: true }, { seed: 17 }])
      expect(exploreWorld(exploration({ guests: 3 }), { ...symmetry, ...identity })).toMatchObject({ distinct, generated })
  })

  it('keep all outcomes and all that is seen, also of the images that were left out', () => {
    const set = exploration({ guests: 2 }, { budgets: { crashes: 1 }, mayCrash: (process) => process !== 'house' })
    const whole = exploreWorld(set)
    const reduced = exploreWorld(set, symmetry)
    expect(reduced.distinct).toBeLessThan(0.6 * whole.distinct)
    expect(reduced.outcomes).toEqual(whole.outcomes)
    expect(whole.outcomes).toEqual(['1,1,2', '1,2', '1,2,2'])
    expect([reduced.sometimes, reduced.exhausted]).toEqual([whole.sometimes, true])
  })

  it('lead to what is wrong as soon as without', () => {
    const set = exploration({ guests: 3 }, { fold: welcomed((guests) => guests.length === 2) })
    const [whole, reduced] = [exploreWorld(set).violation, exploreWorld(set, symmetry).violation]
    expect(reduced?.reason).toBe('the wrong guests')
    expect(reduced?.path.length).toBe(whole?.path.length)
  })

  it('are all the same where there is one', () => {
    expect(exploreWorld(exploration({ guests: 1 }), symmetry).distinct).toBe(each)
  })
})

describe('processes that are not', () => {
  const refused = (set: Party, more: Partial<Exploration<{ readonly guests: number[] }>> = {}): string => {
    const { bound = '', exhausted, violation } = exploreWorld(exploration(set, more), symmetry)
    expect([exhausted, violation]).toEqual([false, undefined])
    return bound
  }

  it.each([
    ['welcomes one twice', /^no symmetry: host on \{"kind":"hello","from":[12]\}: (.* has no image|the image does more)$/],
    ['asks one more', /^no symmetry: host on .*: the questions are not the same$/],
    ['has a place for one', /^no symmetry: /],
  ] as const)('are found out by the steps of others: the host %s', (partiality, reason) => {
    expect(refused({ guests: 2, partiality })).toMatch(reason)
  })

  it('are found out by a step that fails for an image only', () => {
    const { violation, bound } = exploreWorld(exploration({ guests: 2, partiality: 'fails with one' }), symmetry)
    expect(violation?.reason ?? bound).toMatch(/not you/)
  })

  it('are no worse for a step that fails for all: that is what is told', () => {
    expect(exploreWorld(exploration({ guests: 2, partiality: 'fails' }), symmetry).violation?.reason).toMatch(/the step failed: .*nobody/)
  })

  it('are found out by their own steps', () => {
    expect(refused({ guests: 2, hellos: 2 })).toMatch(/^no symmetry: guest [01] on .*: (.* has no image|the image does more)$/)
  })

  it('are found out by who judges them', () => {
    const fold = welcomed((guests) => guests.join() === '2')
    const { violation, bound } = exploreWorld(exploration({ guests: 2 }, { fold }), symmetry)
    expect(violation?.reason ?? bound).toMatch(/the wrong guests/)
  })

  it('are found out by the steps from images: what must not wait does so for one only', () => {
    expect(refused({ guests: 2 }, { eager: ({ from }) => from === 1 })).toMatch(/lead elsewhere/)
  })

  it('are found out by the steps from images: only one may crash', () => {
    const crashes = { budgets: { crashes: 1 }, mayCrash: (process: string) => process === 'guest-0' }
    expect(refused({ guests: 2 }, crashes)).toMatch(/^no symmetry: /)
  })

  it('are found out where not as much is set up in them', () => {
    expect(refused({ guests: 2 }, { interchangeable: ['house', 'guest-1'] })).toMatch(/^no symmetry: /)
  })
})

describe('symmetry is refused', () => {
  const refusal = (limits: WorldLimits, more: Partial<Exploration<{ readonly guests: number[] }>> = {}) => {
    return () => exploreWorld(exploration({ guests: 2 }, more), { ...symmetry, ...limits })
  }

  it('beside what chooses by order, with liveness, and where every step is run', () => {
    expect(refusal({ ample: true })).toThrow('no symmetry beside them')
    expect(refusal({ lateWords: true })).toThrow('no symmetry beside them')
    expect(refusal({ liveness: true })).toThrow('whether every way ends')
    expect(refusal({ remember: false })).toThrow('remembered steps')
    expect(refusal({}, { inspect: () => undefined })).toThrow('symmetry leave out states')
  })

  it('where nobody is called that', () => {
    expect(refusal({}, { interchangeable: ['nobody'] })).toThrow('there is no process nobody')
  })
})
