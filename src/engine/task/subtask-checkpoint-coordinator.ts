/**
 * Taking, skipping and aborting checkpoints in one task (Flink: `SubtaskCheckpointCoordinatorImpl`).
 */
import type { FrequentFact } from '../../history/index.js'
import { barrierAligner } from '../checkpoint/barrier-aligner.js'
import type { BarrierEffects, DeclineReason } from '../checkpoint/barrier-handler.js'
import { barrierTracker } from '../checkpoint/barrier-tracker.js'
import { describeValues } from '../checkpoint/snapshot-content.js'
import type { OperatorSnapshot } from '../checkpoint/state-handle.js'
import { CREDIT_LANE } from '../lanes.js'
import type { CancelCheckpointMarker, CheckpointBarrier } from '../network/buffer.js'
import { entriesNow, takeView, type HeapKeyedState } from '../state/heap-keyed-state.js'
import { beginAsyncSnapshot, cancelAsyncSnapshot } from './async-snapshot.js'
import { broadcastToAll } from './record-writer.js'
import { failTask } from './task-end.js'
import { decline } from './task-report.js'
import type { Task } from './task.js'

/** A barrier was read from a channel; the checkpointing mode decides what it does. */
export function onBarrier(task: Task, barrier: CheckpointBarrier, channel: number): void {
  task.context.reach('task.barrier.first')
  if (isExactlyOnce(task)) barrierAligner.barrier(task.state.aligner, barrier, channel, effectsOf(task))
  else barrierTracker.barrier(task.state.tracker, barrier, channel, effectsOf(task))
}

/** The task upstream will not send this checkpoint's barrier. */
export function onCancelMarker(task: Task, marker: CancelCheckpointMarker, channel: number): void {
  if (isExactlyOnce(task)) barrierAligner.cancelMarker(task.state.aligner, marker, channel, effectsOf(task))
  else barrierTracker.cancelMarker(task.state.tracker, marker, channel, effectsOf(task))
}

/** A channel will send nothing more, no barriers either. */
export function onEndOfPartition(task: Task, channel: number): void {
  const { deferredTrigger, gate } = task.state
  if (deferredTrigger !== null && gate.channels.every(({ ended }) => ended)) {
    task.state.deferredTrigger = null
    return beginCheckpoint(task, deferredTrigger)
  }
  const { afterTasksFinish } = task.graph.configuration.checkpointing
  if (isExactlyOnce(task)) barrierAligner.endOfPartition(task.state.aligner, channel, effectsOf(task), afterTasksFinish)
  else barrierTracker.endOfPartition(task.state.tracker, channel, effectsOf(task), afterTasksFinish)
}

function isExactlyOnce(task: Task): boolean {
  return task.graph.configuration.checkpointing.mode === 'EXACTLY_ONCE'
}

function effectsOf(task: Task): BarrierEffects {
  return {
    checkpoint: (barrier) => {
      beginCheckpoint(task, barrier)
    },
    abort: (checkpoint, reason) => {
      abortCheckpoint(task, checkpoint, reason)
    },
    resume: (channel) => {
      resumeChannel(task, channel)
    },
  }
}

/** The JobManager triggers a task that has no running producer: a source, or one whose producers have all finished. */
export function onTrigger(task: Task, barrier: CheckpointBarrier): void {
  // FLIP-147: what the finished producers have sent may still be on its way; it belongs before this snapshot.
  if (task.state.gate.channels.every(({ ended }) => ended)) beginCheckpoint(task, barrier)
  else task.state.deferredTrigger = barrier
}

/** All barriers are in (or the trigger came, at a source): the checkpoint is taken, or skipped when it is too late for it. */
export function beginCheckpoint(task: Task, barrier: CheckpointBarrier): void {
  const { state } = task
  const id = barrier.checkpoint
  task.context.reach('task.barrier.aligned')
  // A trigger that comes behind a newer checkpoint (or its abort) is out of order: this subtask takes ids in increasing order only.
  if (id <= state.lastCheckpoint) return
  state.lastCheckpoint = id
  if (isAbortedAhead(task, id)) {
    state.abortedAhead = state.abortedAhead.filter((aborted) => aborted > id)
    // FLINK-17479: the tasks downstream wait for this barrier; the marker takes its place.
    broadcastToAll(task, { type: 'cancel-marker', checkpoint: id })
    return
  }
  state.activity = { type: 'checkpoint', index: 0, entered: false, barrier }
}

/** Aborted before its barrier came: remembered, or so old that it is no longer. */
function isAbortedAhead({ state: { abortedAhead }, graph }: Task, checkpoint: number): boolean {
  return abortedAhead.includes(checkpoint) || checkpoint + graph.configuration.checkpointing.maxConcurrent < (abortedAhead.at(-1) ?? 0)
}

/** The operators are prepared: barrier downstream, synchronous part, then the asynchronous one. No record is handled in between. */
export function takeCheckpoint(task: Task, barrier: CheckpointBarrier): void {
  const id = barrier.checkpoint
  task.context.reach('task.snapshot.prepared')
  broadcastToAll(task, barrier)
  task.context.reach('task.barrier.broadcast')
  if (task.context.fails('task.snapshot.sync')) return failTask(task, 'exception in the synchronous part of the snapshot')
  const snapshots = snapshotOperators(task, id)
  if (task.state.finished && task.state.finalCheckpoint === 0) task.state.finalCheckpoint = id
  task.context.reach('task.snapshot.sync.done')
  beginAsyncSnapshot(task, id, snapshots)
}

/** From the tail of the chain to its head (Flink: `RegularOperatorChain.snapshotState`); in the order of the chain. */
function snapshotOperators(task: Task, checkpoint: number): OperatorSnapshot[] {
  const snapshots: OperatorSnapshot[] = []
  for (let index = task.vertex.operators.length - 1; index >= 0; index--) snapshots.push(snapshotOperator(task, index, checkpoint))
  return snapshots.reverse()
}

/** Synchronous part of one operator: list state is taken as it is, keyed state as a view. */
function snapshotOperator(task: Task, index: number, checkpoint: number): OperatorSnapshot {
  const operator = task.vertex.operators[index]
  const runtime = task.state.operators[index]
  const call = task.calls[index]
  const { subtask, attempt } = task.deployment
  const vertex = operator?.name ?? ''
  const state = operator === undefined || call === undefined ? { lists: [] } : operator.code.snapshot(runtime?.state, checkpoint, call)
  if (runtime?.keyed) takeView(runtime.keyed, checkpoint)
  recordTaken(task, vertex, checkpoint, runtime?.keyed ?? null)
  return { checkpoint, vertex, subtask, attempt, state, keyed: null }
}

function recordTaken({ deployment, context }: Task, vertex: string, checkpoint: number, keyed: HeapKeyedState | null): void {
  if (context.record === undefined) return
  const { subtask, attempt } = deployment
  const kind = 'snapshot-taken'
  const values = keyed === null ? [] : describeValues(entriesNow(keyed))
  if (values.length === 0) context.record({ kind, vertex, subtask, attempt, checkpoint, seq: 0, t: 0 } satisfies FrequentFact)
  else context.record({ kind, vertex, subtask, attempt, checkpoint, content: { values }, seq: 0, t: 0 } satisfies FrequentFact)
}

/** This task will not take the checkpoint: the JobManager and the tasks downstream are told. */
export function abortCheckpoint(task: Task, checkpoint: number, reason: DeclineReason): void {
  const { state } = task
  state.lastCheckpoint = Math.max(state.lastCheckpoint, checkpoint)
  state.abortedAhead = state.abortedAhead.filter((aborted) => aborted > checkpoint)
  decline(task, checkpoint, reason)
  broadcastToAll(task, { type: 'cancel-marker', checkpoint })
}

/** The JobManager aborted a checkpoint: stop what runs of it, and skip its barrier if that is still to come. */
export function onNotifyAborted(task: Task, checkpoint: number): void {
  const { state } = task
  if (checkpoint > state.lastCheckpoint) {
    const maxRemembered = task.graph.configuration.checkpointing.maxConcurrent
    state.abortedAhead = [...state.abortedAhead.filter((id) => id !== checkpoint), checkpoint].sort((a, b) => a - b).slice(-maxRemembered)
  } else {
    cancelAsyncSnapshot(task, checkpoint)
  }
  task.vertex.operators.forEach((operator, index) => {
    const call = task.calls[index]
    if (call !== undefined) operator.code.notifyAborted?.(state.operators[index]?.state, checkpoint, call)
  })
}

/** Lets a channel go on that stopped behind an aligned barrier. */
function resumeChannel(task: Task, channel: number): void {
  const location = task.deployment.producers[channel]
  const producer = task.state.producers[channel]
  if (location === undefined || producer === undefined || producer === null) return
  task.context.send(producer, { kind: 'resume', edge: location.edge, subpartition: location.subpartition }, CREDIT_LANE)
}
