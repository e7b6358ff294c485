/**
 * Coordinators of the sources: which reader gets which split, and what of it a checkpoint remembers (Flink: `SourceCoordinator`,
 * `SplitAssignmentTracker`). At all times each split has exactly one owner: the coordinator, or one reader.
 */
import type { HistoryFact } from '../../history/index.js'
import { refusePromise } from '../../world/index.js'
import type { EnumeratorSnapshot } from '../checkpoint/state-handle.js'
import type { ChainedOperator, JobGraph } from '../graph/job-graph.js'
import type { SplitState } from '../operator.js'
import { sendToTask, type JobMaster, type SourceCoordinatorState } from './job-master.js'
import type { Execution } from './task-executor-messages.js'

/** Coordinators of a job that starts anew. */
export function openSources(graph: JobGraph): SourceCoordinatorState[] {
  return graph.vertices.flatMap(({ id, operators, parallelism }) => {
    const head = operators[0]
    if (head?.splits === undefined) return []
    const none = () => Array.from({ length: parallelism }, () => false)
    return [{ uid: head.uid, vertex: id, unassigned: initialSplits(head), assigned: [], registered: none(), told: none() }]
  })
}

/** Where its source says they begin (Flink: `KafkaSourceEnumerator.getPartitionSplit` with its `OffsetsInitializer`). */
function initialSplits({ name, splits = [], startOffset }: ChainedOperator): SplitState[] {
  return splits.map((split) => ({ split, offset: refusePromise(startOffset?.(split), name) ?? 0 }))
}

/** A reader is there: it gets the splits that are its share, unless it has them from its state. */
export function readerRegistered(master: JobMaster, execution: Execution): void {
  const source = master.state.sources.find(({ vertex }) => vertex === execution.vertex)
  if (source === undefined || master.state.executions[execution.vertex]?.[execution.subtask]?.attempt !== execution.attempt) return
  source.registered[execution.subtask] = true
  assign(master, source, execution)
}

/** Gives a registered reader its share of what is unassigned; not while its gateway is closed. */
function assign(master: JobMaster, source: SourceCoordinatorState, execution: Execution): void {
  if (isGatewayClosed(master, execution)) return
  const { subtask } = execution
  const mine = source.unassigned.filter((split) => shareOf(master.graph, source, split) === subtask)
  source.unassigned = source.unassigned.filter((split) => !mine.includes(split))
  for (const split of mine) {
    source.assigned.push({ checkpoint: 0, subtask, split })
    const vertex = master.graph.vertices[source.vertex]?.operators[0]?.name ?? ''
    master.context.record?.({ kind: 'split-assigned', vertex, subtask, split: split.split, offset: split.offset } satisfies HistoryFact)
  }
  source.assigned.sort((a, b) => a.checkpoint - b.checkpoint || a.subtask - b.subtask || (a.split.split < b.split.split ? -1 : 1))
  if (mine.length > 0) sendToTask(master, execution, { kind: 'operator-event', operator: 0, event: { type: 'add-splits', splits: mine } })
  const { unbounded = false } = master.graph.vertices[source.vertex]?.operators[0] ?? {}
  if (source.told[subtask] === true || unbounded) return
  source.told[subtask] = true
  sendToTask(master, execution, { kind: 'operator-event', operator: 0, event: { type: 'no-more-splits' } })
}

function shareOf(graph: JobGraph, { vertex }: SourceCoordinatorState, { split }: SplitState): number {
  const operator = graph.vertices[vertex]
  const ordinal = operator?.operators[0]?.splits?.indexOf(split) ?? 0
  return ordinal % (operator?.parallelism ?? 1)
}

/**
 * Between the coordinator's snapshot and the reader's acknowledgement no event may pass: it would be after the one and before the
 * other, and its split in neither or in both (FLINK-21996).
 */
function isGatewayClosed({ state }: JobMaster, execution: Execution): boolean {
  return state.coordinator.pending.some(
    ({ phase, notYetAcknowledged }) =>
      phase === 'triggered' &&
      notYetAcknowledged.some(({ vertex, subtask }) => vertex === execution.vertex && subtask === execution.subtask),
  )
}

/** The coordinators' part of a checkpoint. */
export function snapshotSources({ state }: JobMaster, checkpoint: number): readonly EnumeratorSnapshot[] {
  return state.sources.map((source) => {
    source.assigned = source.assigned.map((entry) => (entry.checkpoint === 0 ? { ...entry, checkpoint } : entry))
    return { uid: source.uid, unassigned: source.unassigned }
  })
}

/** A reader has acknowledged, or a checkpoint is gone: what waited for it is sent. */
export function reopenGateway(master: JobMaster, execution: Execution): void {
  const source = master.state.sources.find(({ vertex }) => vertex === execution.vertex)
  if (source?.registered[execution.subtask] === true && source.told[execution.subtask] !== true) assign(master, source, execution)
}

/** A checkpoint was aborted: all gateways are open again. */
export function sourceCoordinatorsAborted(master: JobMaster, checkpoint: number): void {
  for (const source of master.state.sources) {
    recordNotified(master, source, checkpoint, 'abort')
    master.state.executions[source.vertex]?.forEach(({ attempt }, subtask) => {
      reopenGateway(master, { vertex: source.vertex, subtask, attempt })
    })
  }
}

/** Assignments that a completed checkpoint covers need no tracking any more. */
export function checkpointCompleted(master: JobMaster, checkpoint: number): void {
  for (const source of master.state.sources) {
    recordNotified(master, source, checkpoint, 'complete')
    source.assigned = source.assigned.filter((entry) => entry.checkpoint === 0 || entry.checkpoint > checkpoint)
  }
}

/** Coordinators live in the JobManager and are told in the step in which it learns of the end; -1 stands for them in the history. */
function recordNotified(
  { graph, context }: JobMaster,
  { vertex: id }: SourceCoordinatorState,
  checkpoint: number,
  outcome: 'complete' | 'abort',
): void {
  const vertex = graph.vertices[id]?.operators[0]?.name ?? ''
  context.record?.({ kind: 'checkpoint-notified', vertex, subtask: -1, attempt: 0, checkpoint, outcome } satisfies HistoryFact)
}

/** A reader restarts from a checkpoint: what it was given since comes back (Flink: subtaskReset, addSplitsBack). */
export function resetSubtask({ state, graph, context }: JobMaster, vertex: number, subtask: number, restored: number): void {
  const source = state.sources.find((candidate) => candidate.vertex === vertex)
  if (source === undefined) return
  source.registered[subtask] = false
  source.told[subtask] = false
  const back = source.assigned.filter((entry) => entry.subtask === subtask && (entry.checkpoint === 0 || entry.checkpoint > restored))
  source.assigned = source.assigned.filter((entry) => !back.includes(entry))
  const name = graph.vertices[vertex]?.operators[0]?.name ?? ''
  for (const { split } of back)
    context.record?.({ kind: 'split-returned', vertex: name, subtask, split: split.split, offset: split.offset } satisfies HistoryFact)
  source.unassigned = [...source.unassigned, ...back.map(({ split }) => split)].sort((a, b) => (a.split < b.split ? -1 : 1))
}

/** A new JobManager, or a global failover: the coordinators continue from the checkpoint, or from nothing. */
export function resetSources(master: JobMaster, snapshots: readonly EnumeratorSnapshot[] | null): void {
  const { state, graph } = master
  for (const source of state.sources) {
    const head = graph.vertices[source.vertex]?.operators[0]
    const snapshot = snapshots?.find(({ uid }) => uid === source.uid)
    const initial = head === undefined ? [] : initialSplits(head)
    source.unassigned = snapshot === undefined ? initial : [...snapshot.unassigned]
    source.assigned = []
    source.registered.fill(false)
    source.told.fill(false)
  }
}
