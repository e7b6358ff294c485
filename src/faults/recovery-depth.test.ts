import { expect, it } from 'vitest'
import { RecoveryDepth, signOf } from './recovery-depth.js'

/** The depth after each of these steps; `strike` is a failure by a fault. */
function depths(steps: readonly string[]): number[] {
  const recovery = new RecoveryDepth()
  return steps.map((step) => {
    const sign = signOf(step)
    if (step === 'strike') recovery.struck()
    else if (sign !== undefined) recovery.step(sign)
    return recovery.depth
  })
}

const NOTICED = 'recovery.failure.noticed'
const CHOSEN = 'recovery.restore.chosen'
const TRIGGERED = 'checkpoint.pending.created'
const COMPLETED = 'checkpoint.store.added'

it('the first deployment is no recovery, and neither are checkpoints', () => {
  expect(depths([CHOSEN, TRIGGERED, COMPLETED, TRIGGERED])).toEqual([0, 0, 0, 0])
})

it('a recovery lasts until the job has made a checkpoint of its own and begins the next', () => {
  expect(depths(['strike', NOTICED, NOTICED, CHOSEN, TRIGGERED, COMPLETED, TRIGGERED])).toEqual([1, 1, 1, 1, 1, 1, 0])
  expect(depths([NOTICED, CHOSEN, COMPLETED, NOTICED])).toEqual([1, 1, 1, 2])
})

it('a failure in it begins a deeper one; what fails along with another failure is none of its own', () => {
  expect(depths(['strike', 'strike', NOTICED, CHOSEN, NOTICED, CHOSEN])).toEqual([1, 2, 2, 2, 2, 2])
  expect(depths(['strike', NOTICED, CHOSEN, 'strike', NOTICED, CHOSEN, COMPLETED, TRIGGERED, NOTICED])).toEqual([1, 1, 1, 2, 2, 2, 2, 0, 1])
})

it('a fork goes its own way', () => {
  const recovery = new RecoveryDepth()
  recovery.struck()
  const fork = recovery.fork()
  fork.struck()
  expect([recovery.depth, fork.depth]).toEqual([1, 2])
})
