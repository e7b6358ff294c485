/**
 * A real task in a real TaskExecutor, whose JobManager, producers and consumers are played by the test. The task is vertex 1 of a job
 * of three: every subtask of vertex 0 feeds it, and it feeds every subtask of vertex 2.
 */
import { eraseOperator } from '../../src/engine/actor-types.js'
import { checkpointStorage, type StorageFiles } from '../../src/engine/checkpoint/checkpoint-storage.js'
import type { OperatorHandle } from '../../src/engine/checkpoint/state-handle.js'
import type { CheckpointConfiguration, JobConfiguration } from '../../src/engine/configuration.js'
import type { JobGraph, ShipStrategy } from '../../src/engine/graph/job-graph.js'
import type { JobManagerMessage } from '../../src/engine/jobmaster/job-manager-messages.js'
import type { TaskExecutorMessage } from '../../src/engine/jobmaster/task-executor-messages.js'
import { taskExecutorBehavior } from '../../src/engine/jobmaster/task-executor.js'
import { CREDIT_LANE, MAIL_LANE, PARTITION_LANE, RPC_LANE } from '../../src/engine/lanes.js'
import { watermark, type BufferMessage, type NetworkEvent, type StreamElement } from '../../src/engine/network/buffer.js'
import type { StreamOperator } from '../../src/engine/operator.js'
import type { InputMessage } from '../../src/engine/network/input-gate.js'
import type { TaskMail, TaskMessage } from '../../src/engine/task/task-messages.js'
import type { TaskState } from '../../src/engine/task/task-state.js'
import { HistoryRecorder, type HistoryEvent, type HistoryKind } from '../../src/history/index.js'
import {
  TimedDriver,
  World,
  type ActorRef,
  type AnyMessage,
  type Behavior,
  type Chooser,
  type Outcome,
  type ProcessRef,
  type TimerFired,
} from '../../src/world/index.js'
import { scriptedGraph } from './scripted-job.js'

export interface TaskBenchOptions {
  /** Input channels; none for a source. */
  readonly producers?: number
  readonly consumers?: number
  readonly ship?: ShipStrategy
  /** The chain of the task, head first; an operator that passes records on unless told. */
  readonly operators?: readonly StreamOperator<null, never>[]
  /** Operators with keyed state, keyed by the record's value. */
  readonly keyed?: boolean
  readonly workUs?: number
  readonly configuration?: Partial<JobConfiguration>
  readonly checkpointing?: Partial<CheckpointConfiguration>
  /** Credit that each consumer begins with; plenty unless told. */
  readonly credit?: number
  readonly restore?: { readonly checkpoint: number; readonly handles: readonly OperatorHandle[] }
  /** What is drawn; absent: always the first. */
  readonly chooser?: Chooser
}

/** How long every message takes, µs. */
const HOP_US = 10

/** Passes records on. */
export const passOn: StreamOperator<null, never> = {
  open: () => null,
  process(_state, record, _input, context) {
    context.emit(record)
  },
  snapshot: () => ({ lists: [] }),
}

export class TaskBench {
  readonly world: World
  readonly driver: TimedDriver
  readonly graph: JobGraph
  /** What the JobManager was sent. */
  readonly told: JobManagerMessage[] = []
  /** What each consumer received: ids of records, and events by their kind. */
  readonly outputs: (number | string)[][]
  /** Channels whose producer was told to go on behind a barrier. */
  readonly resumed: number[] = []
  /** Credit that each producer was given. */
  readonly credit: number[]
  readonly requests: TaskExecutorMessage[] = []
  readonly outcomes = new Map<string, Outcome[]>()
  /** Named steps that fail next. */
  readonly failing = new Set<string>()
  /** Extra delay of what the storage answers, µs. */
  storageDelayUs = 0
  private readonly recorder = new HistoryRecorder()
  private readonly executor: ActorRef<TaskExecutorMessage>
  private readonly storage: number
  /** Plays the JobManager and the TaskExecutors of the producers. */
  private readonly everybody: ActorRef<JobManagerMessage | TaskExecutorMessage>
  /** Played producers are told apart by an actor of their own each. */
  private readonly producers: ActorRef<TaskMessage>[]
  private readonly consumers: ActorRef<InputMessage>[]
  readonly taskManager: ProcessRef

  constructor(private readonly options: TaskBenchOptions = {}) {
    const { producers = 2, consumers = 1 } = options
    this.graph = graphOf(options)
    this.outputs = Array.from({ length: consumers }, () => [])
    this.credit = Array.from({ length: producers }, () => 0)
    const interference = {
      strikes: () => false,
      fails: (_actor: number, failpoint: string) => this.failing.delete(failpoint),
      outcome: (_actor: number, failpoint: string) => this.outcomes.get(failpoint)?.shift() ?? 'done',
      transit: (link: { from: number }) => (link.from === this.storage ? this.storageDelayUs : 0),
    }
    this.driver = new TimedDriver({
      seed: 'task',
      latency: () => ({ minUs: HOP_US, maxUs: HOP_US }),
      interference,
      chooser: options.chooser ?? (() => 0),
    })
    const { take } = this.recorder
    this.world = new World({ driver: this.driver, freeze: true, ...(take && { recorder: take }) })
    const outside = this.world.process('outside')
    const storage = this.world.add(outside, checkpointStorage, 'storage', { files: new Map() })
    this.storage = storage
    this.everybody = this.world.add(
      outside,
      this.player((message) => this.heard(message)),
      'JobManager',
      null,
    )
    this.producers = this.credit.map((_, channel) =>
      this.world.add(
        outside,
        this.player((message) => this.heardByProducer(channel, message)),
        `producer-${channel}`,
        null,
      ),
    )
    this.consumers = this.outputs.map((_, index) =>
      this.world.add(
        outside,
        this.player((message) => this.heardByConsumer(index, message)),
        `consumer-${index}`,
        null,
      ),
    )
    this.taskManager = this.world.process('TaskManager')
    const setup = { jobManager: this.everybody, storage, ordinal: 0, slots: 1 }
    this.executor = this.world.add(this.taskManager, taskExecutorBehavior(this.graph), 'TaskExecutor', setup)
    this.world.start(outside)
    this.world.start(this.taskManager)
    this.toExecutor({ kind: 'registered', jobMasterId: 1, incarnation: 1, registration: 0 })
    this.run(2 * HOP_US)
  }

  private player<M extends AnyMessage>(heard: (message: M) => void): Behavior<null, null, M> {
    return { kind: 'player', start: () => null, digest: () => 0, receive: (_state, message) => heard(message as M) }
  }

  private heard(message: JobManagerMessage | TaskExecutorMessage | TimerFired): void {
    if (message.kind === 'request-partition') this.requests.push(message)
    else if (message.kind !== 'register-task-manager' && message.kind !== 'timer') this.told.push(message as JobManagerMessage)
  }

  private heardByProducer(channel: number, message: TaskMessage): void {
    if (message.kind === 'credit') this.credit[channel] = (this.credit[channel] ?? 0) + message.credit
    if (message.kind === 'resume') this.resumed.push(channel)
  }

  private heardByConsumer(index: number, message: InputMessage): void {
    if (message.kind !== 'buffer') return
    const { event } = message
    // A consumer has one channel only: its alignment is over at once.
    if (event?.type === 'barrier') this.send(this.consumers[index] ?? 0, { kind: 'resume', edge: 1, subpartition: index }, CREDIT_LANE)
    if (event !== null) this.outputs[index]?.push('checkpoint' in event ? `${event.type} ${event.checkpoint}` : event.type)
    else this.outputs[index]?.push(...message.elements.map(({ id, timestamp }) => (id < 0 ? `watermark ${timestamp}` : id)))
  }

  toExecutor(message: TaskExecutorMessage): void {
    this.world.send(this.everybody, this.executor, message, RPC_LANE)
  }

  /** Deploys the task and lets it ask for its channels. */
  submit(attempt = 0): this {
    const producers = this.producers.map((_, subtask) => ({
      edge: 0,
      gate: 0,
      subtask,
      attempt: 0,
      subpartition: 0,
      taskExecutor: this.everybody,
      local: false,
    }))
    const restore = this.options.restore ?? null
    const deployment = { vertex: 1, subtask: 0, attempt, jobMasterId: 1, jobManager: this.everybody, restore, producers }
    this.toExecutor({ kind: 'submit-task', deployment })
    this.run(100 * HOP_US)
    return this
  }

  /** Deploys the task and lets it run: its channels are open on both sides. */
  deploy(attempt = 0): this {
    this.submit(attempt)
    this.producers.forEach((producer, channel) => this.send(producer, { kind: 'channel-opened', channel, producer }, channel))
    this.consumers.forEach((consumer, subpartition) => {
      const open: TaskMessage = {
        kind: 'open-channel',
        edge: 1,
        subpartition,
        consumer,
        channel: 0,
        credit: this.options.credit ?? 1000,
        local: false,
      }
      this.send(this.everybody, open, MAIL_LANE)
    })
    this.run(10 * HOP_US)
    return this
  }

  private send(from: number, message: TaskMessage, lane: number): void {
    this.world.send(from, this.task, message, lane)
  }

  /** The newest task. */
  get task(): number {
    const index = this.world.actors.findLastIndex(({ name }) => name.startsWith('task/'))
    if (index < 0) throw new RangeError('no task was deployed')
    return index
  }

  get state(): TaskState {
    return (this.world.inspect(this.task).state as { volatile: TaskState }).volatile
  }

  get files(): StorageFiles['files'] {
    return (this.world.inspect(this.storage).state as { durable: StorageFiles }).durable.files
  }

  /** The JobManager sends the task a mail. */
  mail(mail: TaskMail): void {
    this.toExecutor({ kind: 'to-task', execution: { vertex: 1, subtask: 0, attempt: 0 }, jobMasterId: 1, mail })
    this.run(3 * HOP_US)
  }

  /** A consumer gives credit. */
  giveCredit(index: number, credit: number): void {
    this.send(this.consumers[index] ?? 0, { kind: 'credit', edge: 1, subpartition: index, credit }, CREDIT_LANE)
    this.run(2 * HOP_US)
  }

  /** A consumer asks for its subpartition, with so much credit. */
  askFor(subpartition: number, credit: number): void {
    const consumer = this.consumers[subpartition]
    if (consumer === undefined) throw new RangeError(`there is no consumer ${subpartition}`)
    this.send(this.everybody, { kind: 'open-channel', edge: 1, subpartition, consumer, channel: 0, credit, local: false }, MAIL_LANE)
    this.run(2 * HOP_US)
  }

  private buffer(channel: number, elements: readonly StreamElement[], event: NetworkEvent | null): void {
    const message: BufferMessage = { kind: 'buffer', channel, backlog: 0, bytes: 1, elements, event }
    this.send(this.producers[channel] ?? 0, message, channel)
  }

  record(channel: number, ...ids: readonly number[]): void {
    this.buffer(
      channel,
      ids.map((id) => ({ id, value: id, timestamp: id })),
      null,
    )
  }

  watermark(channel: number, timestamp: number): void {
    this.buffer(channel, [watermark(timestamp)], null)
  }

  event(channel: number, event: NetworkEvent): void {
    this.buffer(channel, [], event)
  }

  barrier(channel: number, checkpoint: number): void {
    const alignment = this.graph.configuration.checkpointing.mode === 'EXACTLY_ONCE' ? 'ALIGNED' : 'AT_LEAST_ONCE'
    this.event(channel, { type: 'barrier', checkpoint, options: { alignment } })
  }

  trigger(checkpoint: number): void {
    this.mail({ kind: 'trigger-checkpoint', checkpoint, options: { alignment: 'ALIGNED' } })
  }

  /** Steps for so long, µs; by default until nothing moves any more but time. */
  run(us = 20_000): void {
    const until = this.driver.now() + us
    while (this.driver.next(this.world, until));
    if (this.driver.now() >= until) return
    this.world.arm(this.everybody, 'idle', until - this.driver.now())
    while (this.driver.next(this.world, until));
  }

  /** A producer is gone, and not in order. */
  loseProducer(channel: number): void {
    this.lose(this.producers[channel] ?? 0, channel)
  }

  /** The connection to a consumer breaks. */
  loseConsumer(index: number): void {
    this.lose(this.consumers[index] ?? 0, CREDIT_LANE)
  }

  /** The connection to the TaskManager of the producers breaks. */
  loseTaskManager(): void {
    this.lose(this.everybody, PARTITION_LANE)
  }

  /** Said by the world; here the peer says it of itself. */
  private lose(peer: number, lane: number): void {
    this.world.send(peer, this.task, { kind: 'peer-down', peer, incarnation: 1, lane, crashed: true } as AnyMessage, lane)
  }

  crash(): void {
    this.world.crash(this.taskManager)
  }

  /** What the JobManager was told of a kind. */
  toldOf<K extends JobManagerMessage['kind']>(kind: K): Extract<JobManagerMessage, { kind: K }>[] {
    return this.told.filter((message): message is Extract<JobManagerMessage, { kind: K }> => message.kind === kind)
  }

  statuses(): string[] {
    return this.toldOf('task-status').map(({ status }) => status)
  }

  acknowledged(): number[] {
    return this.toldOf('acknowledge').map(({ checkpoint }) => checkpoint)
  }

  declined(): string[] {
    return this.toldOf('decline').map(({ checkpoint, reason }) => `${checkpoint} ${reason}`)
  }

  facts<K extends HistoryKind>(kind: K): Extract<HistoryEvent, { kind: K }>[] {
    return this.recorder.events.filter((event): event is Extract<HistoryEvent, { kind: K }> => event.kind === kind)
  }
}

function graphOf({
  producers = 2,
  consumers = 1,
  ship = 'REBALANCE',
  operators,
  keyed,
  workUs = 100,
  configuration,
  checkpointing,
}: TaskBenchOptions): JobGraph {
  const source = producers === 0
  const graph = scriptedGraph({
    parallelism: [Math.max(1, producers), 1, consumers],
    edges: [...(source ? [] : [{ from: 0, to: 1, ship: 'HASH' as const }]), { from: 1, to: 2, ship }],
    configuration: {
      network: { segmentBytes: 1000, buffersPerChannel: 2, floatingBuffersPerGate: 2, bufferTimeoutUs: 0 },
      ...configuration,
    },
    checkpointing: { inlineThresholdBytes: 1_000_000, ...checkpointing },
  })
  const chain = operators ?? [passOn]
  const keyOf = (value: unknown) => (typeof value === 'number' ? value : 0)
  const edge = { to: 'edge' as const, edge: 1 }
  const [first, head, last] = graph.vertices
  if (first === undefined || head === undefined || last === undefined) throw new RangeError('the job has three vertices')
  const edges = graph.edges.map((one, index) => ({ ...one, id: source ? 1 : index, keyOf }))
  const placed = chain.map((code, index) => ({
    ordinal: 1 + index,
    name: `O${index}`,
    uid: `O${index}`,
    role: source && index === 0 ? ('source' as const) : ('operator' as const),
    stateful: false,
    code: eraseOperator(code),
    keyOf: keyed === true ? [keyOf] : [],
    outputs: [index + 1 < chain.length ? { to: 'operator' as const, operator: index + 1 } : edge],
    ...(source && index === 0 && { splits: ['s'] }),
  }))
  const middle = {
    ...head,
    workUs,
    operators: placed,
    inputs: edges.filter(({ to }) => to === 1),
    outputs: edges.filter(({ from }) => from === 1),
  }
  return { ...graph, edges, vertices: [first, middle, last] }
}
