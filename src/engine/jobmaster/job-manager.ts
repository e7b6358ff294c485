/**
 * The JobManager of one job (Flink: `JobMaster` with its `DefaultScheduler` and `CheckpointCoordinator`): one actor, whose executors
 * are lanes to itself. This file says which message goes where.
 */
import { digestPlain, fold, hashString, type Behavior, type Context, type WorldMessage } from '../../world/index.js'
import {
  createPending,
  EXPIRY_TIMER,
  giveUpTriggering,
  PAUSE_TIMER,
  pauseOver,
  periodicTrigger,
  planAndCount,
  requestCheckpoint,
  startScheduler,
  TRIGGER_TIMER,
  triggerTasks,
} from '../checkpoint/checkpoint-coordinator.js'
import { expire, metadataWritten, pointerAdded, receiveAcknowledge, receiveDecline } from '../checkpoint/checkpoint-completion.js'
import { deleteFiles, disposeWhenIdle, jobEnded } from '../checkpoint/checkpoint-disposal.js'
import { digestTaskSnapshot } from '../checkpoint/snapshot-digest.js'
import type { StorageAnswer } from '../checkpoint/checkpoint-storage.js'
import type { StoreAnswer } from '../checkpoint/completed-checkpoint-store.js'
import type { JobGraph } from '../graph/job-graph.js'
import { failTask, RESTART_TIMER, restartDelayOver, restartWhenReady, tooManyFailed } from './failover.js'
import type { JobManagerMessage, ReportedStatus } from './job-manager-messages.js'
import { beginRecovery, metadataLoaded, pointersLoaded, RECOVERY_TIMER, retryRecovery } from './job-recovery.js'
import { endJob } from './job-end.js'
import { executionsOf, type ExecutionState, type JobManagerSetup, type JobManagerState, type JobMaster } from './job-master.js'
import { openRestartStrategy } from './restart-strategy.js'
import { registerTaskManager, taskManagerDown, taskManagerLeft } from './registered-task-managers.js'
import { openSources, readerRegistered } from './source-coordinator.js'
import { digestExecution } from './task-executor.js'
import type { Execution } from './task-executor-messages.js'

/** Attempts of one JobManager incarnation are numbered from (incarnation - 1) times this: no two of them share a number. */
const ATTEMPTS_PER_INCARNATION = 1000

/** Behavior of the JobManager that runs a job. */
export function jobManagerBehavior(graph: JobGraph): Behavior<JobManagerState, JobManagerSetup, JobManagerMessage> {
  return {
    kind: 'job-manager',
    digest: digestMessage,
    start(setup, context) {
      const state = openState(graph, context)
      beginRecovery({ graph, setup, state, context })
      return state
    },
    receive({ volatile: state, durable: setup }, message, context) {
      const master = { graph, setup, state, context }
      if (message.kind === 'timer') return timerFired(master, message.name)
      if (message.kind === 'peer-down') return taskManagerDown(master, message)
      receive(master, message)
    },
  }
}

function digestMessage(message: JobManagerMessage | WorldMessage): number {
  switch (message.kind) {
    case 'timer':
      return hashString(message.name)
    case 'acknowledge':
      return digestTaskSnapshot(fold(digestExecution(message.execution, message.jobMasterId), message.checkpoint), message.snapshot)
    default:
      return digestPlain(0x10b, message)
  }
}

function openState(graph: JobGraph, context: Context): JobManagerState {
  const first = (context.incarnation - 1) * ATTEMPTS_PER_INCARNATION
  return {
    status: 'CREATED',
    jobMasterId: context.incarnation,
    taskManagers: [],
    executions: graph.vertices.map(({ parallelism }) =>
      Array.from({ length: parallelism }, () => ({ attempt: first - 1, status: 'CREATED', location: -1, endOfData: false })),
    ),
    coordinator: {
      periodic: false,
      requested: 'nothing',
      triggering: false,
      pending: [],
      completed: [],
      pause: 'over',
      failures: 0,
      nextId: 1,
    },
    sources: openSources(graph),
    maxParallelism: graph.configuration.maxParallelism,
    restarts: 0,
    restartStrategy: openRestartStrategy(),
    failover: null,
    ended: null,
    loading: [],
  }
}

function receive(master: JobMaster, message: JobManagerMessage): void {
  if ('jobMasterId' in message && message.jobMasterId !== master.state.jobMasterId) return
  switch (message.kind) {
    case 'register-task-manager':
      return registerTaskManager(master, message)
    case 'disconnect-task-manager':
      return taskManagerLeft(master, message)
    case 'task-status':
      return taskStatus(master, message.execution, message.status)
    case 'end-of-data':
      return endOfData(master, message.execution)
    case 'acknowledge':
      return receiveAcknowledge(master, message)
    case 'decline':
      return receiveDecline(master, message.execution, message.checkpoint, message.reason)
    case 'reader-registered':
      return readerRegistered(master, message.execution)
    case 'storage-reply':
      return storageAnswered(master, message.answer)
    case 'store-reply':
      return storeAnswered(master, message.answer)
    case 'plan-checkpoint':
      return planAndCount(master)
    case 'create-pending':
      return createPending(master, message.checkpoint)
    case 'trigger-tasks':
      return triggerTasks(master, message.checkpoint)
    case 'fail-globally':
      return tooManyFailed(master, message.cause, message.declinedBy)
  }
}

function timerFired(master: JobMaster, name: string): void {
  const slash = name.indexOf('/')
  const timer = slash < 0 ? name : name.slice(0, slash)
  if (timer === TRIGGER_TIMER) periodicTrigger(master)
  else if (timer === PAUSE_TIMER) pauseOver(master)
  else if (timer === EXPIRY_TIMER) expire(master, Number(name.slice(slash + 1)))
  else if (timer === RESTART_TIMER) restartDelayOver(master)
  else if (timer === RECOVERY_TIMER) beginRecovery(master)
}

function storageAnswered(master: JobMaster, answer: StorageAnswer): void {
  if (answer.type === 'put') {
    metadataWritten(master, answer.path, answer.result)
    disposeWhenIdle(master)
    // A failover may have waited for this checkpoint's end.
    restartWhenReady(master)
  } else if (answer.type === 'got') {
    metadataLoaded(master, answer.path, answer.content)
  }
}

function storeAnswered(master: JobMaster, answer: StoreAnswer): void {
  switch (answer.type) {
    case 'added':
      pointerAdded(master, answer.checkpoint, answer.result)
      disposeWhenIdle(master)
      return restartWhenReady(master)
    case 'removed':
      return deleteFiles(master, answer.paths)
    case 'loaded':
      return pointersLoaded(master, answer.pointers, answer.result)
    case 'result-stored':
      return jobEnded(master, answer.result)
    case 'id':
      return createPending(master, answer.checkpoint)
    case 'unavailable':
      return answer.call === 'load' ? retryRecovery(master) : giveUpTriggering(master)
  }
}

/** An attempt changed its state; words of older attempts are ignored. */
function taskStatus(master: JobMaster, execution: Execution, status: ReportedStatus): void {
  const current = master.state.executions[execution.vertex]?.[execution.subtask]
  if (current?.attempt !== execution.attempt || isTerminal(current.status)) return
  const cancelling = current.status === 'CANCELING'
  if (status === 'INITIALIZING' || status === 'RUNNING') {
    if (!cancelling) current.status = status
    if (status === 'RUNNING') startSchedulerWhenRunning(master)
    return
  }
  current.status = cancelling ? 'CANCELED' : status
  if (current.status === 'FINISHED') finishWhenAllFinished(master)
  else if (!cancelling) failTask(master, execution)
  restartWhenReady(master)
}

/** Nothing that is said of an attempt behind its end changes it; a finished one that is cancelled by its TaskManager stays finished. */
function isTerminal(status: ExecutionState['status']): boolean {
  return status === 'CANCELED' || status === 'FAILED' || status === 'FINISHED'
}

function startSchedulerWhenRunning(master: JobMaster): void {
  if (master.state.status === 'RUNNING') startScheduler(master)
}

function finishWhenAllFinished(master: JobMaster): void {
  if (executionsOf(master).every(({ current }) => current.status === 'FINISHED')) endJob(master, 'FINISHED')
}

/** A task has finished its operators; when all have, the final checkpoint is triggered at once (Flink: `VertexEndOfDataListener`). */
function endOfData(master: JobMaster, execution: Execution): void {
  const current = master.state.executions[execution.vertex]?.[execution.subtask]
  if (current?.attempt !== execution.attempt) return
  current.endOfData = true
  // Those that are FINISHED have said so, too, before they ended.
  if (executionsOf(master).every((other) => other.current.endOfData)) requestCheckpoint(master, 'at-once')
}
