/**
 * The start of a JobManager (Flink: `JobMaster` start, `DefaultCompletedCheckpointStoreUtils`): with high availability it reads every
 * completed checkpoint that its predecessors have stored, and fails to start rather than skip one.
 */
import { UNORDERED } from '../../world/index.js'
import type { HistoryFact } from '../../history/index.js'
import { refOf } from '../actor-types.js'
import { disposeWhenIdle } from '../checkpoint/checkpoint-disposal.js'
import type { CheckpointPointer, JobResult } from '../checkpoint/completed-checkpoint-store.js'
import { refusedParallelism, restoredMaxParallelism } from '../checkpoint/max-parallelism.js'
import type { StoredContent } from '../checkpoint/state-handle.js'
import { refusedFinishedState } from '../checkpoint/vertex-finished-state-checker.js'
import { deploy } from './deployment.js'
import { endJob } from './job-end.js'
import { setStatus, type CompletedCheckpoint, type JobMaster } from './job-master.js'
import { allSubtasks } from './pipelined-regions.js'
import { allocateSlots } from './slot-pool.js'
import { resetSources } from './source-coordinator.js'

/** Name of the timer that asks the store again. */
export const RECOVERY_TIMER = 'recovery-retry'
const RETRY_US = 20_000

/** Begins: with high availability from the store, without it from nothing; a second start without it has lost the job. */
export function beginRecovery(master: JobMaster): void {
  const { graph, setup, context, state } = master
  if (graph.configuration.highAvailability) {
    context.send(setup.store, { kind: 'load', replyTo: refOf(context.self), leader: state.jobMasterId }, UNORDERED)
  } else if (state.jobMasterId > 1) {
    setStatus(master, 'FAILED')
  } else {
    setStatus(master, 'RUNNING')
  }
}

/** The store could not be read: asked again. The job does not start without it. */
export function retryRecovery({ context }: JobMaster): void {
  context.timer(RECOVERY_TIMER, RETRY_US)
}

/** The pointers are there: every metadata file is read. A job that has ended is not run again; what it left is cleared away. */
export function pointersLoaded(master: JobMaster, pointers: readonly CheckpointPointer[], result: JobResult | null): void {
  const { state, setup, context } = master
  if (!isStarting(master)) return
  if (result === null) context.reach('recovery.pointers.loaded')
  else state.status = state.ended = result
  state.coordinator.completed = []
  state.loading = [...pointers]
  for (const { path } of pointers) context.send(setup.storage, { kind: 'get', replyTo: refOf(context.self), path }, UNORDERED)
  startWhenLoaded(master)
}

/** A metadata file was read; one that cannot be read is asked for again, never skipped. */
export function metadataLoaded(master: JobMaster, path: string, content: StoredContent | null): void {
  const { state } = master
  const pointer = state.loading.find((loading) => loading.path === path)
  if (pointer === undefined) return
  if (content?.type !== 'metadata') return retryRecovery(master)
  state.loading = state.loading.filter((loading) => loading !== pointer)
  const { checkpoint } = pointer
  state.coordinator.completed = [...state.coordinator.completed, { checkpoint, path, metadata: content.metadata }].sort(
    (a, b) => a.checkpoint - b.checkpoint,
  )
  startWhenLoaded(master)
}

function isStarting({ state }: JobMaster): boolean {
  return state.status === 'CREATED' || state.ended !== null
}

function startWhenLoaded(master: JobMaster): void {
  if (master.state.loading.length > 0) return
  if (master.state.ended !== null) return disposeWhenIdle(master)
  setStatus(master, 'RUNNING')
  deployWhenReady(master)
}

/** The first deployment of this JobManager, once it is RUNNING and there are slots. */
export function deployWhenReady(master: JobMaster): void {
  const { state, context, graph } = master
  if (state.status !== 'RUNNING' || state.executions.some((subtasks) => subtasks.some(({ status }) => status !== 'CREATED'))) return
  const slots = allocateSlots(master, allSubtasks(graph))
  if (slots === undefined) return
  const restored = state.coordinator.completed.at(-1)
  if (restored !== undefined && !takeOver(master, restored)) return
  if (state.jobMasterId > 1) context.record?.({ kind: 'restart', restarts: state.restarts } satisfies HistoryFact)
  context.record?.({ kind: 'restore-chosen', ...(restored !== undefined && { checkpoint: restored.checkpoint }) } satisfies HistoryFact)
  context.reach('recovery.restore.chosen')
  resetSources(master, restored?.metadata.enumerators ?? null)
  deploy(master, allSubtasks(graph), restored, slots)
}

/** Whether the job may go on from a checkpoint, and at which max parallelism; if it may not, it is FAILED before any task is deployed. */
function takeOver(master: JobMaster, { metadata }: CompletedCheckpoint): boolean {
  const { graph, state, context } = master
  // Flink looks at finished tasks at every start. A job that has not changed would have to give up for tasks that ended one behind the
  // other.
  const isNewJob = state.jobMasterId === 1
  const refused = refusedParallelism(graph, metadata) ?? (isNewJob ? refusedFinishedState(graph, metadata) : undefined)
  if (refused !== undefined) {
    const { checkpoint } = metadata
    context.record?.({ kind: 'failure', vertex: '', subtask: -1, attempt: -1, cause: refused, refused: checkpoint } satisfies HistoryFact)
    endJob(master, 'FAILED')
    return false
  }
  state.maxParallelism = restoredMaxParallelism(graph, metadata)
  return true
}
