/**
 * A real JobManager with its storage and store, and TaskManagers whose tasks do what the test says: they run, end and answer at
 * once, but acknowledge no checkpoint unless they are told to.
 */
import { checkpointStorage, type StorageFiles } from '../../src/engine/checkpoint/checkpoint-storage.js'
import { completedCheckpointStore, emptyCheckpointStore, type StoreState } from '../../src/engine/checkpoint/completed-checkpoint-store.js'
import type { OperatorHandle } from '../../src/engine/checkpoint/state-handle.js'
import type { JobGraph } from '../../src/engine/graph/job-graph.js'
import type { JobManagerMessage, ReportedStatus } from '../../src/engine/jobmaster/job-manager-messages.js'
import type { JobManagerState } from '../../src/engine/jobmaster/job-master.js'
import { jobManagerBehavior } from '../../src/engine/jobmaster/job-manager.js'
import type { Execution, TaskExecutorMessage } from '../../src/engine/jobmaster/task-executor-messages.js'
import { RPC_LANE } from '../../src/engine/lanes.js'
import type { TaskMail } from '../../src/engine/task/task-messages.js'
import { HistoryRecorder, type HistoryEvent, type HistoryKind } from '../../src/history/index.js'
import {
  TimedDriver,
  World,
  type ActorRef,
  type Behavior,
  type Interference,
  type Outcome,
  type ProcessRef,
} from '../../src/world/index.js'
import { scriptedGraph, type ScriptedJob } from './scripted-job.js'

/** How long every message takes, µs. */
export const HOP_US = 100

/** A mail that reached a task. */
export interface Received {
  readonly to: Execution
  readonly mail: TaskMail
}

interface ScriptedTaskManager {
  readonly ordinal: number
  readonly jobManager: ActorRef<JobManagerMessage>
}

export interface BenchOptions extends ScriptedJob {
  readonly taskManagers?: number
  /** Of each TaskManager. */
  readonly slots?: number
  /** Tasks answer nothing at all when they are deployed. */
  readonly mute?: boolean
  /** Readers do not register; the test says when they do. */
  readonly lateReaders?: boolean
  /** Tasks do not end when they are cancelled; the test says when they do. */
  readonly unending?: boolean
}

export class JobManagerBench {
  readonly world: World
  readonly driver: TimedDriver
  readonly graph: JobGraph
  readonly jobManagerProcess: ProcessRef
  readonly taskManagerProcesses: ProcessRef[] = []
  readonly received: Received[] = []
  /** Attempts that were deployed, in order, with the checkpoint they restore. */
  readonly deployed: { readonly execution: Execution; readonly restore: number | undefined }[] = []
  /** How the next calls of a name end; those after are done. */
  readonly outcomes = new Map<string, Outcome[]>()
  /** How much longer the next messages of a kind take, µs. */
  readonly delays = new Map<string, number[]>()
  /** Words to TaskManagers that were given up. */
  readonly disconnected: TaskExecutorMessage[] = []
  private readonly recorder = new HistoryRecorder()
  private readonly jobManager: ActorRef<JobManagerMessage>
  private readonly storage: number
  private readonly store: number
  private readonly executors: ActorRef<TaskExecutorMessage>[] = []
  /** Where attempts run. */
  private readonly location = new Map<string, number>()

  constructor(private readonly options: BenchOptions) {
    this.graph = scriptedGraph(options)
    const interference: Interference = {
      strikes: () => false,
      fails: () => false,
      outcome: (_actor, failpoint) => this.outcomes.get(failpoint)?.shift() ?? 'done',
      transit: (_link, { kind }) => this.delays.get(kind)?.shift() ?? 0,
    }
    this.driver = new TimedDriver({ seed: 'bench', latency: () => ({ minUs: HOP_US, maxUs: HOP_US }), interference, chooser: () => 0 })
    const { take } = this.recorder
    this.world = new World({ driver: this.driver, freeze: true, ...(take && { recorder: take }) })
    const durable = this.world.process('durable')
    const storage = this.world.add(durable, checkpointStorage, 'storage', { files: new Map() })
    const store = this.world.add(durable, completedCheckpointStore, 'store', emptyCheckpointStore())
    this.storage = storage
    this.store = store
    this.jobManagerProcess = this.world.process('JobManager')
    this.jobManager = this.world.add(this.jobManagerProcess, jobManagerBehavior(this.graph), 'JobManager', { storage, store })
    for (let ordinal = 0; ordinal < (options.taskManagers ?? 1); ordinal++) {
      const process = this.world.process(`TaskManager-${ordinal}`)
      this.taskManagerProcesses.push(process)
      this.executors.push(this.world.add(process, this.taskManager(), `TaskExecutor-${ordinal}`, { ordinal, jobManager: this.jobManager }))
    }
    for (const process of [durable, this.jobManagerProcess, ...this.taskManagerProcesses]) this.world.start(process)
  }

  private taskManager(): Behavior<null, ScriptedTaskManager, TaskExecutorMessage> {
    return {
      kind: 'scripted-task-manager',
      digest: () => 0,
      start: ({ ordinal }, context) => {
        this.register(ordinal, context.incarnation)
        return null
      },
      receive: ({ durable }, message, context) => {
        if (message.kind === 'registered') context.watch(durable.jobManager, RPC_LANE)
        if (message.kind === 'peer-down') this.register(durable.ordinal, context.incarnation)
        if (message.kind === 'timer') this.register(durable.ordinal, context.incarnation)
        if (message.kind === 'disconnect-job-manager') this.disconnected.push(message)
        if (message.kind === 'submit-task') this.deploy(message.deployment, durable.ordinal)
        if (message.kind === 'to-task') this.receive(message.execution, message.mail)
      },
    }
  }

  /** Looks for the JobManager until there is one. */
  private register(ordinal: number, incarnation: number): void {
    const { slots = 8 } = this.options
    const executor = this.executors[ordinal]
    if (executor === undefined) return
    if (!this.world.isAlive(this.jobManagerProcess)) return this.world.arm(executor, 'register', 1000)
    const message = { kind: 'register-task-manager' as const, taskExecutor: executor, incarnation, ordinal, slots, registration: 0 }
    this.world.send(executor, this.jobManager, message, RPC_LANE)
  }

  private deploy({ vertex, subtask, attempt, restore }: Execution & { restore: { checkpoint: number } | null }, ordinal: number): void {
    const execution = { vertex, subtask, attempt }
    this.deployed.push({ execution, restore: restore?.checkpoint })
    this.location.set(nameOf(execution), ordinal)
    if (this.options.mute === true) return
    this.status(execution, 'RUNNING')
    if ((this.graph.vertices[vertex]?.inputs.length ?? 1) === 0 && this.options.lateReaders !== true) this.registerReader(execution)
  }

  private receive(to: Execution, mail: TaskMail): void {
    this.received.push({ to, mail })
    if (mail.kind === 'cancel' && this.options.unending !== true) this.status(to, 'CANCELED')
  }

  /** Sends a message to the JobManager from the TaskManager of an attempt. */
  send(execution: Execution, message: JobManagerMessage): void {
    this.world.send(this.executors[this.location.get(nameOf(execution)) ?? 0] ?? 0, this.jobManager, message, RPC_LANE)
  }

  /** Ordinal of the TaskManager that an attempt was deployed to. */
  placeOf(execution: Execution): number | undefined {
    return this.location.get(nameOf(execution))
  }

  status(execution: Execution, status: ReportedStatus): void {
    this.send(execution, { kind: 'task-status', execution, jobMasterId: this.jobMasterId(execution), status, cause: null })
  }

  registerReader(execution: Execution): void {
    this.send(execution, { kind: 'reader-registered', execution, jobMasterId: this.jobMasterId(execution), operator: 0, restored: false })
  }

  /** The JobManager that deployed an attempt: its attempts are numbered by the thousand. */
  private jobMasterId({ attempt }: Execution): number {
    return 1 + Math.floor(attempt / 1000)
  }

  /** A task acknowledges a checkpoint, with state files of these names. */
  acknowledge(execution: Execution, checkpoint: number, files: readonly string[] = []): void {
    const { vertex, subtask } = execution
    const handles = files.map((path): OperatorHandle => ({
      uid: `V${vertex}`,
      handle: { type: 'file', bytes: 1, path, scope: 'exclusive', lists: [], keyed: false },
    }))
    const snapshot = { vertex, subtask, handles, finished: false }
    this.send(execution, { kind: 'acknowledge', execution, jobMasterId: this.jobMasterId(execution), checkpoint, snapshot })
  }

  decline(
    execution: Execution,
    checkpoint: number,
    reason: 'CHECKPOINT_DECLINED' | 'CHECKPOINT_DECLINED_TASK_NOT_READY' | 'IO_EXCEPTION' = 'CHECKPOINT_DECLINED',
  ): void {
    this.send(execution, { kind: 'decline', execution, jobMasterId: this.jobMasterId(execution), checkpoint, reason })
  }

  /** Every task of the newest attempts acknowledges. */
  acknowledgeAll(checkpoint: number, except: readonly Execution[] = []): void {
    for (const execution of this.current()) {
      if (!except.some((other) => nameOf(other) === nameOf(execution))) this.acknowledge(execution, checkpoint)
    }
  }

  /** The newest attempt of every subtask. */
  current(): Execution[] {
    const newest = new Map<string, Execution>()
    for (const { execution } of this.deployed) newest.set(`${execution.vertex}/${execution.subtask}`, execution)
    return [...newest.values()].sort((a, b) => a.vertex - b.vertex || a.subtask - b.subtask)
  }

  task(vertex: number, subtask: number): Execution {
    const found = this.current().find((execution) => execution.vertex === vertex && execution.subtask === subtask)
    if (found === undefined) throw new RangeError(`subtask ${vertex}/${subtask} was not deployed`)
    return found
  }

  /** Steps for so long, µs. */
  run(us: number): void {
    const until = this.driver.now() + us
    while (this.driver.next(this.world, until));
    // Time goes on although nothing happens.
    if (this.driver.now() < until) this.idle(until)
  }

  private idle(until: number): void {
    const executor = this.executors[0]
    if (executor === undefined) return
    this.world.arm(executor, 'idle', until - this.driver.now())
    while (this.driver.next(this.world, until));
  }

  crash(process: ProcessRef): void {
    this.world.crash(process)
  }

  /** Nothing was heard of a TaskManager. */
  suspect({
    taskExecutor: peer,
    incarnation,
  }: {
    readonly taskExecutor: ActorRef<TaskExecutorMessage>
    readonly incarnation: number
  }): void {
    this.world.suspect({ watcher: this.jobManager, peer, incarnation, lane: RPC_LANE })
  }

  restart(process: ProcessRef): void {
    this.world.start(process)
  }

  get state(): JobManagerState {
    return (this.world.inspect(this.jobManager).state as { volatile: JobManagerState }).volatile
  }

  get files(): StorageFiles['files'] {
    return (this.world.inspect(this.storage).state as { durable: StorageFiles }).durable.files
  }

  get stored(): StoreState {
    return (this.world.inspect(this.store).state as { durable: StoreState }).durable
  }

  /** Facts of a kind, in order. */
  facts<K extends HistoryKind>(kind: K): (HistoryEvent & { readonly kind: K })[] {
    return this.recorder.events.filter((event): event is HistoryEvent & { readonly kind: K } => event.kind === kind)
  }

  /** Checkpoints of facts of a kind. */
  checkpoints(kind: 'checkpoint-triggered' | 'checkpoint-completed' | 'checkpoint-aborted'): number[] {
    return this.facts(kind).map(({ checkpoint }) => checkpoint)
  }

  /** Mails of a kind, as `vertex/subtask checkpoint`. */
  mails(kind: 'trigger-checkpoint' | 'notify-complete' | 'notify-aborted'): string[] {
    return this.received.flatMap(({ to, mail }) => (mail.kind === kind ? [`${to.vertex}/${to.subtask} ${mail.checkpoint}`] : []))
  }
}

function nameOf({ vertex, subtask, attempt }: Execution): string {
  return `${vertex}/${subtask}/${attempt}`
}
