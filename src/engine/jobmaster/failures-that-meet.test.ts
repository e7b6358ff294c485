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

/** Its first checkpoint is fully acknowledged, and cannot be stored; it takes so long, µs, until that is known. */
function cannotStore(options: Partial<BenchOptions>, us: number): JobManagerBench {
  const jobManager = bench({ ...options, checkpointing: { tolerableFailed: 0 } })
  jobManager.delays.set('put', [us])
  jobManager.outcomes.set('storage.put', ['failed'])
  jobManager.run(100_000)
  jobManager.acknowledgeAll(1)
  jobManager.run(HOPS_US)
  return jobManager
}

function statuses(jobManager: JobManagerBench): string[] {
  return jobManager.facts('job-status').map(({ status }) => status)
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

  it('are no restart where a checkpoint turns out to have failed behind the end of the job', () => {
    const jobManager = cannotStore({}, DELAY_US)
    for (const execution of jobManager.current()) jobManager.status(execution, 'FINISHED')
    jobManager.run(5 * DELAY_US)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([1])
    expect(statuses(jobManager)).toEqual(['RUNNING', 'FINISHED'])
    expect(jobManager.facts('failure')).toEqual([])
    expect(jobManager.deployed).toHaveLength(4)
  })

  it('are no restart where the job is FAILING, although the strategy would let it by now', () => {
    const restart: RestartConfiguration = { type: 'failure-rate', maxFailures: 1, intervalUs: DELAY_US, delayUs: 0 }
    const jobManager = cannotStore({ unending: true, configuration: { restart } }, 5 * DELAY_US)
    for (const subtask of [0, 1]) jobManager.status(jobManager.task(0, subtask), 'FAILED')
    jobManager.run(9 * DELAY_US)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([1])
    expect(statuses(jobManager)).toEqual(['RUNNING', 'RESTARTING', 'FAILING'])
    expect(jobManager.facts('job-status').map(({ restarts }) => restarts)).toEqual([undefined, undefined, 1])
    expect(jobManager.facts('failure')).toEqual([])
  })

  it('cancel no task again that is CANCELED already', () => {
    const jobManager = cannotStore({}, DELAY_US / 2)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US / 2)
    expect(jobManager.state.failover).toMatchObject({ global: true })
    const cancelled = jobManager.received.flatMap(({ to, mail }) => (mail.kind === 'cancel' ? [`${to.vertex}/${to.subtask}`] : []))
    // The failed one is told each time: it lets its partitions go.
    expect(cancelled).toEqual(['0/0', '1/0', '0/0', '0/1', '1/1'])
  })
})
