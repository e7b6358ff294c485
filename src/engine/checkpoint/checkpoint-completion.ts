/**
 * From the first acknowledgement to the last notification, or to the abort (Flink: `CheckpointCoordinator.receiveAcknowledgeMessage`,
 * `completePendingCheckpoint`, `abortPendingCheckpoint`). Order is everything here: metadata, then store, then notifications.
 */
import { UNORDERED } from '../../world/index.js'
import type { FrequentFact, HistoryFact } from '../../history/index.js'
import { refOf } from '../actor-types.js'
import type { JobManagerMessage } from '../jobmaster/job-manager-messages.js'
import { sendToTask, type AbortReason, type JobMaster, type PendingCheckpoint } from '../jobmaster/job-master.js'
import { checkpointCompleted as tellSources, reopenGateway, sourceCoordinatorsAborted } from '../jobmaster/source-coordinator.js'
import { compareExecutions, isSame } from '../jobmaster/task-executor.js'
import type { Execution } from '../jobmaster/task-executor-messages.js'
import { beginPause, decideNext, expiryTimer } from './checkpoint-coordinator.js'
import { finalSnapshots } from './checkpoint-plan.js'
import { countFailure } from './checkpoint-failure-manager.js'
import type { CallResult } from './checkpoint-storage.js'
import { subsume } from './checkpoint-disposal.js'
import type { CheckpointedOperator, CheckpointMetadata, TaskSnapshot } from './state-handle.js'

type Acknowledge = JobManagerMessage & { readonly kind: 'acknowledge' }

/** A task's state of a checkpoint arrived. */
export function receiveAcknowledge(master: JobMaster, { execution, checkpoint, snapshot }: Acknowledge): void {
  const { state, context } = master
  const pending = state.coordinator.pending.find((candidate) => candidate.checkpoint === checkpoint)
  // Late or unknown: of a checkpoint that was aborted, expired or completed, or of an attempt that is not in the plan.
  if (!pending?.plan.waitFor.some((waiting) => isSame(waiting, execution))) return discard(master, snapshot)
  // Duplicate: its state is part of the checkpoint already.
  if (!pending.notYetAcknowledged.some((waiting) => isSame(waiting, execution))) return
  context.reach('checkpoint.ack.received')
  pending.notYetAcknowledged = pending.notYetAcknowledged.filter((waiting) => !isSame(waiting, execution))
  const place = pending.acknowledged.findIndex((other) => bySubtask(other, snapshot) > 0)
  pending.acknowledged.splice(place < 0 ? pending.acknowledged.length : place, 0, snapshot)
  recordAccepted(master, execution, checkpoint)
  reopenGateway(master, execution)
  finalizeNext(master)
}

function recordAccepted({ graph, context }: JobMaster, { vertex, subtask, attempt }: Execution, checkpoint: number): void {
  const { record } = context
  if (record === undefined) return
  for (const { name } of graph.vertices[vertex]?.operators ?? []) {
    record({ kind: 'acknowledgement-accepted', vertex: name, subtask, attempt, checkpoint, seq: 0, t: 0 } satisfies FrequentFact)
  }
}

/** Deletes state that no checkpoint will ever use. */
function discard({ setup, context }: JobMaster, snapshot: TaskSnapshot): void {
  const paths = snapshot.handles.flatMap(({ handle }) => (handle.type === 'file' ? [handle.path] : []))
  if (paths.length > 0) context.send(setup.storage, { kind: 'delete', replyTo: null, paths }, UNORDERED)
}

/**
 * Finalizes the oldest checkpoint that is fully acknowledged, one at a time: Flink does it under the coordinator's lock. Two at once
 * could reach the store in the wrong order, and a restore would take the older one for the newest.
 */
function finalizeNext(master: JobMaster): void {
  const { pending } = master.state.coordinator
  if (pending.some(({ phase }) => phase === 'finalizing')) return
  const next = pending.find(({ phase, notYetAcknowledged }) => phase === 'triggered' && notYetAcknowledged.length === 0)
  if (next !== undefined) finalize(master, next)
}

/** The snapshots of a checkpoint: those that were acknowledged, and the final ones of tasks that had finished. */
function snapshotsOf(master: JobMaster, { acknowledged, plan }: PendingCheckpoint): readonly TaskSnapshot[] {
  return [...acknowledged, ...finalSnapshots(master, plan.finished)].sort(bySubtask)
}

function metadataOf(master: JobMaster, pending: PendingCheckpoint): CheckpointMetadata {
  const { checkpoint, enumerators } = pending
  return { checkpoint, operators: operatorsOf(master, pending), tasks: snapshotsOf(master, pending), enumerators }
}

function operatorsOf({ graph, state: { maxParallelism } }: JobMaster, { plan }: PendingCheckpoint): readonly CheckpointedOperator[] {
  const all: CheckpointedOperator[] = []
  for (const { id, operators, parallelism } of graph.vertices) {
    const finished = plan.finished.filter(({ vertex }) => vertex === id).map(({ subtask }) => subtask)
    for (const { uid } of operators) all.push({ uid, parallelism, maxParallelism, finished })
  }
  return all
}

function bySubtask(a: TaskSnapshot, b: TaskSnapshot): number {
  return a.vertex - b.vertex || a.subtask - b.subtask
}

/** Its metadata is written. From here on it cannot be aborted: Flink holds the coordinator's lock. */
function finalize(master: JobMaster, pending: PendingCheckpoint): void {
  const { setup, context } = master
  pending.phase = 'finalizing'
  context.cancel(expiryTimer(pending.checkpoint))
  const metadata = metadataOf(master, pending)
  const path = metadataPath(pending.checkpoint)
  context.send(
    setup.storage,
    { kind: 'put', replyTo: refOf(context.self), path, bytes: 1024, content: { type: 'metadata', metadata } },
    UNORDERED,
  )
}

/** Where a checkpoint's metadata lies. */
export function metadataPath(checkpoint: number): string {
  return `chk-${String(checkpoint)}/_metadata`
}

/** The metadata is durable, or is not: then its pointer goes into the store. */
export function metadataWritten(master: JobMaster, path: string, result: CallResult): void {
  const { graph, setup, context, state } = master
  const pending = state.coordinator.pending.find(({ checkpoint, phase }) => phase === 'finalizing' && metadataPath(checkpoint) === path)
  if (pending === undefined) return
  // Nothing refers to it yet: what there is of it goes, even when nobody knows whether it was written.
  if (result !== 'done') return finalizeFailed(master, pending, true)
  context.reach('checkpoint.metadata.written')
  const { checkpoint } = pending
  if (graph.configuration.highAvailability) {
    const request = {
      kind: 'add' as const,
      replyTo: refOf<JobManagerMessage>(context.self),
      leader: state.jobMasterId,
      pointer: { checkpoint, path },
    }
    context.send(setup.store, request, UNORDERED)
  } else {
    context.record?.({ kind: 'checkpoint-completed', checkpoint } satisfies HistoryFact)
    complete(master, pending)
  }
}

/** The store has answered. */
export function pointerAdded(master: JobMaster, checkpoint: number, result: CallResult): void {
  const pending = master.state.coordinator.pending.find(
    (candidate) => candidate.phase === 'finalizing' && candidate.checkpoint === checkpoint,
  )
  if (pending === undefined) return
  if (result === 'done') complete(master, pending)
  else finalizeFailed(master, pending, result === 'failed')
}

/**
 * Not stored, or nobody knows: in doubt whether the store has the pointer the files stay, because a successor may find it (FLINK-22502).
 */
function finalizeFailed(master: JobMaster, pending: PendingCheckpoint, deleteFiles: boolean): void {
  abort(master, pending, 'FINALIZE_CHECKPOINT_FAILURE', deleteFiles)
  finalizeNext(master)
}

function complete(master: JobMaster, pending: PendingCheckpoint): void {
  const { state, context } = master
  const { coordinator } = state
  const { checkpoint, plan } = pending
  context.reach('checkpoint.store.added')
  coordinator.pending = coordinator.pending.filter((other) => other !== pending)
  coordinator.completed.push({ checkpoint, path: metadataPath(checkpoint), metadata: metadataOf(master, pending) })
  beginPause(master)
  coordinator.failures = 0
  subsume(master)
  for (const older of coordinator.pending.filter((other) => other.checkpoint < checkpoint))
    abort(master, older, 'CHECKPOINT_SUBSUMED', true)
  for (const execution of plan.commitTo) {
    sendToTask(master, execution, { kind: 'notify-complete', checkpoint })
    context.reach('checkpoint.notify.sent')
  }
  tellSources(master, checkpoint)
  finalizeNext(master)
  decideNext(master)
}

/** A task declined: one decline ends the checkpoint. */
export function receiveDecline(master: JobMaster, execution: Execution, checkpoint: number, reason: AbortReason): void {
  const pending = master.state.coordinator.pending.find((candidate) => candidate.checkpoint === checkpoint)
  if (pending === undefined || !pending.plan.waitFor.some((planned) => isSame(planned, execution))) return
  abortIfPossible(master, pending, reason, execution)
}

/** The checkpoint took too long. */
export function expire(master: JobMaster, checkpoint: number): void {
  const pending = master.state.coordinator.pending.find((candidate) => candidate.checkpoint === checkpoint)
  if (pending !== undefined) abortIfPossible(master, pending, 'CHECKPOINT_EXPIRED')
}

/**
 * The job is not RUNNING any more: triggering stops and everything pending is aborted. A request whose id is still being fetched goes
 * on being triggered until the id is there (Flink's `isTriggering` outlives the scheduler, too): a second one that was let in meanwhile
 * could overtake it, and ids would not increase.
 */
export function suspend(master: JobMaster, reason: AbortReason): void {
  const { coordinator } = master.state
  coordinator.periodic = false
  coordinator.requested = 'nothing'
  if (coordinator.pause === 'awaited') coordinator.pause = 'running'
  for (const pending of [...coordinator.pending]) abortIfPossible(master, pending, reason)
}

function abortIfPossible(master: JobMaster, pending: PendingCheckpoint, reason: AbortReason, declinedBy?: Execution): void {
  if (pending.phase !== 'finalizing') abort(master, pending, reason, true, declinedBy)
}

function abort(master: JobMaster, pending: PendingCheckpoint, reason: AbortReason, deleteFiles: boolean, declinedBy?: Execution): void {
  const { state, context, setup } = master
  const { coordinator } = state
  const { checkpoint } = pending
  coordinator.pending = coordinator.pending.filter((other) => other !== pending)
  context.cancel(expiryTimer(checkpoint))
  context.record?.({
    kind: 'checkpoint-aborted',
    checkpoint,
    reason: deleteFiles ? reason : 'POSSIBLE_INCONSISTENT_STATE',
  } satisfies HistoryFact)
  if (deleteFiles) {
    for (const snapshot of pending.acknowledged) discard(master, snapshot)
    context.send(setup.storage, { kind: 'delete', replyTo: null, paths: [metadataPath(checkpoint)] }, UNORDERED)
  }
  const latestCompleted = coordinator.completed.at(-1)?.checkpoint ?? 0
  for (const execution of [...pending.plan.commitTo].sort(compareExecutions)) {
    sendToTask(master, execution, { kind: 'notify-aborted', checkpoint, latestCompleted })
  }
  context.reach('checkpoint.abort.sent')
  sourceCoordinatorsAborted(master, checkpoint)
  countFailure(master, reason, declinedBy)
  decideNext(master)
}
