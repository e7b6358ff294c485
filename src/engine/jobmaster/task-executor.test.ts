import { describe, expect, it } from 'vitest'
import { eraseOperator, refOf } from '../actor-types.js'
import { passOn } from '../../../test/engine/task-bench.js'
import { scriptedGraph } from '../../../test/engine/scripted-job.js'
import { TimedDriver, World, type AnyMessage, type Behavior } from '../../world/index.js'
import { checkpointStorage } from '../checkpoint/checkpoint-storage.js'
import { RPC_LANE } from '../lanes.js'
import type { ChannelOpened } from '../network/buffer.js'
import type { InputMessage } from '../network/input-gate.js'
import type { JobConfiguration } from '../configuration.js'
import type { JobManagerMessage } from './job-manager-messages.js'
import type { Execution, RequestPartition, TaskExecutorMessage } from './task-executor-messages.js'
import { taskExecutorBehavior, type TaskExecutorState } from './task-executor.js'

/** A TaskExecutor, and a JobManager that is played. */
class ExecutorBench {
  readonly told: JobManagerMessage[] = []
  readonly opened: ChannelOpened[] = []
  readonly world: World
  private readonly driver = new TimedDriver({ seed: 'executor', latency: () => ({ minUs: 10, maxUs: 10 }) })
  private readonly jobManagerProcess
  private readonly jobManager
  private readonly executor
  private readonly storage

  constructor(configuration: Partial<JobConfiguration> = {}) {
    this.world = new World({ driver: this.driver, freeze: true })
    const player: Behavior<null, null, JobManagerMessage> = {
      kind: 'player',
      start: () => null,
      digest: () => 0,
      receive: (_state, message) => {
        const heard: AnyMessage = message
        if (heard.kind === 'channel-opened') this.opened.push(heard as ChannelOpened)
        else if (message.kind !== 'timer' && message.kind !== 'peer-down') this.told.push(message)
      },
    }
    const durable = this.world.process('durable')
    this.storage = this.world.add(durable, checkpointStorage, 'storage', { files: new Map() })
    this.jobManagerProcess = this.world.process('JobManager')
    this.jobManager = this.world.add(this.jobManagerProcess, player, 'JobManager', null)
    const graph = scriptedGraph({ parallelism: [1, 1], edges: [{ from: 0, to: 1, ship: 'FORWARD' }], configuration })
    const idle = { ...passOn, poll: () => 'nothing' as const }
    const vertices = graph.vertices.map((vertex) => ({
      ...vertex,
      operators: vertex.operators.map((operator) => ({ ...operator, code: eraseOperator(idle) })),
    }))
    const setup = { jobManager: this.jobManager, storage: this.storage, ordinal: 3, slots: 2 }
    const process = this.world.process('TaskManager')
    this.executor = this.world.add(process, taskExecutorBehavior({ ...graph, vertices }), 'TaskExecutor', setup)
    for (const one of [durable, this.jobManagerProcess, process]) this.world.start(one)
  }

  send(message: TaskExecutorMessage): void {
    this.world.send(this.jobManager, this.executor, message, RPC_LANE)
  }

  submit(execution: Execution, jobMasterId = 1, checkpoint?: number): void {
    const restore = checkpoint === undefined ? null : { checkpoint, handles: [] }
    this.send({ kind: 'submit-task', deployment: { ...execution, jobMasterId, jobManager: this.jobManager, restore, producers: [] } })
  }

  mail(execution: Execution, kind: 'cancel' | 'trigger-checkpoint', jobMasterId = 1): void {
    const mail = kind === 'cancel' ? { kind } : { kind, checkpoint: 1, options: { alignment: 'ALIGNED' as const } }
    this.send({ kind: 'to-task', execution, jobMasterId, mail })
  }

  request(producer: Execution): void {
    // The played JobManager is the consumer as well.
    const consumer = refOf<InputMessage>(this.jobManager)
    const request: RequestPartition = {
      kind: 'request-partition',
      producer,
      edge: 0,
      subpartition: 0,
      consumer,
      channel: 0,
      credit: 1,
      local: false,
    }
    this.send(request)
  }

  register(jobMasterId = 1): void {
    this.send({ kind: 'registered', jobMasterId, incarnation: 1, registration: this.state.registration })
    this.run()
  }

  /** Nothing was heard of the JobManager of this incarnation. */
  suspect(incarnation: number): void {
    this.world.suspect({ watcher: this.executor, peer: this.jobManager, incarnation, lane: RPC_LANE })
  }

  /** The JobManager dies, and another takes its place. */
  replaceJobManager(): void {
    this.world.crash(this.jobManagerProcess)
    this.told.length = 0
    this.world.start(this.jobManagerProcess)
  }

  run(us = 1_000): void {
    const until = this.driver.now() + us
    while (this.driver.next(this.world, until));
    this.world.arm(this.jobManager, 'idle', until - this.driver.now())
    while (this.driver.next(this.world, until));
  }

  /** The TaskExecutor's tasks that are alive. */
  tasks(): string[] {
    return this.world.actors.filter(({ name, alive }) => alive && name.startsWith('task/')).map(({ name }) => name)
  }

  get state(): TaskExecutorState {
    return (this.world.inspect(this.executor).state as { volatile: TaskExecutorState }).volatile
  }

  toldOf(kind: JobManagerMessage['kind']): JobManagerMessage[] {
    return this.told.filter((message) => message.kind === kind)
  }
}

const FIRST: Execution = { vertex: 0, subtask: 0, attempt: 0 }
const SECOND: Execution = { vertex: 0, subtask: 0, attempt: 1 }

/** The registration that is asked for when these times are over, µs, one after the other. */
function registrationsAfter(bench: ExecutorBench, ...timesUs: readonly number[]): readonly number[] {
  return timesUs.map((us) => {
    bench.run(us)
    return bench.state.registration
  })
}

describe('a TaskExecutor', () => {
  it('offers its slots until a JobManager takes them', () => {
    const bench = new ExecutorBench()
    bench.run(120_000)
    expect(bench.toldOf('register-task-manager').length).toBeGreaterThan(1)
    expect(bench.told[0]).toMatchObject({ ordinal: 3, slots: 2, incarnation: 1 })
    bench.register()
    const before = bench.told.length
    bench.run(200_000)
    expect(bench.told).toHaveLength(before)
  })

  it('runs what its JobManager deploys, and nothing of another', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST, 2)
    bench.run()
    expect(bench.tasks()).toEqual([])
    bench.submit(FIRST)
    bench.run()
    expect(bench.tasks()).toEqual(['task/0/0/0'])
  })

  it('passes nothing on that another JobManager sends', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    bench.mail(FIRST, 'cancel', 2)
    bench.run()
    expect(bench.tasks()).toEqual(['task/0/0/0'])
    bench.mail(FIRST, 'cancel')
    bench.run()
    expect(bench.tasks()).toEqual([])
  })

  it('answers for a task that it does not have: cancelled, not ready', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.mail(FIRST, 'cancel')
    bench.mail(FIRST, 'trigger-checkpoint')
    bench.run()
    expect(bench.toldOf('task-status').at(-1)).toMatchObject({ execution: FIRST, status: 'CANCELED' })
    expect(bench.toldOf('decline').at(-1)).toMatchObject({ execution: FIRST, reason: 'CHECKPOINT_DECLINED_TASK_NOT_READY' })
  })

  it('keeps a request for a partition until its producer is deployed (FLINK-25055)', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.request(FIRST)
    bench.run()
    expect(bench.state.waiting).toHaveLength(1)
    bench.submit(FIRST)
    bench.run()
    expect(bench.state.waiting).toEqual([])
    expect(bench.opened).toHaveLength(1)
  })

  it('drops a request for an attempt that has a successor, and keeps those for attempts still to come', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.request(FIRST)
    bench.request({ ...SECOND, attempt: 2 })
    const others: readonly Execution[] = [
      { ...FIRST, subtask: 1 },
      { ...FIRST, vertex: 1 },
    ]
    for (const other of others) bench.request(other)
    bench.submit(SECOND)
    bench.run()
    expect(bench.state.waiting.map(({ producer }) => producer)).toEqual([{ ...SECOND, attempt: 2 }, ...others])
  })

  it('ends its tasks when it loses the JobManager, and offers its slots to the next when they are gone', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    bench.request({ ...FIRST, vertex: 1 })
    bench.run()
    bench.replaceJobManager()
    bench.run()
    expect(bench.tasks()).toEqual([])
    expect(bench.state).toMatchObject({ jobMasterId: 0, tasks: [], waiting: [] })
    expect(bench.toldOf('register-task-manager')).toHaveLength(1)
  })

  it('offers no slots while a task of the old JobManager is still in them', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    bench.replaceJobManager()
    // Ten for the word that it is gone, ten for the cancellation, ten for the word that the task has ended.
    bench.run(28)
    expect(bench.toldOf('register-task-manager')).toEqual([])
    bench.run()
    expect(bench.toldOf('register-task-manager')).toHaveLength(1)
  })

  it('offers its slots to the successor of a JobManager that died behind its answer', () => {
    const bench = new ExecutorBench()
    bench.run()
    bench.send({ kind: 'registered', jobMasterId: 1, incarnation: 1, registration: 0 })
    bench.replaceJobManager()
    bench.run(120_000)
    expect(bench.state.jobMasterId).toBe(0)
    expect(bench.toldOf('register-task-manager').length).toBeGreaterThan(1)
  })

  it('does not end the tasks of a JobManager because of a late word about the one before', () => {
    const bench = new ExecutorBench()
    bench.register(2)
    bench.submit(FIRST, 2)
    bench.run()
    const word = { kind: 'peer-down', peer: 0, incarnation: 1, lane: RPC_LANE, crashed: true } as const
    bench.send(word as never)
    bench.run()
    expect(bench.tasks()).toEqual(['task/0/0/0'])
  })

  it('keeps its tasks in the order of their names, not of their arrival', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit({ vertex: 1, subtask: 0, attempt: 0 })
    bench.submit(FIRST)
    bench.run()
    expect(bench.state.tasks.map(({ execution }) => execution.vertex)).toEqual([0, 1])
  })

  it('forgets a task that has ended', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    const [known] = bench.state.tasks
    bench.send({ kind: 'task-ended', execution: FIRST, task: known?.task ?? 0 })
    bench.run()
    expect(bench.state.tasks).toEqual([])
    expect(bench.tasks()).toEqual([])
  })

  it('that hears nothing of the JobManager says so, ends its tasks and registers anew', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    bench.told.length = 0
    bench.suspect(2)
    bench.run()
    expect(bench.tasks()).toHaveLength(1) // an earlier JobManager
    bench.suspect(1)
    bench.run()
    expect(bench.tasks()).toEqual([])
    expect(bench.told.map(({ kind }) => kind)).toEqual(['disconnect-task-manager', 'task-status', 'register-task-manager'])
    expect(bench.told[0]).toMatchObject({ incarnation: 1, registration: 0 })
    expect(bench.told[2]).toMatchObject({ incarnation: 1, registration: 1 })
  })

  it('that was given up ends its tasks and registers anew, but not because of a late word', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    bench.run()
    const word = { kind: 'disconnect-job-manager', jobMasterId: 1, incarnation: 1, registration: 0 } as const
    for (const late of [{ jobMasterId: 2 }, { incarnation: 0 }, { registration: 1 }]) bench.send({ ...word, ...late })
    bench.run()
    expect(bench.tasks()).toHaveLength(1)
    bench.send(word)
    bench.run()
    expect(bench.tasks()).toEqual([])
    expect(bench.toldOf('register-task-manager').at(-1)).toMatchObject({ registration: 1 })
    // What was said to the earlier registration is not meant for this one.
    bench.send({ kind: 'registered', jobMasterId: 1, incarnation: 1, registration: 0 })
    bench.run()
    expect(bench.state.jobMasterId).toBe(0)
  })

  it('is not registered by an answer to an incarnation before it', () => {
    const bench = new ExecutorBench()
    bench.send({ kind: 'registered', jobMasterId: 1, incarnation: 0, registration: 0 })
    bench.run()
    expect(bench.state.jobMasterId).toBe(0)
  })

  it('gives a registration up that is not answered for long: the JobManager may have done so', () => {
    const bench = new ExecutorBench({ heartbeatTimeoutUs: 200_000 })
    expect(registrationsAfter(bench, 140_000, 20_000)).toEqual([0, 1])
    bench.send({ kind: 'registered', jobMasterId: 1, incarnation: 1, registration: 0 })
    bench.run()
    expect(bench.state.jobMasterId).toBe(0)
    bench.register()
    expect(bench.state.jobMasterId).toBe(1)
  })

  it('waits as long for the answer to its next registration', () => {
    expect(registrationsAfter(new ExecutorBench({ heartbeatTimeoutUs: 200_000 }), 160_000, 130_000, 30_000)).toEqual([1, 1, 2])
  })

  it('keeps copies of state until the JobManager tells what became of their checkpoints', () => {
    const bench = new ExecutorBench()
    bench.register()
    bench.submit(FIRST)
    const kept = () => bench.state.localStates.map(({ checkpoint }) => checkpoint)
    for (const checkpoint of [1, 2, 3]) bench.send({ kind: 'store-local-state', snapshot: { ...FIRST, checkpoint, operators: [] } })
    bench.run()
    expect(kept()).toEqual([1, 2, 3])
    bench.send({ kind: 'to-task', execution: FIRST, jobMasterId: 1, mail: { kind: 'notify-complete', checkpoint: 2 } })
    bench.run()
    expect(kept()).toEqual([2, 3])
    const aborted = { kind: 'notify-aborted', checkpoint: 3, latestCompleted: 2 } as const
    bench.send({ kind: 'to-task', execution: FIRST, jobMasterId: 1, mail: aborted })
    bench.run()
    expect(kept()).toEqual([2])
  })

  it('keeps of a subtask that it runs again only the copy of what that restores', () => {
    const bench = new ExecutorBench()
    bench.register()
    for (const checkpoint of [1, 2, 3]) bench.send({ kind: 'store-local-state', snapshot: { ...FIRST, checkpoint, operators: [] } })
    bench.submit(SECOND, 1, 2)
    bench.run()
    expect(bench.state.localStates.map(({ checkpoint }) => checkpoint)).toEqual([2])
  })

  it('tells who is not its JobManager that it runs no task of it', () => {
    const bench = new ExecutorBench()
    bench.register(2)
    bench.submit(FIRST, 1)
    bench.mail(FIRST, 'cancel', 1)
    bench.run()
    expect(bench.toldOf('task-status')).toMatchObject([
      { jobMasterId: 1, execution: FIRST, status: 'FAILED' },
      { jobMasterId: 1, execution: FIRST, status: 'CANCELED' },
    ])
    bench.told.length = 0
    bench.submit(SECOND, 2)
    bench.run()
    bench.told.length = 0
    bench.mail(SECOND, 'cancel', 1)
    bench.run()
    expect(bench.told).toEqual([])
  })
})
