import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import type { RestartConfiguration } from '../configuration.js'

const DELAY_US = 20_000
const FIXED: RestartConfiguration = { type: 'fixed-delay', attempts: 3, delayUs: DELAY_US }
const HOPS_US = 10 * HOP_US
const TWO_PIPELINES = [{ from: 0, to: 1, ship: 'FORWARD' }] as const
const SHUFFLED = [{ from: 0, to: 1, ship: 'HASH' }] as const

function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  const { configuration, ...rest } = options
  const jobManager = new JobManagerBench({
    parallelism: [2, 2],
    edges: TWO_PIPELINES,
    ...rest,
    configuration: { restart: FIXED, ...configuration },
  })
  jobManager.run(HOPS_US)
  expect(jobManager.deployed).toHaveLength(4)
  return jobManager
}

/** Attempts deployed since the first deployment, as `vertex/subtask#attempt`. */
function redeployed(jobManager: JobManagerBench): string[] {
  return jobManager.deployed.slice(4).map(({ execution }) => `${execution.vertex}/${execution.subtask}#${execution.attempt}`)
}

function cancelled(jobManager: JobManagerBench): string[] {
  return jobManager.received.flatMap(({ to, mail }) => (mail.kind === 'cancel' ? [`${to.vertex}/${to.subtask}`] : []))
}

/** Fails one task, and waits until its region has restarted. */
function restartBehindFailure(jobManager: JobManagerBench): void {
  jobManager.status(jobManager.task(0, 1), 'FAILED')
  jobManager.run(DELAY_US + 2 * HOPS_US)
}

function statuses(jobManager: JobManagerBench): string[] {
  return jobManager.facts('job-status').map(({ status }) => status)
}

describe('a task that fails', () => {
  it('restarts with its region, and the others go on', () => {
    const jobManager = bench()
    restartBehindFailure(jobManager)
    expect(redeployed(jobManager)).toEqual(['0/1#1', '1/1#1'])
    expect(cancelled(jobManager)).toEqual(['0/1', '1/1'])
  })

  it('restarts with the whole job where everything is exchanged, or where the strategy says so', () => {
    for (const options of [{ edges: SHUFFLED }, { configuration: { failover: 'full' as const } }]) {
      const jobManager = bench(options)
      jobManager.status(jobManager.task(0, 1), 'FAILED')
      jobManager.run(DELAY_US + 2 * HOPS_US)
      expect(redeployed(jobManager)).toEqual(['0/0#1', '0/1#1', '1/0#1', '1/1#1'])
    }
  })

  it('leaves the others CANCELING until they have ended', () => {
    const jobManager = bench({ edges: SHUFFLED, unending: true })
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(HOPS_US)
    const told = jobManager.facts('task-status').filter(({ status }) => status === 'CANCELING')
    expect(told.map(({ vertex, subtask, attempt }) => `${vertex}/${subtask}#${attempt}`)).toEqual(['V0/0#0', 'V1/0#0', 'V1/1#0'])
  })

  it('restarts no sooner than the delay is over', () => {
    const jobManager = bench()
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    jobManager.run(2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(2)
    expect(statuses(jobManager)).toEqual(['RUNNING', 'RESTARTING', 'RUNNING'])
  })

  it('restarts no sooner than the tasks of its region have ended', () => {
    const jobManager = bench({ unending: true })
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(5 * DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    jobManager.status(jobManager.task(1, 1), 'CANCELED')
    jobManager.run(HOPS_US)
    expect(redeployed(jobManager)).toEqual(['0/1#1', '1/1#1'])
  })

  it('has those of its region that have finished told, too, and restarts when they have let their partitions go', () => {
    const jobManager = bench({ edges: SHUFFLED, unending: true })
    jobManager.status(jobManager.task(0, 0), 'FINISHED')
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(HOPS_US)
    expect(cancelled(jobManager)).toEqual(['0/0', '0/1', '1/0', '1/1'])
    for (const subtask of [0, 1]) jobManager.status(jobManager.task(1, subtask), 'CANCELED')
    jobManager.run(5 * DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    jobManager.status(jobManager.task(0, 0), 'CANCELED')
    jobManager.run(HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
  })

  it('twice is one failure each time, and both count', () => {
    const jobManager = bench()
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    restartBehindFailure(jobManager)
    expect(redeployed(jobManager)).toHaveLength(4)
    expect(jobManager.state.restarts).toBe(2)
  })

  it('behind its end changes nothing', () => {
    const jobManager = bench()
    jobManager.status(jobManager.task(1, 1), 'FINISHED')
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(1, 1), 'CANCELED')
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toEqual([])
    expect(jobManager.state.executions[1]?.[1]?.status).toBe('FINISHED')
  })

  it('says nothing for its successor', () => {
    const jobManager = bench()
    const old = jobManager.task(0, 1)
    jobManager.status(old, 'FAILED')
    jobManager.run(DELAY_US + 2 * HOPS_US)
    jobManager.status(old, 'FAILED')
    jobManager.status(old, 'CANCELED')
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(2)
    expect(jobManager.state.executions[0]?.[1]).toMatchObject({ attempt: 1, status: 'RUNNING' })
  })
})

describe('the restart strategy', () => {
  it('gives up when its attempts are used up: everything is cancelled and the job has FAILED', () => {
    const jobManager = bench({ configuration: { restart: { ...FIXED, attempts: 1 } } })
    restartBehindFailure(jobManager)
    restartBehindFailure(jobManager)
    expect(statuses(jobManager)).toEqual(['RUNNING', 'RESTARTING', 'RUNNING', 'FAILING', 'FAILED'])
    expect(redeployed(jobManager)).toHaveLength(2)
    expect(cancelled(jobManager)).toEqual(expect.arrayContaining(['0/0', '1/0', '1/1']))
    jobManager.run(10 * DELAY_US)
    expect(redeployed(jobManager)).toHaveLength(2)
  })

  it('of the exponential delay counts once what fails before the planned restart, and does not put it off (FLIP-364)', () => {
    const exponential = { initialBackoffUs: DELAY_US, maxBackoffUs: 9 * DELAY_US, multiplierPercent: 200, resetThresholdUs: 9_000_000 }
    const jobManager = bench({
      configuration: { restart: { type: 'exponential-delay', ...exponential, jitterPercent: 0, attempts: 1 } },
    })
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US / 2)
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(DELAY_US / 2 + 2 * HOPS_US)
    expect(redeployed(jobManager)).toEqual(['0/0#1', '0/1#1', '1/0#1', '1/1#1'])
    expect(jobManager.state.restarts).toBe(1)
    // The next failure is one too many.
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(HOPS_US)
    expect(statuses(jobManager).at(-1)).toBe('FAILED')
  })

  it('none gives up at once', () => {
    const jobManager = bench({ configuration: { restart: { type: 'none' } } })
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(2 * HOPS_US)
    expect(statuses(jobManager)).toEqual(['RUNNING', 'FAILING', 'FAILED'])
  })

  it('takes no more failures once the job is FAILING', () => {
    const jobManager = bench({ configuration: { restart: { type: 'none' } } })
    for (const subtask of [0, 1]) jobManager.status(jobManager.task(0, subtask), 'FAILED')
    jobManager.run(2 * HOPS_US)
    expect(statuses(jobManager)).toEqual(['RUNNING', 'FAILING', 'FAILED'])
  })
})

describe('a TaskManager that is lost', () => {
  it('is one failure of each region that ran there, and its tasks restart when there are slots again', () => {
    const jobManager = bench({ edges: SHUFFLED, taskManagers: 1 })
    const [process] = jobManager.taskManagerProcesses
    if (process === undefined) throw new Error('there is no TaskManager')
    jobManager.crash(process)
    jobManager.run(5 * DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    expect(jobManager.state.restarts).toBe(1)
    jobManager.restart(process)
    jobManager.run(2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
  })

  it('and is back before anybody heard of it, ends the tasks of its predecessor', () => {
    const jobManager = bench({ edges: SHUFFLED })
    const [process] = jobManager.taskManagerProcesses
    if (process === undefined) throw new Error('there is no TaskManager')
    jobManager.crash(process)
    jobManager.restart(process)
    jobManager.run(DELAY_US + 3 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
    expect(jobManager.state.restarts).toBe(1)
    expect(jobManager.state.taskManagers.map(({ incarnation }) => incarnation)).toEqual([2])
  })

  it('is lost when another incarnation registers in its place, whatever has been heard of its end', () => {
    const jobManager = bench({ edges: SHUFFLED })
    const [known] = jobManager.state.taskManagers
    if (known === undefined) throw new Error('there is no TaskManager')
    const { taskExecutor, ordinal, slots } = known
    jobManager.send(jobManager.task(0, 0), { kind: 'register-task-manager', taskExecutor, incarnation: 2, ordinal, slots, registration: 0 })
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(jobManager.state.taskManagers.map(({ incarnation }) => incarnation)).toEqual([2])
    expect(redeployed(jobManager)).toHaveLength(4)
    // What the first one had offered was held up on its way.
    jobManager.send(jobManager.task(0, 0), { ...known, kind: 'register-task-manager' })
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers.map(({ incarnation }) => incarnation)).toEqual([2])
    expect(jobManager.state.status).toBe('RUNNING')
  })

  it('is lost when nothing is heard of it, told so, and taken back when it registers anew', () => {
    const jobManager = bench({ edges: SHUFFLED })
    const [known] = jobManager.state.taskManagers
    if (known === undefined) throw new Error('there is no TaskManager')
    jobManager.suspect(known)
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers).toEqual([])
    expect(jobManager.disconnected).toEqual([{ kind: 'disconnect-job-manager', jobMasterId: 1, incarnation: 1, registration: 0 }])
    expect(redeployed(jobManager)).toEqual([])
    jobManager.send(jobManager.task(0, 0), { ...known, kind: 'register-task-manager', registration: 1 })
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
  })

  it('is lost when it leaves, and when it registers anew without a word; late words of an earlier registration change nothing', () => {
    const jobManager = bench({ edges: SHUFFLED })
    const [known] = jobManager.state.taskManagers
    if (known === undefined) throw new Error('there is no TaskManager')
    const { taskExecutor, incarnation } = known
    const left = { kind: 'disconnect-task-manager', taskExecutor, incarnation } as const
    jobManager.send(jobManager.task(0, 0), { ...left, registration: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers).toHaveLength(1)
    jobManager.send(jobManager.task(0, 0), { ...known, kind: 'register-task-manager', registration: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers).toEqual([{ ...known, registration: 1 }])
    expect(jobManager.state.status).toBe('RESTARTING')
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
    jobManager.send(jobManager.task(0, 0), { ...left, registration: 0 })
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers).toHaveLength(1)
    jobManager.send(jobManager.task(0, 0), { ...left, registration: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.state.taskManagers).toEqual([])
  })

  /** Crashes the TaskManager of subtask 0 after these tasks have finished. */
  function lostBehind(finished: readonly (readonly [vertex: number, subtask: number])[], options: Partial<BenchOptions>): JobManagerBench {
    const jobManager = bench({ taskManagers: 2, ...options })
    for (const [vertex, subtask] of finished) jobManager.status(jobManager.task(vertex, subtask), 'FINISHED')
    jobManager.run(HOPS_US)
    const [process] = jobManager.taskManagerProcesses
    if (process === undefined) throw new Error('there is no TaskManager')
    jobManager.crash(process)
    jobManager.run(HOPS_US)
    return jobManager
  }

  it('leaves a region alone that has finished', () => {
    const jobManager = lostBehind(
      [
        [0, 0],
        [1, 0],
      ],
      {},
    )
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(jobManager.state.executions.map(([first]) => first?.status)).toEqual(['FINISHED', 'FINISHED'])
    expect(jobManager.state.restarts).toBe(0)
    for (const vertex of [0, 1]) jobManager.status(jobManager.task(vertex, 1), 'FINISHED')
    jobManager.run(HOPS_US)
    expect(statuses(jobManager)).toEqual(['RUNNING', 'FINISHED'])
  })

  it('fails a task that has finished, while there are consumers that have not', () => {
    const some = [
      [0, 0],
      [0, 1],
      [1, 0],
    ] as const
    const jobManager = lostBehind(some, { edges: SHUFFLED })
    // Of a finished consumer nothing is needed.
    expect(jobManager.state.restarts).toBe(1)
    expect(jobManager.state.executions[0]?.[0]?.status).toBe('FAILED')
    expect(jobManager.state.executions[1]?.[0]?.status).toBe('FINISHED')
    jobManager.restart(jobManager.taskManagerProcesses[0] as never)
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
  })

  it('holds up no later restart by a task that had finished there', () => {
    const jobManager = lostBehind(
      [
        [0, 0],
        [1, 0],
      ],
      { configuration: { failover: 'full' } },
    )
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(DELAY_US)
    jobManager.restart(jobManager.taskManagerProcesses[0] as never)
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(redeployed(jobManager)).toHaveLength(4)
  })

  it('is not lost again by a late word about its predecessor', () => {
    const jobManager = bench({ edges: SHUFFLED })
    const [process] = jobManager.taskManagerProcesses
    const [before] = jobManager.state.taskManagers
    if (process === undefined || before === undefined) throw new Error('there is no TaskManager')
    jobManager.crash(process)
    jobManager.run(HOPS_US)
    jobManager.restart(process)
    jobManager.run(DELAY_US + 2 * HOPS_US)
    const word = { kind: 'peer-down', peer: before.taskExecutor, incarnation: before.incarnation, lane: 0, crashed: true } as const
    jobManager.send(jobManager.task(0, 0), word as never)
    jobManager.run(2 * DELAY_US)
    expect(jobManager.state.taskManagers).toHaveLength(1)
    expect(redeployed(jobManager)).toHaveLength(4)
  })
})

describe('what is restored', () => {
  it('is the newest completed checkpoint, by every task that restarts', () => {
    const jobManager = bench({ edges: SHUFFLED, checkpointing: { numRetained: 3 } })
    for (const checkpoint of [1, 2]) {
      jobManager.run(100_000)
      jobManager.acknowledgeAll(checkpoint)
      jobManager.run(HOPS_US)
    }
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
    restartBehindFailure(jobManager)
    expect(jobManager.deployed.slice(4).map(({ restore }) => restore)).toEqual([2, 2, 2, 2])
  })

  it('is a checkpoint that was being stored when the task failed: the restart waits for it', () => {
    const jobManager = bench({ edges: SHUFFLED })
    jobManager.delays.set('add', [3 * DELAY_US])
    jobManager.run(100_000)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(2 * DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    jobManager.run(2 * DELAY_US)
    expect(jobManager.deployed.slice(4).map(({ restore }) => restore)).toEqual([1, 1, 1, 1])
  })

  it('is the checkpoint before one whose metadata could not be written, once that is known', () => {
    const jobManager = bench({ edges: SHUFFLED })
    jobManager.delays.set('put', [3 * DELAY_US])
    jobManager.outcomes.set('storage.put', ['failed'])
    jobManager.run(100_000)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 1), 'FAILED')
    jobManager.run(2 * DELAY_US)
    expect(redeployed(jobManager)).toEqual([])
    jobManager.run(2 * DELAY_US)
    expect(jobManager.deployed.slice(4).map(({ restore }) => restore)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('is nothing before the first checkpoint', () => {
    const jobManager = bench({ edges: SHUFFLED })
    restartBehindFailure(jobManager)
    expect(jobManager.deployed.slice(4).map(({ restore }) => restore)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('takes checkpoints again once all tasks run', () => {
    const jobManager = bench({ edges: SHUFFLED })
    restartBehindFailure(jobManager)
    jobManager.run(100_000)
    expect(jobManager.checkpoints('checkpoint-triggered').length).toBeGreaterThan(0)
  })
})

describe('a job that has ended', () => {
  it('aborts the checkpoint that is pending, and begins none', () => {
    const jobManager = bench({ edges: SHUFFLED })
    jobManager.run(100_000)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    for (const execution of jobManager.current()) jobManager.status(execution, 'FINISHED')
    jobManager.run(500_000)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([1])
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    expect(jobManager.stored.result).toBe('FINISHED')
  })
})
