import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import type { Outcome } from '../../world/index.js'

const HOPS_US = 12 * HOP_US
const INTERVAL_US = 100_000

/** A job with completed checkpoints 1 and 2, both retained. */
function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  const jobManager = new JobManagerBench({
    parallelism: [1, 1],
    edges: [{ from: 0, to: 1, ship: 'FORWARD' }],
    checkpointing: { numRetained: 2 },
    ...options,
  })
  for (const checkpoint of [1, 2]) {
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(checkpoint)
    jobManager.run(HOPS_US)
  }
  expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
  return jobManager
}

/** The JobManager dies and starts again; these are the outcomes of what it asks then. */
function restart(jobManager: JobManagerBench, outcomes: Readonly<Record<string, Outcome[]>> = {}): void {
  jobManager.crash(jobManager.jobManagerProcess)
  jobManager.run(HOPS_US)
  for (const [call, list] of Object.entries(outcomes)) jobManager.outcomes.set(call, list)
  jobManager.restart(jobManager.jobManagerProcess)
}

function restored(jobManager: JobManagerBench): (number | undefined)[] {
  return jobManager.deployed.slice(2).map(({ restore }) => restore)
}

describe('a JobManager that starts again', () => {
  it('goes on from the newest checkpoint in the store, with attempts and ids of its own', () => {
    const jobManager = bench()
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([2, 2])
    expect(jobManager.current().map(({ attempt }) => attempt)).toEqual([1000, 1000])
    jobManager.run(INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered').at(-1)).toBeGreaterThan(2)
    expect(new Set(jobManager.checkpoints('checkpoint-triggered')).size).toBe(jobManager.checkpoints('checkpoint-triggered').length)
  })

  it('asks the store until it answers, and does not start without it', () => {
    const jobManager = bench()
    restart(jobManager, { 'store.load': ['failed', 'unknown-lost', 'unknown-applied'] })
    jobManager.run(30_000)
    expect(restored(jobManager)).toEqual([])
    expect(jobManager.state.status).toBe('CREATED')
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([2, 2])
  })

  it('reads a checkpoint that cannot be read again and again, and never falls back to an older one', () => {
    const jobManager = bench()
    // Both are read in each round: the older one succeeds, the newest does not.
    restart(jobManager, { 'storage.get': ['done', 'failed', 'done', 'failed', 'failed', 'done'] })
    jobManager.run(50_000)
    expect(restored(jobManager)).toEqual([])
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([2, 2])
    expect(jobManager.state.coordinator.completed.map(({ checkpoint }) => checkpoint)).toEqual([1, 2])
  })

  it('goes on from the newest checkpoint, whichever is read first', () => {
    const jobManager = bench()
    jobManager.delays.set('get', [5 * HOP_US])
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([2, 2])
    expect(jobManager.state.coordinator.completed.map(({ checkpoint }) => checkpoint)).toEqual([1, 2])
  })

  it('does not start at all while the newest checkpoint is gone', () => {
    const jobManager = bench()
    jobManager.files.delete('chk-2/_metadata')
    restart(jobManager)
    jobManager.run(5 * INTERVAL_US)
    expect(restored(jobManager)).toEqual([])
    expect(jobManager.facts('restore-chosen')).toHaveLength(1)
  })

  it('finds a checkpoint whose store answer its predecessor never got', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US)
    jobManager.outcomes.set('store.add', ['unknown-applied'])
    jobManager.acknowledgeAll(3)
    jobManager.run(HOPS_US)
    expect(jobManager.facts('checkpoint-aborted').at(-1)).toMatchObject({ checkpoint: 3 })
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([3, 3])
  })

  it('listens to nobody who means its predecessor', () => {
    const jobManager = bench()
    const old = jobManager.task(1, 0)
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    const before = jobManager.deployed.length
    jobManager.status(old, 'FAILED')
    jobManager.run(INTERVAL_US)
    expect(jobManager.deployed).toHaveLength(before)
  })

  it('has lost the job without high availability', () => {
    const jobManager = bench({ configuration: { highAvailability: false } })
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([])
    expect(jobManager.facts('job-status').at(-1)).toMatchObject({ status: 'FAILED' })
  })

  it('does not run a job again that has ended', () => {
    const jobManager = bench()
    for (const execution of jobManager.current()) jobManager.status(execution, 'FINISHED')
    jobManager.run(HOPS_US)
    expect(jobManager.facts('job-status').at(-1)).toMatchObject({ status: 'FINISHED' })
    restart(jobManager)
    jobManager.run(5 * INTERVAL_US)
    expect(restored(jobManager)).toEqual([])
    expect(jobManager.facts('job-status').filter(({ status }) => status === 'FINISHED')).toHaveLength(1)
  })

  it('waits for slots', () => {
    const jobManager = bench()
    for (const process of jobManager.taskManagerProcesses) jobManager.crash(process)
    restart(jobManager)
    jobManager.run(INTERVAL_US)
    expect(restored(jobManager)).toEqual([])
    for (const process of jobManager.taskManagerProcesses) jobManager.restart(process)
    jobManager.run(HOPS_US)
    expect(restored(jobManager)).toEqual([2, 2])
  })
})

describe('slots', () => {
  it('are spread over the TaskManagers, a subtask of each vertex in each', () => {
    const jobManager = new JobManagerBench({ parallelism: [4, 2], edges: [{ from: 0, to: 1, ship: 'HASH' }], taskManagers: 2 })
    jobManager.run(HOPS_US)
    expect(jobManager.state.executions.map((subtasks) => subtasks.map(({ location }) => location))).toEqual([
      [0, 1, 0, 1],
      [0, 1],
    ])
  })
})
