/**
 * One attempt of one subtask (Flink: `Task`, `StreamTask`). This file is the task's thread: what it does next, and with which
 * message it wakes up. Arrival and processing are different steps: a message is only put where it waits, and the task handles one
 * mail or one element at a time, each keeping it busy for a while.
 */
import type { Behavior, Context, PeerDown, WorldMessage } from '../../world/index.js'
import { refOf } from '../actor-types.js'
import type { StorageAnswer } from '../checkpoint/checkpoint-storage.js'
import type { ChainedOperator, JobGraph, JobVertex } from '../graph/job-graph.js'
import { CREDIT_LANE } from '../lanes.js'
import { receive as receiveBuffer } from '../network/input-gate.js'
import type { ChannelOpened } from '../network/buffer.js'
import { dataLane, releaseSubpartitions, sendAvailable } from '../network/result-partition.js'
import { advanceActivity } from './activity.js'
import { pollSource, processNextElement } from './stream-input.js'
import { openTask } from './open-task.js'
import { restoreTask, takeRestoredFile } from './task-start.js'
import { awaitsAcknowledgement, cancellationTimedOut, failTask, finishTask, handleCancel, WATCHDOG_TIMER } from './task-end.js'
import { advanceAsyncSnapshots, ASYNC_TIMER, takeUploadAnswer } from './async-snapshot.js'
import { declineNotReady, handleMail } from './mailbox.js'
import { blockedOperator, chainFailure, OperatorCall, parseWakeUp, type WakeUp } from './operator-chain.js'
import { BUFFER_TIMER, drawFirstTargets, flushAll, outputsAvailable, partitionOf } from './record-writer.js'
import { digestTaskMessage, type Credit, type OpenChannel, type ResumeConsumption, type TaskMessage } from './task-messages.js'
import type { TaskDeployment } from './task-deployment.js'
import { WORK_TIMER, type TaskState } from './task-state.js'

/** What the modules of a task work on during one step. */
export interface Task {
  readonly graph: JobGraph
  readonly vertex: JobVertex
  readonly deployment: TaskDeployment
  readonly state: TaskState
  readonly context: Context
  /** Contexts of the operators, in chain order. */
  readonly calls: readonly OperatorCall[]
  /** Wake-ups of the operators by the names of their timers: those that were asked for here. */
  readonly wakeUps: Map<string, WakeUp>
  /** Places in the chain of the operators that may block the task's thread, and of those that may fail: most do neither. */
  readonly blocking: readonly number[]
  readonly failing: readonly number[]
}

/** The behavior of every task of a job. */
export function taskBehavior(graph: JobGraph): Behavior<TaskState, TaskDeployment, TaskMessage> {
  const desks = graph.vertices.map((vertex) => new TaskDesk(graph, vertex))
  function deskOf({ vertex }: TaskDeployment): TaskDesk {
    const desk = desks[vertex]
    if (desk === undefined) throw new RangeError(`the job has no vertex ${String(vertex)}`)
    return desk
  }
  return {
    kind: 'task',
    digest: digestTaskMessage,
    start(deployment, context) {
      const desk = deskOf(deployment)
      const state = openTask(graph, desk.vertex, deployment)
      const task = desk.pointAt(state, deployment, context)
      drawFirstTargets(task)
      restoreTask(task)
      scheduleWork(task)
      return state
    },
    receive({ volatile, durable }, message, context) {
      const task = deskOf(durable).pointAt(volatile, durable, context)
      if (volatile.phase === 'ENDED') return drain(task, message)
      if (handle(task, message) === 'operators') {
        const failure = chainFailure(task)
        if (failure !== undefined) failTask(task, failure)
      }
      scheduleWork(task)
    },
  }
}

/**
 * Where the tasks of one vertex are worked on, one step at a time: holds nothing of any of them between steps, and spares each step
 * the making of its contexts.
 */
class TaskDesk implements Task {
  state!: TaskState
  deployment!: TaskDeployment
  context!: Context
  readonly calls: readonly OperatorCall[]
  readonly wakeUps = new Map<string, WakeUp>()
  readonly blocking: readonly number[]
  readonly failing: readonly number[]

  constructor(
    readonly graph: JobGraph,
    readonly vertex: JobVertex,
  ) {
    this.calls = vertex.operators.map((operator, index) => new OperatorCall(this, operator, index))
    this.blocking = placesOf(vertex, ({ code }) => code.busy !== undefined)
    this.failing = placesOf(vertex, ({ code }) => code.failure !== undefined)
  }

  pointAt(state: TaskState, deployment: TaskDeployment, context: Context): Task {
    this.state = state
    this.deployment = deployment
    this.context = context
    return this
  }
}

function placesOf({ operators }: JobVertex, which: (operator: ChainedOperator) => boolean): readonly number[] {
  return operators.flatMap((operator, index) => (which(operator) ? [index] : []))
}

/** Whether a message went to the operators, one of which may have met a failure, or only to the network stack or the mailbox. */
type Touched = 'operators' | 'network'

/** Puts a message where it waits for the task's thread; answers and timers of other threads are handled at once. */
function handle(task: Task, message: TaskMessage | WorldMessage): Touched {
  switch (message.kind) {
    case 'buffer':
      receiveBuffer(task.state.gate, message)
      return 'network'
    case 'credit':
    case 'resume':
      letSend(task, message)
      return 'network'
    case 'timer':
      fired(task, message.name)
      return 'operators'
    case 'reply':
      answered(task, message.tag, message.answer)
      return 'operators'
    default:
      handleControl(task, message)
      return 'operators'
  }
}

type ControlMessage = Exclude<TaskMessage | WorldMessage, { readonly kind: 'buffer' | 'credit' | 'resume' | 'timer' | 'reply' }>

function handleControl(task: Task, message: ControlMessage): void {
  switch (message.kind) {
    case 'open-channel':
      return openSubpartition(task, message)
    case 'storage-reply':
      return storageAnswered(task, message.answer)
    case 'channel-opened':
      return channelOpened(task, message)
    case 'peer-down':
      return peerDown(task, message)
    case 'cancel':
      return handleCancel(task)
    case 'trigger-checkpoint':
      if (task.state.phase !== 'RUNNING') return declineNotReady(task, message.checkpoint)
      task.state.mailbox.push(message)
      return
    default:
      // The mailbox of a closing task is closed: a word that came now would be acted on by operators that have nothing left to do.
      if (task.state.phase !== 'CLOSING') task.state.mailbox.push(message)
  }
}

function fired(task: Task, name: string): void {
  if (name === WORK_TIMER) return work(task)
  if (name === BUFFER_TIMER) return flushAll(task)
  if (name === ASYNC_TIMER) return advanceAsyncSnapshots(task)
  const { index, wakeUp } = task.wakeUps.get(name) ?? parseWakeUp(name)
  const call = task.calls[index]
  const operator = task.vertex.operators[index]
  if (call === undefined || operator === undefined) return
  task.state.sourceIdle = false
  operator.code.woken?.(task.state.operators[index]?.state, wakeUp, call)
}

/** One unit of work of the task's thread. */
function work(task: Task): void {
  const { state } = task
  state.working = false
  if (blockedOperator(task) >= 0) return
  if (state.activity === null && state.phase === 'RUNNING') handleNext(task)
  if (state.activity === null && state.phase === 'CLOSING') close(task)
  // What the mail or element began is carried on at once: nothing may come between a barrier and its snapshot.
  if (state.activity !== null && blockedOperator(task) < 0) advanceActivity(task, state.activity)
}

/** One mail, or else one element. */
function handleNext(task: Task): void {
  const mail = task.state.mailbox.shift()
  if (mail !== undefined) return handleMail(task, mail)
  if (!canTakeInput(task)) return
  if (task.vertex.inputs.length === 0) pollSource(task)
  else processNextElement(task)
}

/** One of the mails that waited when the final checkpoint completed; behind them and the last acknowledgement the task ends. */
function close(task: Task): void {
  const mail = task.state.mailbox.shift()
  if (mail !== undefined) handleMail(task, mail)
  else if (!awaitsAcknowledgement(task)) finishTask(task)
}

/** Arms the work timer when there is something to do. */
export function scheduleWork(task: Task): void {
  const { state } = task
  if (state.working || state.phase === 'ENDED' || !hasWork(task)) return
  state.working = true
  const control = state.activity !== null || state.mailbox.length > 0
  task.context.timer(WORK_TIMER, control ? 1 : task.vertex.workUs)
}

function hasWork(task: Task): boolean {
  const { state } = task
  const ready = state.activity !== null || (state.phase === 'RUNNING' && (state.mailbox.length > 0 || canTakeInput(task))) || canClose(task)
  return ready && blockedOperator(task) < 0
}

function canClose(task: Task): boolean {
  const { phase, mailbox } = task.state
  return phase === 'CLOSING' && (mailbox.length > 0 || !awaitsAcknowledgement(task))
}

/** Whether there is an element to handle, and room for what it makes (backpressure). */
function canTakeInput(task: Task): boolean {
  const { state, vertex } = task
  // A finished task still reads the barriers behind the end of data; a finished source has nothing left.
  const waiting = vertex.inputs.length > 0 ? state.gate.available.length > 0 : !state.sourceIdle && !state.inputEnded
  return waiting && outputsAvailable(task)
}

/** A task that has ended only lets go what is still queued for its consumers, and declines what it is still asked for. */
function drain(task: Task, message: TaskMessage | WorldMessage): void {
  if (message.kind === 'credit' || message.kind === 'resume') letSend(task, message)
  else if (message.kind === 'open-channel') openSubpartition(task, message)
  else if (message.kind === 'cancel') handleCancel(task)
  else if (message.kind === 'trigger-checkpoint') declineNotReady(task, message.checkpoint)
  else if (message.kind === 'timer' && message.name === WATCHDOG_TIMER) cancellationTimedOut(task)
}

/** Credit, or the end of a barrier's block: the subpartition may send again. */
function letSend(task: Task, message: Credit | ResumeConsumption): void {
  const partition = partitionOf(task, message.edge)
  const subpartition = partition?.subpartitions[message.subpartition]
  if (partition === undefined || subpartition === undefined) return
  if (message.kind === 'credit') subpartition.credit += message.credit
  else subpartition.blocked = false
  sendAvailable(partition, task.context)
}

/** A consumer has come for its subpartition. */
function openSubpartition(task: Task, message: OpenChannel): void {
  const { edge, subpartition: index, consumer, channel, credit, local } = message
  const partition = partitionOf(task, edge)
  const subpartition = partition?.subpartitions[index]
  if (partition === undefined || subpartition === undefined) return
  subpartition.consumer = consumer
  subpartition.channel = channel
  subpartition.credit = credit
  // The end of the connection is the end of the subpartition.
  if (!local) task.context.watch(consumer, CREDIT_LANE)
  task.context.send(consumer, { kind: 'channel-opened', channel, producer: task.context.self }, dataLane(channel))
  sendAvailable(partition, task.context)
}

/** The producer of a channel is known: credit goes to it, and its death is this task's failure. */
function channelOpened(task: Task, { channel, producer }: ChannelOpened): void {
  task.state.producers[channel] = refOf(producer)
  task.context.watch(refOf(producer), dataLane(channel))
}

/** A producer, a consumer or an outside system is gone, or the connection to it. */
function peerDown(task: Task, { peer, crashed }: PeerDown): void {
  if (!crashed) return
  if (hasLostProducer(task, peer)) return failTask(task, 'RemoteTransportException: connection to the producer lost')
  for (const partition of task.state.partitions) releaseSubpartitions(partition, peer)
  task.state.sourceIdle = false
  task.vertex.operators.forEach((operator, index) => {
    const call = task.calls[index]
    const state = task.state.operators[index]?.state
    if (call !== undefined && state !== undefined) operator.code.answer?.(state, { kind: 'connection-lost', system: peer }, call)
  })
}

/** Whether a channel that is not at its end was fed by this task, or was just asked for at this TaskExecutor. */
function hasLostProducer({ state, deployment }: Task, peer: number): boolean {
  return state.gate.channels.some(({ ended }, channel) => {
    const location = deployment.producers[channel]
    return !ended && peer === (state.producers[channel] ?? (location?.local === false ? location.taskExecutor : undefined))
  })
}

function storageAnswered(task: Task, answer: StorageAnswer): void {
  if (answer.type === 'put') takeUploadAnswer(task, answer)
  else if (answer.type === 'got') takeRestoredFile(task, answer)
}

function answered(task: Task, index: number, answer: unknown): void {
  const call = task.calls[index]
  const state = task.state.operators[index]?.state
  task.state.sourceIdle = false
  if (call !== undefined && state !== undefined) task.vertex.operators[index]?.code.answer?.(state, answer, call)
}
