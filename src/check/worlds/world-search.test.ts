import { describe, expect, it } from 'vitest'
import { expectSame, explore, heardBy, pair, sends } from '../../../test/world/explored-pair.js'
import { agreement, twoPhaseCommit } from '../../../test/world/two-phase-commit.js'
import { friends, noteTaker, type Script } from '../../world/fixtures/note-taker.js'
import { actorRef, Stream, type World } from '../../world/index.js'
import {
  exploreBreadthFirst,
  exploreWorld,
  replayPath,
  type Exploration,
  type Fold,
  type LinkEnds,
  type SavedSearch,
  type WorldLimits,
} from '../index.js'

const commit = (crashes: number): Exploration<ReturnType<ReturnType<typeof agreement>['init']>> => ({
  build: (options) => twoPhaseCommit(options, 2),
  budgets: { crashes },
  fold: agreement(2),
})

type Commit = ReturnType<typeof commit>

const mistaken: Commit = { ...commit(1), build: (options) => twoPhaseCommit(options, 2, 'sends-before-it-writes') }

/** An exploration as it was when so many states were known. */
function savedAt(exploration: Commit, distinct: number): SavedSearch {
  const saved: SavedSearch[] = []
  const goOn: WorldLimits['goOn'] = (progress, save) => {
    if (progress.distinct < distinct) return true
    saved.push(save())
    return false
  }
  exploreWorld(exploration, { goOn, askEvery: 1 })
  const [only] = saved
  if (only === undefined) throw new Error('there are not so many states')
  return structuredClone(only)
}

describe('a world as rows of numbers', () => {
  it.each([0, 1, 2])('has the states and steps that it has as a world, with %i crashes, steps remembered or not', (crashes) => {
    const expected = exploreBreadthFirst(commit(crashes))
    expectSame(exploreWorld(commit(crashes)), expected)
    expectSame(exploreWorld(commit(crashes), { remember: false }), expected)
  })

  it.each([0, 1, 2])('has the same states by content, and with other fingerprints, with %i crashes', (crashes) => {
    const expected = exploreBreadthFirst(commit(crashes))
    const exact = exploreWorld(commit(crashes), { exact: true })
    expectSame(exact, expected)
    expect(exact.collisionProbability).toBe(0)
    expectSame(exploreWorld(commit(crashes), { seed: 17 }), expected)
    expect(exploreWorld(mistaken, { exact: true }).violation).toEqual(exploreWorld(mistaken).violation)
  })

  it('goes on with the usual fingerprints only', () => {
    const resume = savedAt(commit(1), 100)
    expect(() => exploreWorld(commit(1), { resume, exact: true })).toThrow('what was saved are the usual fingerprints')
    expect(() => exploreWorld(commit(1), { resume, seed: 17 })).toThrow('what was saved are the usual fingerprints')
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

  it('goes on where it was stopped, with the same counts, at 20 places', () => {
    const { seconds: _, hitRate: _hits, visitedBytes: _bytes, ...counts } = exploreWorld(commit(1))
    const stream = new Stream('stops', 'test')
    for (let stop = 0; stop < 20; stop++) {
      const saved = savedAt(commit(1), 2 + stream.below(counts.distinct - 2))
      expect(exploreWorld(commit(1), { resume: saved })).toMatchObject(counts)
    }
  })

  it('finds after a stop what it would have found, by the same way', () => {
    const { violation } = exploreWorld(mistaken)
    expect(exploreWorld(mistaken, { resume: savedAt(mistaken, 100) }).violation).toEqual(violation)
  })

  it('does not go on with what was saved by another exploration', () => {
    expect(() => exploreWorld(commit(1), { resume: savedAt(commit(2), 5000) })).toThrow(/another exploration/)
  })

  it('is not done when a bound was hit, and names it', () => {
    expect(exploreWorld(commit(2), { maxStates: 100 })).toMatchObject({ exhausted: false, bound: 'states', distinct: 100 })
    expect(exploreWorld(commit(2), { maxBytes: 1 })).toMatchObject({ exhausted: false, bound: 'memory' })
    expect(exploreWorld(commit(2), { goOn: () => false })).toMatchObject({ exhausted: false, bound: 'stopped' })
    expect(exploreWorld(commit(1))).toMatchObject({ exhausted: true, bound: undefined })
  })

  it('names a step that does not end', () => {
    const endless: Script = {
      onNote: () => {
        for (;;);
      },
    }
    const exploration = { build: pair({ onStart: sends(['a', 0]) }, endless) }
    const { violation, exhausted } = exploreWorld(exploration, { maxStepSeconds: 0.2 })
    expect(exhausted).toBe(false)
    expect(violation?.reason).toBe('a step was still running after 0.2 s: sender -> receiver: {"kind":"note","word":"a"}')
    expect(violation?.endless).toBe(true)
  })

  it('names a state with more steps than can be numbered', () => {
    const choosing: Script = {
      onNote: (_, context) => {
        context.choose('one of many', 70_000)
      },
    }
    const { violation, exhausted } = exploreWorld({ build: pair({ onStart: sends(['a', 0]) }, choosing) }, { maxStepSeconds: 60 })
    expect(exhausted).toBe(false)
    expect(violation?.reason).toBe('more steps than can be numbered (65536) from one state: sender -> receiver: {"kind":"note","word":"a"}')
    expect(violation?.path.map(({ action }) => action)).toEqual(['set up'])

    const undecided: Script = {
      onStart: (_, context) => {
        context.choose('one of many', 70_000)
      },
    }
    expect(exploreWorld({ build: pair(undecided) }, { maxStepSeconds: 60 }).violation?.reason).toBe(
      'the world may be set up in more ways than can be numbered (65536)',
    )
  })

  it('is not disturbed by what a step left undone that failed', () => {
    // The child is to be stopped, but the step does not come to its end.
    const receiver: Script = {
      onStart: (durable, context) => {
        durable.friends.push(context.spawn(noteTaker(), 'child', friends()))
      },
      onNote: ({ word }, context, { durable: { friends: others } }) => {
        if (word === 'b') for (const other of [...others, actorRef(noteTaker(), 1)]) context.stop(other)
      },
    }
    const { violation } = explore(pair({ onStart: sends(['a', 0], ['b', 0]) }, receiver))
    expect(violation?.reason).toBe('the step failed: Error: actor sender is of another process and cannot be stopped')
    expect(violation?.path.map(({ action }) => action)).toEqual([
      'set up',
      'sender -> receiver: {"kind":"note","word":"a"}',
      'sender -> receiver: {"kind":"note","word":"b"}',
    ])
  })

  it('finds what is wrong with as few faults as any that is as near', () => {
    const receiver: Script = {
      onNote: ({ word }, context, { durable }) => {
        if (word === 'a' && context.fails('here')) durable.kept.push('failed')
      },
    }
    const wrong = ['a,failed,b', 'b,a']
    const inspect = (world: World) => (wrong.includes(heardBy(world, 0).kept.join()) ? 'wrong' : undefined)
    const exploration = { build: pair({ onStart: sends(['a', 0], ['b', 1]) }, receiver), budgets: { failures: 1 }, inspect }
    const first = exploreBreadthFirst(exploration)
    expect(first.violation?.path.flatMap(({ answers }) => answers)).toEqual(['fails at here'])
    const { violation } = exploreWorld(exploration)
    expect(violation?.path).toHaveLength(first.violation?.path.length ?? 0)
    expect(violation?.path.flatMap(({ answers }) => answers)).toEqual([])
  })

  it('finds what is wrong by a way that a world goes, too', () => {
    const expected = exploreBreadthFirst(mistaken)
    expect(exploreWorld(mistaken).violation?.reason).toMatch(/^participants disagree/)
    expectSame(exploreWorld(mistaken), expected)
    for (let eager = 0; eager < 3; eager++) {
      const folded = { ...mistaken, eager: ({ to }: LinkEnds) => to === eager }
      const { violation } = exploreWorld(folded)
      expect(violation && replayPath(folded, violation.path).reason).toBe(violation?.reason)
    }
  })
})
