/**
 * The slice in every order, from its set-up to its end, within stated bounds. What makes the space large is that three tasks start,
 * run, snapshot, acknowledge and end side by side, each with the JobManager: hence scopes in which some messages arrive at once.
 */
import { describe, expect, it } from 'vitest'
import { exploreWorld } from '../../src/check/index.js'
import { exploreSlice, type SliceScope } from './slice-exhaustive.js'

const TIMEOUT_MS = 120_000

const smallest: SliceScope = { records: 1, triggers: 1, crashes: 0, prompt: ['JobManager', 'TaskExecutor-0'] }
const withCrash: SliceScope = { ...smallest, crashes: 1, promptCredits: true }

// Ended tasks look alike: an end does not tell what a finished task had read, or which of its timers was still to fire.
// A task ends behind its producers, and takes part in the checkpoints that it has been asked for: the last one may complete behind the one
// that ends the tasks.
describe('the slice in every order: one record, one timed checkpoint and one at the end of the data', { timeout: TIMEOUT_MS }, () => {
  it('publishes it once, and does the same in each step when it is repeated, with prompt RPCs and credits and no fault', () => {
    const result = exploreSlice({ ...smallest, promptCredits: true, checkTwice: true })
    expect(result).toMatchObject({ distinct: 2246, generated: 6072, depth: 51, terminals: 4, exhausted: true, finished: 4 })
  })

  it('publishes it once, whenever credits arrive, with prompt RPCs and no fault', () => {
    expect(exploreSlice(smallest)).toMatchObject({ distinct: 6972, terminals: 4, exhausted: true, finished: 4 })
  })

  it('publishes it once, whatever races with the RPCs of the JobManager, with prompt credits and no fault', () => {
    const result = exploreSlice({ ...smallest, prompt: ['TaskExecutor-0'], promptCredits: true })
    expect(result).toMatchObject({ distinct: 15_495, terminals: 4, exhausted: true, finished: 4 })
  })

  it('publishes it once, wherever the TaskManager crashes, with prompt RPCs and credits', () => {
    // No end is FAILED: the JobManager, which has no successor without high availability, does not die, at failpoints neither.
    // A task that has finished is not failed by the loss of its TaskManager when its consumers have finished, too: 65 states more.
    const result = exploreSlice(withCrash)
    expect(result).toMatchObject({ distinct: 9245, terminals: 31, exhausted: true, finished: 31, finishedAfterRestore: 12 })
  })

  it('has the same states as rows of numbers, with and without a crash', () => {
    const same = { finished: expect.any(Number) as number, finishedAfterRestore: expect.any(Number) as number }
    for (const scope of [{ ...smallest, promptCredits: true }, withCrash]) {
      const { distinct, generated, depth, terminals, exhausted } = exploreSlice(scope)
      expect(exploreSlice(scope, exploreWorld)).toMatchObject({ distinct, generated, depth, terminals, exhausted, ...same })
    }
  })

  it('publishes it once, whatever races with the RPCs of all, with no fault', () => {
    expect(exploreSlice({ ...smallest, prompt: [] }, exploreWorld)).toMatchObject({ distinct: 133_902, terminals: 4, exhausted: true })
  })

  it('is found to publish it twice behind a crash when the sink knows no transactions', () => {
    const { violation, exhausted } = exploreSlice({ ...withCrash, sink: 'buffered' })
    expect(exhausted).toBe(false)
    expect(violation?.reason).toBe('a record is visible twice')
    expect(violation?.path).toHaveLength(29)
  })
})
