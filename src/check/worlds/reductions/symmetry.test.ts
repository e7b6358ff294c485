/** Of states that differ only in which process does what, one is explored; and who is not interchangeable is found out. */
import { describe, expect, it } from 'vitest'
import { hashPlain, World, type ActorRef, type Behavior, type WorldOptions } from '../../../world/index.js'
import { agreement, twoPhaseCommit, type Mistake, type Outcomes } from '../../../../test/world/two-phase-commit.js'
import { expectSame } from '../../../../test/world/explored-pair.js'
import { exploreBreadthFirst, exploreWorld, type Exploration, type Fold, type WorldLimits } from '../../index.js'

interface Hello {
  readonly kind: 'hello'
  readonly from: ActorRef<Welcome>
}

interface Welcome {
  readonly kind: 'welcome'
}

/** How the host tells the favourite among its guests apart. */
type Partiality = 'none' | 'fails' | 'welcomes one twice' | 'asks one more' | 'fails with one' | 'has a place for one' | 'counts one twice'

interface House {
  readonly there: number[]
  heads: number
}

/** Welcomes everybody who says hello, knows who is there, and minds when somebody goes. */
function host(partiality: Partiality, favourite: number, watched: number): Behavior<House, null, Hello> {
  return {
    kind: 'host',
    start: (_, context) => {
      if (watched > 0) context.watch(watched as ActorRef<never>, 0)
      return { there: [], heads: 0 }
    },
    receive: ({ volatile }, message, context) => {
      if (message.kind === 'peer-down') volatile.there.splice(0, Infinity, ...volatile.there.filter((guest) => guest !== message.peer))
      if (message.kind !== 'hello') return
      const { from } = message
      const isFavourite = from === favourite
      if (partiality === 'fails') throw new Error('nobody')
      if (isFavourite && partiality === 'asks one more') context.choose('what', 2)
      if (isFavourite && partiality === 'fails with one') throw new Error('not you')
      if (partiality !== 'has a place for one' || isFavourite) volatile.there.push(from)
      volatile.there.sort((one, other) => one - other)
      if (partiality === 'counts one twice') {
        volatile.heads += isFavourite ? 2 : 1
        volatile.there.length = 0
      }
      context.watch(from, 0)
      context.monitor(from, 0, { intervalUs: 10, timeoutUs: 30, asks: true })
      context.send(from, { kind: 'welcome' })
      if (isFavourite && partiality === 'welcomes one twice') context.send(from, { kind: 'welcome' })
    },
    digest: (message) => hashPlain(message, 0),
  }
}

interface Manners {
  readonly label: string
  readonly to: ActorRef<Hello>
  readonly hellos: number
  /** How often it sleeps before it arrives. */
  readonly naps: number
  /** Brings a companion, who leaves when the guest is welcomed. */
  readonly companion: boolean
  /** Who dances when welcomed, by address. */
  readonly dancer: number
}

const companion: Behavior<null, null, never> = { kind: 'companion', start: () => null, receive: () => undefined, digest: () => 0 }

interface Visit {
  naps: number
  welcome: boolean
  companion: ActorRef<never> | null
}

const guest: Behavior<Visit, Manners, Welcome> = {
  kind: 'guest',
  start: (_, context) => {
    context.timer('arrive', 1)
    return { naps: 0, welcome: false, companion: null }
  },
  receive: ({ volatile, durable: { to, hellos, naps, companion: brings, dancer } }, message, context) => {
    const self = context.self as unknown as ActorRef<Welcome>
    if (message.kind === 'timer' && message.name === 'arrive') {
      if (volatile.naps < naps) {
        volatile.naps++
        context.timer('arrive', 1)
        return
      }
      context.reach('arriving')
      if (brings) volatile.companion = context.spawn(companion, 'companion', null)
      for (let i = 0; i < hellos; i++) context.send(to, { kind: 'hello', from: self })
    }
    if (message.kind !== 'welcome') return
    volatile.welcome = true
    if (volatile.companion !== null) context.stop(volatile.companion)
    volatile.companion = null
    if (context.self === dancer) context.timer('dance', 1)
    context.record?.({ kind: 'welcome', guest: context.self })
  },
  digest: (message) => hashPlain(message, 0),
}

interface Party {
  readonly guests: number
  readonly partiality?: Partiality
  /** Its address: that of the host is 0. */
  readonly favourite?: number
  /** How often the last guest says hello; once if it says nothing. */
  readonly hellos?: number
  readonly naps?: number
  readonly companion?: boolean
  readonly dancer?: number
  /** Of whose end the host wants to know from the start. */
  readonly watched?: number
  /** Has rooms in which nobody is, of which one is open. */
  readonly rooms?: boolean
  /** The first guest comes with another one. */
  readonly pair?: boolean
}

const names = (guests: number): string[] => Array.from({ length: guests }, (_, i) => `guest-${String(i)}`)

function party(set: Party): (options: WorldOptions) => World {
  const { guests, partiality = 'none', favourite = 1, hellos = 1, naps = 0, companion: brings = false, dancer = 0 } = set
  const { watched = 0, rooms = false, pair = false } = set
  return (options) => {
    const world = new World(options)
    const house = world.process('house')
    const to = world.add(house, host(partiality, favourite, watched), 'host', null)
    const processes = names(guests).map((name) => world.process(name))
    processes.forEach((process, i) => {
      const manners = { to, hellos: i === guests - 1 ? hellos : 1, naps, companion: brings, dancer }
      world.add(process, guest, `guest ${String(i)}`, { label: `number ${String(i)}`, ...manners })
    })
    const [first] = processes
    if (pair && first !== undefined) world.add(first, companion, 'another', null)
    for (const process of [...processes, house, ...(rooms ? [world.process('attic'), world.process('cellar')].slice(1) : [])])
      world.start(process)
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

  it.each([
    ['bring companions, who leave', { companion: true }, {}],
    ['are taken for dead although they live', {}, { suspicions: 1 }],
    ['lose the connection to each other', {}, { disconnects: 1 }],
  ] as const)('keep all outcomes where they %s', (_, set, budgets) => {
    const one = exploration({ guests: 2, ...set }, { budgets })
    const [whole, reduced] = [exploreWorld(one), exploreWorld(one, symmetry)]
    expect(reduced).toMatchObject({ exhausted: true, depth: whole.depth, outcomes: whole.outcomes, sometimes: whole.sometimes })
    expect(reduced.distinct).toBeLessThan(0.6 * whole.distinct)
    expectSame(whole, exploreBreadthFirst(one))
    expect(exploreWorld(one, { ...symmetry, exact: true })).toMatchObject({ distinct: reduced.distinct, generated: reduced.generated })
  })

  it('lead to what is wrong as soon as without', () => {
    const set = exploration({ guests: 3 }, { fold: welcomed((guests) => guests.length === 3) })
    const [whole, reduced] = [exploreWorld(set), exploreWorld(set, symmetry)]
    expect(reduced.violation?.reason).toBe('the wrong guests')
    expect(reduced.violation?.path.length).toBe(whole.violation?.path.length)
    // What is wrong has no outcome.
    expect([whole.outcomes, reduced.outcomes]).toEqual([[], []])
  })

  it('are all the same where there is one', () => {
    expect(exploreWorld(exploration({ guests: 1 }), symmetry).distinct).toBe(each)
  })
})

describe('two-phase commit as a world', () => {
  const among = (participants: number, crashes: number, mistake?: Mistake): Exploration<Outcomes> => ({
    build: (options) => twoPhaseCommit(options, participants, mistake),
    budgets: { crashes },
    fold: agreement(participants),
    interchangeable: Array.from({ length: participants }, (_, i) => `participant ${String(i)}`),
  })

  // 1838 states and 56 of them that are their own images make 947 orbits of two.
  it.each([
    [2, 1, 1838, 947],
    [2, 2, 10_842, 5515],
    [3, 1, 28_508, 5398],
  ] as const)('has an orbit for about each n! states: %i participants, %i crashes, %i states', (participants, crashes, states, orbits) => {
    const [whole, reduced] = [exploreWorld(among(participants, crashes)), exploreWorld(among(participants, crashes), symmetry)]
    expect(whole.distinct).toBe(states)
    expect(reduced).toMatchObject({ distinct: orbits, exhausted: true, depth: whole.depth })
  })

  it.each(['sends-before-it-writes', 'aborts-alone-on-restart'] as const)('shows %s by a way as short', (mistake) => {
    const [whole, reduced] = [exploreWorld(among(3, 1, mistake)), exploreWorld(among(3, 1, mistake), symmetry)]
    expect(whole.violation).toBeDefined()
    expect(reduced.violation?.path.length).toBe(whole.violation?.path.length)
  })
})

describe('processes that are not', () => {
  const refused = (set: Party, more: Partial<Exploration<{ readonly guests: number[] }>> = {}): string => {
    const { bound = '', exhausted, violation } = exploreWorld(exploration(set, more), symmetry)
    expect([exhausted, violation]).toEqual([false, undefined])
    return bound
  }

  // So late that no step from an image is looked at any more: what an image does is known by then.
  const late = { guests: 2, naps: 20 }

  it.each([
    ['welcomes one twice', 1, /^no symmetry: host on \{"kind":"hello","from":1\}: .* has no image$/],
    ['welcomes one twice', 2, /^no symmetry: host on \{"kind":"hello","from":1\}: the image does more$/],
    ['asks one more', 1, /^no symmetry: host on .*: the questions are not the same$/],
    ['fails with one', 2, /^no symmetry: host on \{"kind":"hello","from":1\}: .*not you$/],
    ['has a place for one', 1, /^no symmetry: host does not stand for host alone$/],
  ] as const)('are found out by the steps of others: the host %s (%i)', (partiality, favourite, reason) => {
    expect(refused({ ...late, partiality, favourite })).toMatch(reason)
  })

  it('are found out by what others remember of them', () => {
    expect(refused({ guests: 3, naps: 8, partiality: 'counts one twice' })).toBe('no symmetry: host does not stand for host alone')
  })

  it('are no worse for a step that fails for all: that is what is told', () => {
    expect(exploreWorld(exploration({ guests: 2, partiality: 'fails' }), symmetry).violation?.reason).toMatch(/the step failed: .*nobody/)
  })

  it('are found out by their own steps', () => {
    expect(refused({ ...late, hellos: 2 })).toMatch(/^no symmetry: guest [01] on .*: the image does more$/)
  })

  it('are found out by their timers', () => {
    expect(refused({ ...late, dancer: 2 })).toMatch(/^no symmetry: guest [01] has other timers than guest [01]$/)
  })

  it.each([
    ['one is awaited', { watched: 1 }, 'no symmetry: links differ as the world is set up'],
    ['one comes with somebody', { pair: true }, 'no symmetry: processes are set up with different actors'],
  ] as const)('are found out as the world is set up: %s', (_, set, reason) => {
    expect(refused({ guests: 2, ...set })).toBe(reason)
  })

  it('are found out where one is not there', () => {
    const bound = refused({ guests: 2, rooms: true }, { interchangeable: ['attic', 'cellar'] })
    expect(bound).toBe('no symmetry: processes differ as the world is set up')
  })

  it('are found out by who judges them', () => {
    const fold = welcomed((guests) => guests.join() === '2')
    const { violation, bound } = exploreWorld(exploration({ guests: 2 }, { fold }), symmetry)
    expect(violation?.reason ?? bound).toMatch(/^(no symmetry: only in an image of a state: )?the wrong guests$/)
  })
})

describe('symmetry is refused', () => {
  const refusal = (limits: WorldLimits, more: Partial<Exploration<{ readonly guests: number[] }>> = {}) => {
    return () => exploreWorld(exploration({ guests: 2 }, more), { ...symmetry, ...limits })
  }

  it('beside what chooses by order, with liveness, and where every step is run', () => {
    for (const limits of [{ ample: true }, { lateWords: true }, { ample: true, lateWords: true }])
      expect(refusal(limits)).toThrow('no symmetry beside them')
    expect(refusal({}, { atomicRestart: true })).toThrow('no symmetry beside them')
    expect(refusal({ liveness: true })).toThrow('whether every way ends')
    expect(refusal({ remember: false })).toThrow('remembered steps')
    expect(refusal({}, { inspect: () => undefined })).toThrow('images leave out states')
  })

  it('where there are too many orders of them', () => {
    expect(() => exploreWorld(exploration({ guests: 6 }), symmetry)).toThrow('symmetry of 6 processes; up to 5 can be interchangeable')
  })

  it('where one is named twice', () => {
    expect(refusal({}, { interchangeable: ['guest-0', 'guest-0'] })).toThrow('symmetry of guest-0, guest-0: each of them once')
  })

  it('where nobody is called that', () => {
    expect(refusal({}, { interchangeable: ['nobody'] })).toThrow('there is no process nobody')
  })
})
