/**
 * Ample sets leave out states, and no end: on small worlds made at random, with and without crashes, and on worlds that race on purpose.
 */
import { describe, expect, it } from 'vitest'
import { noteTaker, friends, note, type Script } from '../../../world/fixtures/note-taker.js'
import { actorRef, hashPlain, mix, World, type Behavior, type Context, type Lane, type WorldOptions } from '../../../world/index.js'
import { agreement, twoPhaseCommit } from '../../../../test/world/two-phase-commit.js'
import { sends } from '../../../../test/world/explored-pair.js'
import { exploreWorld, type Exploration, type Fold, type WorldResult } from '../../index.js'

/** Explores it with and without ample sets: the ends are the same. Returns how many states there were, with and without. */
function expectSameEnds<F>(exploration: Exploration<F>): { readonly ample: WorldResult; readonly all: WorldResult } {
  const all = exploreWorld(exploration)
  const ample = exploreWorld(exploration, { ample: true })
  expect(all.exhausted || all.violation !== undefined).toBe(true)
  const { exhausted, outcomes, sometimes } = all
  expect(ample.violation?.reason).toBe(all.violation?.reason)
  if (all.violation === undefined) expect(ample).toMatchObject({ exhausted, terminals: all.terminals, outcomes, sometimes })
  expect(ample.distinct).toBeLessThanOrEqual(all.distinct)
  return { ample, all }
}

interface Rumour {
  readonly kind: 'rumour'
  readonly from: number
  /** It is passed on so often. */
  readonly left: number
}

/** What an actor made at random knows. */
interface Gossip {
  readonly index: number
  readonly seed: number
  readonly others: readonly number[]
  kept: number
}

const LANES: readonly Lane[] = [0, 0, 0, 1, -1]

/** Says something else to somebody else each time, as its seed and what it has heard say; at times it writes it down, or says it aloud. */
const gossip: Behavior<{ heard: number }, Gossip, Rumour> = {
  kind: 'gossip',
  start: (known, context) => {
    if (known.index === 0) talk(known, 0, 3, context)
    else if (mix(known.seed, known.index) % 3 === 0) context.timer('tea', 10)
    return { heard: 0 }
  },
  receive: ({ volatile, durable }, message, context) => {
    const heard = message.kind === 'rumour' ? mix(message.from, message.left) : message.kind === 'timer' ? 7 : 11
    const draw = mix(mix(durable.seed, durable.index), heard) >>> 0
    // What it does depends on the order for some of what it hears.
    volatile.heard = draw % 4 === 0 ? mix(volatile.heard, heard) : (volatile.heard + heard) | 0
    if (draw % 7 === 0) durable.kept = (durable.kept + 1) | 0
    if (draw % 5 === 0) context.record?.({ kind: draw % 2 === 0 ? 'aloud' : 'murmured', who: durable.index, heard: volatile.heard })
    if (draw % 6 === 0) context.reach('gossip')
    if (message.kind === 'timer') talk(durable, draw, 2, context)
    if (message.kind === 'rumour' && message.left > 0) talk(durable, mix(draw, volatile.heard), message.left - 1, context)
  },
  digest: (message) => hashPlain(message, 0),
}

function talk({ index, seed, others }: Gossip, draw: number, left: number, context: Context): void {
  const times = 1 + ((mix(seed, draw) >>> 0) % 2)
  for (let i = 0; i < times; i++) {
    const pick = mix(mix(seed, draw), mix(index, i)) >>> 0
    const to = others[pick % others.length] ?? 0
    context.send(actorRef(gossip, to), { kind: 'rumour', from: index, left }, LANES[(pick >>> 4) % LANES.length])
  }
}

const gossips =
  (seed: number, actors: number) =>
  (options: WorldOptions): World => {
    const world = new World(options)
    const processes = [world.process('one'), world.process('two')]
    const others = Array.from({ length: actors }, (_, i) => i)
    for (const index of others) {
      const process = processes[(mix(seed, index) >>> 0) % 2] ?? processes[0]
      if (process !== undefined) world.add(process, gossip, `gossip ${String(index)}`, { index, seed, others, kept: 0 })
    }
    for (const process of processes.toReversed()) world.start(process)
    return world
  }

interface Aloud {
  said: number[]
}

/** Hears what is said aloud, in order. */
const listener: Fold<Aloud> = {
  init: () => ({ said: [] }),
  hears: ({ kind }) => kind === 'aloud',
  step: ({ said }, fact) => {
    if (fact.kind === 'aloud') said.push(hashPlain(fact, 0))
  },
  verdict: () => undefined,
  outcome: ({ said }) => said.join(),
  sometimes: [{ name: 'two said something', holds: ({ said }) => said.length >= 2 }],
}

describe('ample sets', { timeout: 120_000 }, () => {
  it.each([0, 1])('keep all ends of worlds made at random, with %i crashes, and leave out states of many', (crashes) => {
    let fewer = 0
    for (let seed = 1; seed <= 30; seed++) {
      const budgets = { crashes, timers: { tea: 1 } }
      const mayCrash = (process: string): boolean => process === 'one'
      const exploration = { build: gossips(seed, 3 + (seed % 2)), budgets, mayCrash, fold: listener, maxStates: 5_000 }
      if (exploreWorld(exploration).exhausted) {
        const { ample, all } = expectSameEnds(exploration)
        if (ample.distinct < all.distinct) fewer++
      }
    }
    expect(fewer).toBeGreaterThan(2)
  })

  it.each([0, 1, 2])('keep all ends of two-phase commit, with %i crashes', (crashes) => {
    const { init, step, verdict } = agreement(2)
    const fold = { init, step, verdict, outcome: ({ decisions }: ReturnType<typeof init>) => decisions.join() }
    expectSameEnds({ build: (options) => twoPhaseCommit(options, 2), budgets: { crashes }, fold })
    expectSameEnds({ build: (options) => twoPhaseCommit(options, 2, 'sends-before-it-writes'), budgets: { crashes }, fold })
  })

  /** Who hears from the one and the other tells in which order. */
  const race = (other: Script) => (options: WorldOptions) => {
    const world = new World(options)
    const process = world.process('all')
    const tells: Script = { onNote: (_, context, { volatile }) => context.record?.({ kind: 'order', heard: [...volatile.heard] }) }
    const to = world.add(process, noteTaker(tells), 'hears', friends())
    world.add(process, noteTaker({ onStart: sends(['at once', 0]) }), 'one', friends(to))
    world.add(process, noteTaker(other), 'other', friends(to))
    world.start(process)
    return world
  }
  const order: Fold<{ heard: string[] }> = {
    init: () => ({ heard: [] }),
    hears: () => false,
    step: () => undefined,
    verdict: () => undefined,
  }

  it('wait for a message that somebody may still send', () => {
    const later: Script = {
      onStart: (_, context) => {
        context.timer('later', 10)
      },
      onWorld: (
        _,
        context,
        {
          durable: {
            friends: [to],
          },
        },
      ) => {
        if (to !== undefined) context.send(to, note('later'))
      },
    }
    const { all } = expectSameEnds({ build: race(later), fold: order })
    expect(all.terminals).toBe(2)
  })

  it('take one way where nothing races', () => {
    const { all, ample } = expectSameEnds({
      build: race({
        onStart: (_, context) => {
          context.timer('nothing', 10)
        },
      }),
      fold: order,
    })
    expect([all.distinct, ample.distinct]).toEqual([4, 3])
  })

  it('are refused where something looks at whole worlds, and a fold that hears what it says it does not is found', () => {
    const build = race({})
    expect(() => exploreWorld({ build, inspect: () => undefined }, { ample: true })).toThrow(/ample sets leave out states/)
    const lies: Fold<{ heard: number }> = {
      ...{ init: () => ({ heard: 0 }), hears: () => false, verdict: () => undefined },
      step: (state) => {
        state.heard++
      },
    }
    const { violation } = exploreWorld({ build, fold: lies }, { ample: true })
    expect(violation?.reason).toMatch(/does not hear order, and does/)
  })
})
