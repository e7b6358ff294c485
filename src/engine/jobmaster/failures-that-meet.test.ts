import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import type { RestartConfiguration } from '../configuration.js'

const DELAY_US = 20_000
const HOPS_US = 10 * HOP_US
const FIXED: RestartConfiguration = { type: 'fixed-delay', attempts: 3, delayUs: DELAY_US }

/** Two sources with a consumer each. */
function bench({ configuration, ...options }: Partial<BenchOptions>): JobManagerBench {
  const edges = [{ from: 0, to: 1, ship: 'FORWARD' }] as const
  const jobManager = new JobManagerBench({ parallelism: [2, 2], edges, ...options, configuration: { restart: FIXED, ...configuration } })
  jobManager.run(HOPS_US)
  return jobManager
}

describe('failures that meet', () => {
  it('are one more with the exponential delay, once the planned restart is due', () => {
    const exponential: RestartConfiguration = {
      type: 'exponential-delay',
      initialBackoffUs: DELAY_US,
      maxBackoffUs: DELAY_US,
      multiplierPercent: 100,
      resetThresholdUs: 1_000_000,
      jitterPercent: 0,
      attempts: 9,
    }
    const jobManager = bench({ unending: true, configuration: { restart: exponential } })
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.state.failover).toMatchObject({ delayOver: true })
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    for (const subtask of [0, 1]) jobManager.status(jobManager.task(1, subtask), 'CANCELED')
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.state.restarts).toBe(2)
    expect(jobManager.deployed).toHaveLength(8)
  })

  it('of a checkpoint and of the task that declined it are one, also when its successor runs already', () => {
    const jobManager = bench({ checkpointing: { tolerableFailed: 0 }, configuration: { failover: 'full' } })
    jobManager.run(100_000)
    jobManager.delays.set('fail-globally', [5 * DELAY_US])
    jobManager.decline(jobManager.task(0, 0), 1)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(10 * DELAY_US)
    expect(jobManager.checkpoints('checkpoint-aborted')[0]).toBe(1)
    expect(jobManager.state.restarts).toBe(1)
    expect(jobManager.deployed).toHaveLength(8)
  })
})
