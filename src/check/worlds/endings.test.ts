import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { World, type Behavior, type WorldOptions } from '../../world/index.js'
import { endingsOf, type Endings } from './endings.js'
import type { Exploration } from './exploration.js'
import { StepGraph } from './step-graph.js'
import { exploreWorld } from './world-search.js'

function judged(steps: readonly (readonly number[])[], ends: readonly number[]): Endings {
  const graph = new StepGraph()
  steps.forEach((targets, state) => {
    graph.leave(ends.includes(state))
    for (const to of targets) graph.step(to)
  })
  return endingsOf(graph)
}

describe('the graph of all steps', () => {
  it('ends on every way where none leads back', () => {
    expect(judged([[]], [0])).toEqual({ endless: 0, lost: -1 })
    expect(judged([[1, 2], [3], [3, 3], []], [3])).toEqual({ endless: 0, lost: -1 })
  })

  it('may go on for ever on a circle and before it, not behind it', () => {
    expect(judged([[1], [1, 2], []], [2])).toEqual({ endless: 2, lost: -1 })
    expect(judged([[1], [2], [1, 3], [4], []], [4])).toEqual({ endless: 3, lost: -1 })
  })

  it('is lost in the nearest state from which no end can be reached', () => {
    expect(judged([[1, 2], [], [3], [2]], [1])).toEqual({ endless: 3, lost: 2 })
    expect(judged([[1], [0]], [])).toEqual({ endless: 2, lost: 0 })
  })

  it('says what walking the graph says', () => {
    const graphs = fc
      .integer({ min: 1, max: 9 })
      .chain((size) =>
        fc.tuple(
          fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
          fc.subarray(Array.from({ length: size }, (_, state) => state)),
        ),
      )
    fc.assert(
      fc.property(graphs, ([steps, marked]) => {
        const behind = steps.map((_, state) => walked(steps, state))
        const onCircle = (state: number): boolean => (steps[state] ?? []).some((to) => behind[to]?.has(state))
        const endless = behind.filter((reached) => [...reached].some(onCircle)).length
        // A state without steps is an end, whoever is marked.
        const ends = steps.flatMap((targets, state) => (targets.length === 0 || marked.includes(state) ? [state] : []))
        const lost = behind.findIndex((reached) => !ends.some((end) => reached.has(end)))
        expect(judged(steps, ends)).toEqual({ endless, lost })
      }),
    )
  })
})

/** All states that can be reached from here, with the state itself. */
function walked(steps: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const reached = new Set([from])
  for (const state of reached) for (const to of steps[state] ?? []) reached.add(to)
  return reached
}

/** It turns from one side to the other for ever, once it has begun to; until it stops, if it may. */
interface Turning {
  side: number
}

function turning(timers: readonly string[], stoppable: boolean): Exploration {
  const behavior: Behavior<null, Turning, never> = {
    kind: 'turning',
    start: (_durable, context) => {
      for (const name of timers) context.timer(name, 1)
      return null
    },
    receive: ({ durable }, message, context) => {
      if (message.kind !== 'timer') return
      if (message.name === 'stop') context.cancel('turn')
      if (message.name !== 'turn') return
      durable.side = 1 - durable.side
      if (!stoppable) context.cancel('stop')
      context.timer('turn', 1)
    },
    digest: () => 0,
  }
  const build = (options: WorldOptions): World => {
    const world = new World(options)
    const process = world.process('only')
    world.add(process, behavior, 'one', { side: 0 })
    world.start(process)
    return world
  }
  return { build }
}

describe('an exploration that keeps all steps', () => {
  it('says that every way ends', () => {
    expect(exploreWorld(turning(['once', 'stop'], true), { liveness: true })).toMatchObject({ exhausted: true, endless: 0, distinct: 4 })
    expect(exploreWorld(turning(['once'], true)).endless).toBeUndefined()
  })

  it('says from how many states a way may go on for ever, though each may still end', () => {
    const explored = exploreWorld(turning(['turn', 'stop'], true), { liveness: true })
    expect(explored).toMatchObject({ exhausted: true, endless: 2, distinct: 4, terminals: 2 })
  })

  it('shows the way to where no end can be reached any more', () => {
    const { violation, exhausted } = exploreWorld(turning(['turn', 'stop'], false), { liveness: true })
    expect(exhausted).toBe(false)
    expect(violation).toMatchObject({ reason: 'whatever happens from here on, it never comes to an end' })
    expect(violation?.path.map(({ action }) => action)).toEqual(['set up', 'one: timer turn'])
    expect(exploreWorld(turning(['turn', 'stop'], false))).toMatchObject({ exhausted: true })
  })

  it('wants to have seen all steps', () => {
    for (const more of [{ ample: true }, { lateWords: true }])
      expect(() => exploreWorld(turning(['once'], true), { liveness: true, ...more })).toThrow(/every way ends is told by all steps/)
  })
})
