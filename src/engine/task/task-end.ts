/** The ways a task ends: end of input and its final checkpoint, failure, cancellation. A crash is none of them: it runs no code. */
import type { HistoryFact } from '../../history/index.js'
import { MAIL_LANE, RPC_LANE } from '../lanes.js'
import type { JobGraph } from '../graph/job-graph.js'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { CloseReason } from '../operator.js'
import { advanceWatermark } from './operator-chain.js'
import { ASYNC_TIMER, cancelAsyncSnapshots } from './async-snapshot.js'
import { openTask } from './open-task.js'
import { broadcastToAll, BUFFER_TIMER } from './record-writer.js'
import { executionOf } from './task-deployment.js'
import { answerStatus, reportStatus } from './task-report.js'
import type { Task } from './task.js'
import { WORK_TIMER, type TaskState } from './task-state.js'

/** Name of the timer that waits for a cancelled task to end. */
export const WATCHDOG_TIMER = 'cancellation-watchdog'

/** The source is at its end, or all input channels are at their end of data: the operators finish. */
export function endOfInput(task: Task): void {
  const { state } = task
  if (state.inputEnded) return
  state.inputEnded = true
  advanceWatermark(task, 0, MAX_WATERMARK)
  state.activity = { type: 'finish', index: 0, entered: false }
}

/** The operators have finished: the data is complete, and the task stays for the checkpoint that commits its last effects (FLIP-147). */
export function operatorsFinished(task: Task): void {
  const { state, deployment, context, graph } = task
  state.finished = true
  for (const { name } of task.vertex.operators) {
    const { subtask, attempt } = deployment
    context.record?.({ kind: 'end-of-input', vertex: name, subtask, attempt } satisfies HistoryFact)
  }
  broadcastToAll(task, { type: 'end-of-data' })
  if (!waitsForFinalCheckpoint(graph)) return endWhenDone(task)
  context.send(
    deployment.jobManager,
    { kind: 'end-of-data', execution: executionOf(deployment), jobMasterId: deployment.jobMasterId },
    RPC_LANE,
  )
}

/**
 * A finished task ends when all its producers have ended and its final checkpoint has completed. Its own may come before theirs: then
 * barriers of later ones are still to come, which nobody would acknowledge. But first it handles the mails that wait, of which some may
 * ask for a later checkpoint, and acknowledges those whose state it still writes: they wait for it. It takes no new mails, and no elements
 * (Flink: `StreamTask.processInput` at END_OF_INPUT, `afterInvoke`, `SubtaskCheckpointCoordinatorImpl.waitForPendingCheckpoints`).
 */
export function endWhenDone(task: Task): void {
  const { state, graph } = task
  if (!state.finished || state.activity !== null || state.phase !== 'RUNNING') return
  if (state.gate.channels.some(({ ended }) => !ended)) return
  const { finalCheckpoint, latestReported } = state
  if (waitsForFinalCheckpoint(graph) && (finalCheckpoint === 0 || latestReported < finalCheckpoint)) return
  if (!awaitsAcknowledgement(task) && state.mailbox.length === 0) return finishTask(task)
  state.phase = 'CLOSING'
}

/**
 * Whether it still writes state of a checkpoint that waits for it. Where none follow the ends of tasks, nobody waits (Flink:
 * `afterInvoke`).
 */
export function awaitsAcknowledgement({ state, graph }: Task): boolean {
  return state.snapshots.length > 0 && waitsForFinalCheckpoint(graph)
}

function waitsForFinalCheckpoint({ configuration }: JobGraph): boolean {
  const { enabled, afterTasksFinish } = configuration.checkpointing
  return enabled && afterTasksFinish
}

/** Orderly end. What is still queued for the consumers leaves as they make room. */
export function finishTask(task: Task): void {
  broadcastToAll(task, { type: 'end-of-partition' })
  closeOperators(task, 'finished')
  forget(task)
  task.context.reach('task.finished')
  reportStatus(task, 'FINISHED')
}

/** An exception: the operators are closed, and the JobManager decides what becomes of the job. */
export function failTask(task: Task, cause: string): void {
  if (task.state.phase === 'ENDED') return
  const { subtask, attempt } = task.deployment
  task.context.record?.({ kind: 'failure', vertex: task.vertex.name, subtask, attempt, cause } satisfies HistoryFact)
  closeOperators(task, 'failure')
  release(task)
  reportStatus(task, 'FAILED', cause)
}

/** The JobManager (or a TaskExecutor that lost it) asked this attempt to end. */
export function handleCancel(task: Task): void {
  if (task.state.hangs) return
  if (task.state.phase !== 'ENDED' && task.context.fails('task.cancel')) return hang(task)
  const report = task.state.phase === 'ENDED' ? answerStatus : reportStatus
  closeOperators(task, 'cancelled')
  release(task)
  task.context.reach('task.cancelled')
  report(task, 'CANCELED')
  task.context.send(
    task.deployment.taskExecutor,
    { kind: 'task-ended', execution: executionOf(task.deployment), task: task.context.self },
    MAIL_LANE,
  )
}

/**
 * The task's thread is in user code that heeds no interrupt: nothing is closed, nobody is told that the task has ended. Its network
 * buffers are released all the same, and a watchdog waits for it (Flink: `TaskCancelerWatchDog`; 0 is never).
 */
function hang(task: Task): void {
  const { cancellationTimeoutUs } = task.graph.configuration
  release(task)
  task.state.hangs = true
  if (cancellationTimeoutUs > 0) task.context.timer(WATCHDOG_TIMER, cancellationTimeoutUs)
}

/** The task has not ended in time: its TaskManager goes down with it. */
export function cancellationTimedOut({ vertex, deployment, context }: Task): void {
  const { subtask, attempt } = deployment
  const cause = 'the task did not end within task.cancellation.timeout: its TaskManager is killed'
  context.record?.({ kind: 'failure', vertex: vertex.name, subtask, attempt, cause } satisfies HistoryFact)
  context.halt()
}

function closeOperators(task: Task, reason: CloseReason): void {
  const { subtask, attempt } = task.deployment
  task.vertex.operators.forEach((operator, index) => {
    const call = task.calls[index]
    const state = task.state.operators[index]?.state
    if (call === undefined || state === undefined) return
    operator.code.close?.(state, reason, call)
    task.context.record?.({ kind: 'closed', vertex: operator.name, subtask, attempt } satisfies HistoryFact)
  })
}

/** Nothing of a task that did not finish is sent or read any more. */
function release(task: Task): void {
  forget(task)
  for (const partition of task.state.partitions) for (const subpartition of partition.subpartitions) subpartition.queue.length = 0
}

/** What a task that has ended still has is what is queued for its consumers; all else is reset, so that ended tasks look alike. */
function forget(task: Task): void {
  const { graph, vertex, deployment, state, context } = task
  cancelAsyncSnapshots(task)
  for (const timer of [WORK_TIMER, ASYNC_TIMER, BUFFER_TIMER]) context.cancel(timer)
  const { partitions } = state
  Object.assign(state, openTask(graph, vertex, deployment), { phase: 'ENDED', partitions } satisfies Partial<TaskState>)
}
