/**
 * From a failure to the restart (Flink: `ExecutionFailureHandler`, `DefaultScheduler.maybeRestartTasks`): which subtasks restart,
 * whether they may, cancel them, wait for that and for the delay, restore, deploy.
 */
import type { HistoryFact } from '../../history/index.js'
import { suspend } from '../checkpoint/checkpoint-completion.js'
import { deploy, type SubtaskId } from './deployment.js'
import { endJob } from './job-end.js'
import { isEnded, sendToTask, setStatus, type JobMaster } from './job-master.js'
import { allSubtasks, regionOf } from './pipelined-regions.js'
import { delayAfterFailure } from './restart-strategy.js'
import { allocateSlots } from './slot-pool.js'
import { resetSources, resetSubtask } from './source-coordinator.js'
import type { Execution } from './task-executor-messages.js'

/** Name of the timer of the restart delay. */
export const RESTART_TIMER = 'restart-delay'

/** A task failed: its region restarts (or the whole job, with the failover strategy `full`). */
export function failTask(master: JobMaster, failed: SubtaskId): void {
  const { graph } = master
  failOver(master, graph.configuration.failover === 'region' ? regionOf(graph, failed) : allSubtasks(graph), false)
}

/**
 * Too many checkpoints failed in a row: everything restarts. Where the last of them was declined by a task that has ended meanwhile, its
 * end is a failure already, and this is not a second one (Flink: `failGlobalIfExecutionIsStillRunning`).
 */
export function tooManyFailed(master: JobMaster, cause: string, declinedBy: Execution | undefined): void {
  if (declinedBy === undefined || isStillRunning(master, declinedBy)) failGlobally(master, cause)
}

function isStillRunning({ state }: JobMaster, { vertex, subtask, attempt }: Execution): boolean {
  const current = state.executions[vertex]?.[subtask]
  // It was RUNNING when the checkpoint was planned: it cannot be INITIALIZING again.
  return current?.attempt === attempt && current.status === 'RUNNING'
}

/** Something failed that belongs to no task: everything restarts. */
function failGlobally(master: JobMaster, cause: string): void {
  if (isOver(master)) return
  master.context.record?.({ kind: 'failure', vertex: '', subtask: -1, attempt: -1, cause } satisfies HistoryFact)
  failOver(master, allSubtasks(master.graph), true)
}

/** Nothing restarts any more: the job has ended, or the restart strategy has given up. */
function isOver({ state }: JobMaster): boolean {
  return state.status === 'FINISHED' || state.status === 'FAILED' || state.failover?.final === true
}

/** Whether a subtask is already part of the failover that is under way. */
export function isFailingOver({ state }: JobMaster, { vertex, subtask }: SubtaskId): boolean {
  return state.failover?.subtasks.some((other) => other.vertex === vertex && other.subtask === subtask) === true
}

function failOver(master: JobMaster, subtasks: readonly SubtaskId[], global: boolean): void {
  const { state, context } = master
  if (isOver(master)) return
  context.reach('recovery.failure.noticed')
  const merged = isMerged(master)
  const delayUs = merged ? undefined : delayAfterFailure(master.graph.configuration.restart, state.restartStrategy, context)
  // The scheduler stops with the first status other than RUNNING; what is pending is aborted before any state is assigned.
  suspend(master, 'CHECKPOINT_COORDINATOR_SUSPEND')
  if (delayUs === undefined && !merged) {
    setStatus(master, 'FAILING')
    state.failover = { subtasks: [...allSubtasks(master.graph)], delayOver: true, final: true, global }
  } else {
    setStatus(master, 'RESTARTING')
    const all = union(master, state.failover?.subtasks ?? [], subtasks)
    state.failover = { subtasks: all, delayOver: false, final: false, global: global || state.failover?.global === true }
    if (delayUs !== undefined) {
      state.restarts++
      context.timer(RESTART_TIMER, delayUs)
    }
  }
  cancelAll(master, state.failover.subtasks)
  restartWhenReady(master)
}

/** With the exponential delay, what fails before the planned restart joins it, and does not count (FLIP-364). */
function isMerged({ graph, state }: JobMaster): boolean {
  return graph.configuration.restart.type === 'exponential-delay' && state.failover?.delayOver === false
}

function union(master: JobMaster, a: readonly SubtaskId[], b: readonly SubtaskId[]): SubtaskId[] {
  const has = (list: readonly SubtaskId[], of: SubtaskId) =>
    list.some(({ vertex, subtask }) => vertex === of.vertex && subtask === of.subtask)
  return allSubtasks(master.graph).filter((subtask) => has(a, subtask) || has(b, subtask))
}

function cancelAll(master: JobMaster, subtasks: readonly SubtaskId[]): void {
  const { taskManagers } = master.state
  for (const { vertex, subtask } of subtasks) {
    const current = master.state.executions[vertex]?.[subtask]
    if (current === undefined || current.status === 'CANCELING' || current.status === 'CANCELED') continue
    // It finished on a TaskManager that is gone: nobody would answer.
    if (current.status === 'FINISHED' && !taskManagers.some(({ ordinal }) => ordinal === current.location)) continue
    // A failed or finished attempt is told too: its TaskManager then lets its partitions go.
    sendToTask(master, { vertex, subtask, attempt: current.attempt }, { kind: 'cancel' })
    if (current.status === 'FAILED') continue
    if (current.status !== 'FINISHED') recordCanceling(master, { vertex, subtask }, current.attempt)
    current.status = 'CANCELING'
  }
}

function recordCanceling({ graph, context }: JobMaster, { vertex: id, subtask }: SubtaskId, attempt: number): void {
  const vertex = graph.vertices[id]?.name ?? ''
  context.record?.({ kind: 'task-status', vertex, subtask, attempt, status: 'CANCELING' } satisfies HistoryFact)
}

/** The delay is over. */
export function restartDelayOver(master: JobMaster): void {
  if (master.state.failover === null) return
  master.state.failover.delayOver = true
  restartWhenReady(master)
}

/** Restarts once every attempt has ended, the delay is over, nothing is being finalized and there are slots. */
export function restartWhenReady(master: JobMaster): void {
  const { state, context } = master
  const { failover, coordinator } = state
  if (failover === null || !failover.delayOver) return
  const ended = failover.subtasks.every(({ vertex, subtask }) => isEnded(state.executions[vertex]?.[subtask]))
  if (!ended) return
  if (failover.final) {
    state.failover = null
    endJob(master, 'FAILED')
    return
  }
  // A checkpoint whose metadata is being written holds the coordinator's lock: the restore waits for it, and may find it completed.
  if (coordinator.pending.length > 0) return
  const slots = allocateSlots(master, failover.subtasks)
  if (slots === undefined) return
  state.failover = null
  const restored = coordinator.completed.at(-1)
  context.record?.({ kind: 'restart', restarts: state.restarts } satisfies HistoryFact)
  context.record?.({ kind: 'restore-chosen', ...(restored !== undefined && { checkpoint: restored.checkpoint }) } satisfies HistoryFact)
  context.reach('recovery.restore.chosen')
  if (failover.global) resetSources(master, restored?.metadata.enumerators ?? null)
  else for (const { vertex, subtask } of failover.subtasks) resetSubtask(master, vertex, subtask, restored?.checkpoint ?? 0)
  setStatus(master, 'RUNNING')
  deploy(master, failover.subtasks, restored, slots)
}
