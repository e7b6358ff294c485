import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'

const DELAY_US = 20_000
const RESTARTED_US = DELAY_US + 20 * HOP_US

/** A job of two pipelines side by side, or whatever is said, once it runs. */
function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  const jobManager = new JobManagerBench({
    parallelism: [2, 2],
    edges: [{ from: 0, to: 1, ship: 'FORWARD' }],
    taskManagers: 2,
    slots: 1,
    ...options,
    configuration: { restart: { type: 'fixed-delay', attempts: 10, delayUs: DELAY_US } },
  })
  jobManager.run(10 * HOP_US)
  return jobManager
}

/** TaskManagers of a vertex's subtasks. */
function places(jobManager: JobManagerBench, vertex: number, subtasks = 2): (number | undefined)[] {
  return Array.from({ length: subtasks }, (_, subtask) => jobManager.placeOf(jobManager.task(vertex, subtask)))
}

function lose(jobManager: JobManagerBench, taskManager: number): void {
  const process = jobManager.taskManagerProcesses[taskManager]
  if (process === undefined) throw new Error(`there is no TaskManager ${taskManager}`)
  jobManager.crash(process)
  jobManager.run(RESTARTED_US)
}

describe('slots', () => {
  it('are spread evenly, and shared by the subtasks of an index', () => {
    const jobManager = bench({ parallelism: [3, 3], slots: 2 })
    expect([places(jobManager, 0, 3), places(jobManager, 1, 3)]).toEqual([
      [0, 1, 0],
      [0, 1, 0],
    ])
  })

  it('are waited for while there are too few', () => {
    const jobManager = bench({ parallelism: [3, 3] })
    expect(jobManager.deployed).toEqual([])
    const another = bench()
    lose(another, 1)
    expect(another.deployed).toHaveLength(4)
    another.restart(another.taskManagerProcesses[1] ?? another.jobManagerProcess)
    another.run(RESTARTED_US)
    expect(another.deployed).toHaveLength(6)
  })

  it('of others that go on are not taken: a region that has lost its own finds a free one', () => {
    const jobManager = bench({ taskManagers: 3 })
    lose(jobManager, 0)
    expect(places(jobManager, 0)).toEqual([2, 1])
    expect(places(jobManager, 1)).toEqual([2, 1])
    const another = bench({ slots: 2 })
    lose(another, 1)
    expect(places(another, 1)).toEqual([0, 0])
  })

  it('are given back by what has finished', () => {
    const jobManager = bench()
    for (const vertex of [0, 1]) jobManager.status(jobManager.task(vertex, 0), 'FINISHED')
    lose(jobManager, 1)
    expect(places(jobManager, 0)).toEqual([0, 0])
    expect(jobManager.deployed).toHaveLength(6)
  })

  it('are those that were left, whoever else has ended', () => {
    for (const [index, other] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const jobManager = bench()
      for (const vertex of [0, 1]) jobManager.status(jobManager.task(vertex, other), 'FINISHED')
      jobManager.status(jobManager.task(0, index), 'FAILED')
      jobManager.run(RESTARTED_US)
      expect(places(jobManager, 0)).toEqual([0, 1])
      expect(jobManager.deployed).toHaveLength(6)
    }
    const wider = bench({ parallelism: [4, 4], slots: 2 })
    for (const index of [1, 2]) wider.status(wider.task(0, index), 'FAILED')
    wider.run(RESTARTED_US)
    expect(wider.deployed).toHaveLength(12)
    expect(places(wider, 0, 4)).toEqual([0, 1, 0, 1])
  })

  it('are shared with those of the same index that go on in another region', () => {
    const jobManager = bench({ edges: [], slots: 2 })
    jobManager.status(jobManager.task(1, 1), 'FAILED')
    jobManager.run(RESTARTED_US)
    expect(jobManager.deployed.slice(4).map(({ execution }) => execution)).toEqual([{ vertex: 1, subtask: 1, attempt: 1 }])
    expect(places(jobManager, 1)).toEqual([0, 1])
    // Also where they are not at home.
    lose(jobManager, 1)
    jobManager.restart(jobManager.taskManagerProcesses[1] ?? jobManager.jobManagerProcess)
    jobManager.run(RESTARTED_US)
    expect(jobManager.state.taskManagers).toHaveLength(2)
    jobManager.status(jobManager.task(1, 1), 'FAILED')
    jobManager.run(RESTARTED_US)
    expect(jobManager.deployed.at(-1)?.execution).toEqual({ vertex: 1, subtask: 1, attempt: 3 })
    expect([places(jobManager, 0), places(jobManager, 1)]).toEqual([
      [0, 0],
      [0, 0],
    ])
  })
})
