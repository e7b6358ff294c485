import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A subtask takes the snapshot of a checkpoint at most once, after its trigger, with ids strictly increasing per attempt and above
 * the restored one (`SubtaskCheckpointCoordinatorImpl`: lastCheckpointId).
 */
export interface SnapshotOrder {
  readonly job: JobEpoch
  /** Triggered in the current job; undefined while the history has told of no trigger. */
  triggered: Set<number> | undefined
  /** Per operator and subtask, the newest attempt and its newest id. */
  readonly newest: Map<string, Newest[]>
  readonly findings: Finding[]
}

interface Newest {
  attempt: number
  checkpoint: number
  seq: number
}

/** Snapshots are taken once, in order, after their trigger. */
export const snapshotOrder: Oracle<SnapshotOrder> = {
  name: 'snapshot-order',
  init: () => ({ job: createJobEpoch(), triggered: undefined, newest: new Map(), findings: [] }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.newest.clear()
      state.triggered?.clear()
    },
    'checkpoint-triggered': (state, { checkpoint }) => {
      state.triggered ??= new Set()
      state.triggered.add(checkpoint)
    },
    restore: stepRestore,
    'snapshot-taken': stepSnapshot,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function newestOf(state: SnapshotOrder, event: { vertex: string; subtask: number }): Newest {
  let subtasks = state.newest.get(event.vertex)
  if (subtasks === undefined) state.newest.set(event.vertex, (subtasks = []))
  for (let next = subtasks.length; next <= event.subtask; next++) subtasks.push({ attempt: -1, checkpoint: -1, seq: 0 })
  return subtasks[event.subtask] ?? { attempt: -1, checkpoint: -1, seq: 0 }
}

function stepRestore(state: SnapshotOrder, event: EventOf<'restore'>): void {
  const newest = newestOf(state, event)
  if (event.attempt <= newest.attempt) return
  newest.attempt = event.attempt
  newest.checkpoint = event.checkpoint ?? -1
  newest.seq = event.seq
}

function stepSnapshot(state: SnapshotOrder, event: EventOf<'snapshot-taken'>): void {
  const newest = newestOf(state, event)
  if (event.attempt < newest.attempt) return
  if (state.triggered !== undefined && !state.triggered.has(event.checkpoint)) {
    const message = `${attemptName(event)} took a snapshot of checkpoint ${String(event.checkpoint)}, which was not triggered`
    state.findings.push(broken('snapshot-after-trigger', message, [event.seq]))
  }
  if (event.attempt === newest.attempt && event.checkpoint <= newest.checkpoint) {
    const message = `${attemptName(event)} took a snapshot of checkpoint ${String(event.checkpoint)} after that of ${String(newest.checkpoint)}`
    state.findings.push(broken('snapshot-once', message, [newest.seq, event.seq]))
  }
  newest.checkpoint = event.attempt === newest.attempt ? Math.max(event.checkpoint, newest.checkpoint) : event.checkpoint
  newest.attempt = event.attempt
  newest.seq = event.seq
}
