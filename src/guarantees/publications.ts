import type { EventOf, HistoryHeader } from '../history/index.js'
import { leavesFateUnknown } from './fate-unknown.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Transaction } from './transactions.js'
import type { Steps } from './steps.js'

/** What allows transactions to be published and what takes them back: completions, snapshots and restores of all jobs, in order. */
export interface Publications {
  readonly job: JobEpoch
  readonly origin: HistoryHeader['origin']
  /** The checkpoint chosen for the restore that goes on, for recorded operators that do not tell; -1 for an empty start. */
  chosen: number
  readonly completed: Completed[]
  /** Checkpoints of the current job of which nobody knows whether they are in the store, and the `seq` since when. */
  readonly unsure: Map<number, number>
  readonly restored: Restored[]
  /** `seq` of the snapshots of each subtask. */
  readonly snapshots: Snapshot[]
  /** Ends of input, as the operators saw them. */
  readonly ends: EndOfInput[]
}

interface EndOfInput extends Placed {
  readonly job: number
  readonly seq: number
}

interface Placed {
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
}

interface Completed {
  readonly checkpoint: number
  readonly job: number
  readonly seq: number
  /** Since when its coordinator takes it for failed, where that was before it completed. */
  readonly givenUp?: number
  /** A plain savepoint, or a checkpoint of which nobody knows whether it is in the store: published by a restore only. */
  silent: boolean
}

/** What a subtask put into a checkpoint, and when it was recorded. */
export interface Snapshot extends Placed {
  readonly checkpoint: number
  readonly job: number
  readonly seq: number
}

/** A restore; checkpoint -1 is an empty start. */
export type Restored = Snapshot

/** Nothing yet. */
export function createPublications({ origin }: HistoryHeader): Publications {
  return { job: createJobEpoch(), origin, chosen: -1, completed: [], unsure: new Map(), restored: [], snapshots: [], ends: [] }
}

/** What events change in them. */
export const PUBLICATION_STEPS: Steps<Publications> = {
  'job-status': (state, event) => {
    if (!createsJob(state.job, event)) return
    state.chosen = -1
    state.unsure.clear()
  },
  'checkpoint-completed': stepCompleted,
  'checkpoint-aborted': (state, event) => {
    if (!leavesFateUnknown(event)) return
    const completed = state.completed.findLast((each) => each.checkpoint === event.checkpoint)
    if (completed?.job === state.job.number) completed.silent = true
    else state.unsure.set(event.checkpoint, event.seq)
  },
  'restore-chosen': (state, { checkpoint }) => {
    state.chosen = checkpoint ?? -1
  },
  restore: (state, { seq, vertex, subtask, attempt, checkpoint: told }) => {
    const checkpoint = told ?? (state.origin === 'recorded' ? state.chosen : -1)
    state.restored.push({ checkpoint, job: state.job.number, seq, vertex, subtask, attempt })
  },
  'snapshot-taken': (state, { seq, vertex, subtask, attempt, checkpoint }) => {
    state.snapshots.push({ checkpoint, job: state.job.number, seq, vertex, subtask, attempt })
  },
  'end-of-input': (state, { seq, vertex, subtask, attempt }) => {
    state.ends.push({ job: state.job.number, seq, vertex, subtask, attempt })
  },
}

function stepCompleted(state: Publications, event: EventOf<'checkpoint-completed'>): void {
  const { checkpoint, seq } = event
  const givenUp = state.unsure.get(checkpoint)
  const silent = givenUp !== undefined || (event.savepoint === true && event.synchronous !== true)
  state.completed.push({ checkpoint, job: state.job.number, seq, silent, ...(givenUp !== undefined && { givenUp }) })
}

/** Whether a newer attempt of the subtask that wrote the transaction was restored in its job, before an event (`seq`). */
export function isGivenUp({ restored }: Publications, { vertex, subtask, job, attempt }: Transaction, before = Infinity): boolean {
  return restored.some(
    (each) => each.vertex === vertex && each.subtask === subtask && each.job === job && each.attempt > attempt && each.seq < before,
  )
}

/**
 * The first restore of the transaction's sink subtask, or of any in a later job, from a checkpoint that does not hold it. An attempt that
 * was given up takes nothing of its successors back, however late it reads its state.
 */
export function takenBackAt(state: Publications, transaction: Transaction): Restored | undefined {
  return state.restored.find(
    (each) =>
      each.vertex === transaction.vertex &&
      each.seq > transaction.preCommitted &&
      (each.job !== transaction.job || (each.subtask === transaction.subtask && each.attempt > transaction.attempt)) &&
      (transaction.checkpoint < 0 || each.checkpoint < transaction.checkpoint),
  )
}
