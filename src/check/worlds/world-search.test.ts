import { describe, expect, it } from 'vitest'
import { agreement, twoPhaseCommit } from '../../../test/world/two-phase-commit.js'
import { expectSame } from '../../../test/world/explored-pair.js'
import { exploreBreadthFirst, exploreWorld, type Exploration, type Fold } from '../index.js'

const commit = (crashes: number): Exploration<ReturnType<ReturnType<typeof agreement>['init']>> => ({
  build: (options) => twoPhaseCommit(options, 2),
  budgets: { crashes },
  fold: agreement(2),
})

describe('a world as rows of numbers', () => {
  it.each([0, 1, 2])('has the states and steps that it has as a world, with %i crashes, steps remembered or not', (crashes) => {
    const expected = exploreBreadthFirst(commit(crashes))
    expectSame(exploreWorld(commit(crashes)), expected)
    expectSame(exploreWorld(commit(crashes), { remember: false }), expected)
  })

  it('runs a step once and remembers it', () => {
    const { hitRate } = exploreWorld(commit(2))
    expect(hitRate).toBeGreaterThan(0.98)
    expect(exploreWorld(commit(2), { remember: false }).hitRate).toBe(0)
  })

  it('tells which facts were seen in some state, and what came of the ends', () => {
    const { init, step, verdict } = agreement(2)
    const decided = (decision: string) => ({
      name: `all ${decision}`,
      holds: ({ decisions }: ReturnType<typeof init>) => decisions.every((one) => one === decision),
    })
    const sometimes = [decided('commit'), decided('abort'), decided('nothing')]
    const fold: Fold<ReturnType<typeof init>> = { init, step, verdict, sometimes, outcome: ({ decisions }) => decisions.join() }
    const result = exploreWorld({ ...commit(1), fold })
    expect(result.sometimes).toEqual([
      { name: 'all commit', seen: true },
      { name: 'all abort', seen: true },
      { name: 'all nothing', seen: false },
    ])
    expect(result.outcomes).toEqual(['abort,abort', 'commit,commit'])
  })

  it('finds what is wrong by a way that a world goes, too', () => {
    const mistaken: typeof agreement extends (n: number) => Fold<infer F> ? Exploration<F> : never = {
      ...commit(1),
      build: (options) => twoPhaseCommit(options, 2, 'sends-before-it-writes'),
    }
    const expected = exploreBreadthFirst(mistaken)
    expect(exploreWorld(mistaken).violation?.reason).toMatch(/^participants disagree/)
    expectSame(exploreWorld(mistaken), expected)
  })
})
