import type { EventOf, HistoryEvent, RecordId } from '../history/index.js'
import { subtaskName } from './names.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Steps } from './steps.js'

/** The transactions of the outside world as the history shows them. A name may be used again; each use is one of these. */
export interface Transactions {
  readonly all: Transaction[]
  /** The newest use of each name. */
  readonly byName: Map<string, Transaction>
  /** The use of a name that a restored attempt holds, where a later one has the same name. */
  readonly restored: Map<string, Transaction>
  /** `seq` of the last snapshot of each checkpoint: what was pre-committed behind it is not in it, whatever it says. */
  readonly taken: Map<number, number>
  /** Pre-committed and not yet part of a snapshot, per sink operator and subtask. */
  readonly unassigned: Map<string, Transaction[]>
  /** Attempts of two jobs are told apart by the number of the job. */
  readonly job: JobEpoch
  /** Writes tell the transaction they go into. */
  tellsWrites: boolean
}

/** One use of a transaction's name. */
export interface Transaction {
  readonly name: string
  /** The use of the same name before this one. */
  readonly before: Transaction | undefined
  /** The sink operator and the subtask and attempt that wrote it. */
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly job: number
  /** Records written into it, whether or not a recovery took them back. */
  readonly ids: RecordId[]
  readonly seqs: number[]
  /** When it was first heard of, and when its first record was written (µs); -1 before. */
  readonly begunAt: number
  firstWriteAt: number
  /** `seq` of its first record; 0 before. */
  firstWrite: number
  /** `seq` of the pre-commit; 0 before. */
  preCommitted: number
  /** How many records the pre-commit says, and how many had been written until then, where both are known and differ. */
  miscounted: { readonly said: number; readonly written: number } | undefined
  /** When it was pre-committed (µs). */
  preCommittedAt: number
  /** The checkpoint whose completion commits it; -1 when not known. */
  checkpoint: number
  readonly requested: Request[]
  readonly answered: Answer[]
  /** `seq` of the first commit that took effect; 0 before. */
  committed: number
  /** `seq` of the abort; 0 before. */
  aborted: number
  abortWhy: string
  /** Attempt of whoever aborted it; -1 before. */
  abortAttempt: number
  /** Number of the job in which it was aborted. */
  abortJob: number
  /** `seq` of writes after the pre-commit. (After an abort a writer goes on until it learns of it.) */
  readonly lateWrites: number[]
}

/** Someone asked for the commit. */
export interface Request {
  readonly seq: number
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly job: number
}

/** What the outside made of a request to commit. */
export interface Answer {
  readonly seq: number
  readonly t: number
  readonly result: string
  /** Attempt of whoever had asked. */
  readonly attempt: number
}

/** No transactions yet. */
export function createTransactions(): Transactions {
  return {
    all: [],
    byName: new Map(),
    restored: new Map(),
    taken: new Map(),
    unassigned: new Map(),
    job: createJobEpoch(),
    tellsWrites: false,
  }
}

/** What events change in them. */
export const TRANSACTION_STEPS: Steps<Transactions> = {
  'sink-write': (state, event) => {
    if (event.transaction !== undefined) stepWrite(state, event, event.transaction)
  },
  'transaction-begun': (state, event) => {
    used(state, event, event.transaction)
  },
  'pre-commit': stepPreCommit,
  'snapshot-taken': (state, event) => {
    state.taken.set(event.checkpoint, event.seq)
    stepSnapshot(state, event)
  },
  'commit-requested': (state, event) => {
    const { seq, vertex, subtask, attempt } = event
    held(state, event, event.transaction).requested.push({ seq, vertex, subtask, attempt, job: state.job.number })
  },
  commit: (state, event) => {
    const transaction = held(state, event, event.transaction)
    transaction.answered.push({ seq: event.seq, t: event.t, result: event.result, attempt: event.attempt })
    if (transaction.committed === 0 && (event.result === 'applied' || event.result === 'already')) transaction.committed = event.seq
  },
  abort: (state, event) => {
    stepAbort(openUse(known(state, event, event.transaction), event.attempt), event, state.job.number)
  },
  restore: stepRestore,
  'job-status': (state, event) => {
    createsJob(state.job, event)
  },
}

type Placed = Extract<HistoryEvent, { subtask: number; attempt: number }>

function stepWrite(state: Transactions, event: EventOf<'sink-write'>, name: string): void {
  const transaction = used(state, event, name)
  transaction.ids.push(event.id)
  transaction.seqs.push(event.seq)
  state.tellsWrites = true
  if (transaction.firstWrite === 0) {
    transaction.firstWrite = event.seq
    transaction.firstWriteAt = event.t
  }
  if (transaction.preCommitted + transaction.committed > 0) transaction.lateWrites.push(event.seq)
}

function stepPreCommit(state: Transactions, event: EventOf<'pre-commit'>): void {
  const transaction = used(state, event, event.transaction)
  transaction.preCommitted = event.seq
  transaction.preCommittedAt = event.t
  if (state.tellsWrites && event.records !== undefined) noteCount(transaction, event.records)
  if (event.checkpoint !== undefined) {
    transaction.checkpoint = event.checkpoint
    return
  }
  const lane = subtaskName(event.vertex, event.subtask)
  const waiting = state.unassigned.get(lane)
  if (waiting === undefined) state.unassigned.set(lane, [transaction])
  else waiting.push(transaction)
}

/** What was pre-committed before snapshot k of its subtask belongs to k. */
function stepSnapshot(state: Transactions, event: EventOf<'snapshot-taken'>): void {
  if (state.unassigned.size === 0) return
  const lane = subtaskName(event.vertex, event.subtask)
  const waiting = state.unassigned.get(lane)
  if (waiting === undefined) return
  for (const transaction of waiting) {
    if (transaction.attempt === event.attempt && transaction.job === state.job.number) transaction.checkpoint = event.checkpoint
  }
  // The snapshot of an attempt that was given up, and went on, says nothing of what its successor has pre-committed.
  const newer = waiting.filter((each) => each.job === state.job.number && each.attempt > event.attempt)
  if (newer.length > 0) state.unassigned.set(lane, newer)
  else state.unassigned.delete(lane)
}

/**
 * Whether an older attempt, which had been given up, opened its writer behind its successor and aborted what that one had begun, because
 * its request was held back (the first time at `firstHeldBack`, a `seq`): nothing in Flink or Kafka keeps it from that.
 */
export function abortedByTheLate(transaction: Transaction, firstHeldBack: number): boolean {
  const { attempt, job, aborted, abortWhy, abortAttempt, abortJob } = transaction
  return abortWhy === 'lingering' && abortJob === job && abortAttempt < attempt && firstHeldBack > 0 && firstHeldBack <= aborted
}

/**
 * A checkpoint whose store was unknown to the coordinator may be restored after a later use of a name that it holds: the names of a
 * sink begin again with the checkpoint that is restored, so that they meet again on the branch that was taken back.
 */
function stepRestore(state: Transactions, event: EventOf<'restore'>): void {
  const { checkpoint } = event
  if (checkpoint === undefined) return
  const taken = state.taken.get(checkpoint) ?? Infinity
  const holds = (use: Transaction): boolean => use.preCommitted > 0 && use.preCommitted < taken && use.checkpoint <= checkpoint
  for (const name of event.content?.committables ?? []) {
    const newest = state.byName.get(name)
    if (newest === undefined || holds(newest)) continue
    const use = state.all.findLast((each) => each.name === name && holds(each))
    if (use !== undefined) state.restored.set(holder(event, name), use)
  }
}

/** The use of a name that an attempt of a committer holds. */
function held(state: Transactions, event: Placed, name: string): Transaction {
  const restored = state.restored.size > 0 ? state.restored.get(holder(event, name)) : undefined
  return restored ?? inForce(known(state, event, name), event.attempt)
}

/**
 * A writer that was given up in a pause may have begun the newest use, behind its successor: that one's is what a newer committer means.
 */
function inForce(newest: Transaction, attempt: number): Transaction {
  let use: Transaction | undefined = newest
  for (; use !== undefined; use = use.before) {
    if (use.job === newest.job && use.attempt > newest.attempt && use.attempt <= attempt) return use
  }
  return newest
}

/** What is aborted is the use in force, unless that has ended: then it is what was begun behind it. */
function openUse(newest: Transaction, attempt: number): Transaction {
  const use = inForce(newest, attempt)
  return use.committed === 0 && use.aborted === 0 ? use : newest
}

function holder({ vertex, subtask, attempt }: Placed, name: string): string {
  return `${vertex}/${String(subtask)}/${String(attempt)}/${name}`
}

function stepAbort(transaction: Transaction, event: EventOf<'abort'>, job: number): void {
  if (transaction.aborted !== 0) return
  transaction.aborted = event.seq
  transaction.abortWhy = event.why
  transaction.abortAttempt = event.attempt
  transaction.abortJob = job
}

function noteCount(transaction: Transaction, said: number): void {
  const written = transaction.ids.length
  if (said !== written && !continues(transaction)) transaction.miscounted = { said, written }
}

/** A use before this one was left open by another attempt: what that one wrote may be in it. */
function continues({ before }: Transaction): boolean {
  return before?.committed === 0 && before.aborted === 0
}

/**
 * The use of a name by the writer of `event`; another writer's use of it, or one that has ended, is a different one. A writer that was
 * cut off may go on beside its successor, each in a use of its own.
 */
function used(state: Transactions, event: Placed, name: string): Transaction {
  let use = state.byName.get(name)
  for (; use !== undefined; use = use.before) {
    if (use.attempt === event.attempt && use.job === state.job.number && !endedBefore(use, event)) return use
  }
  return open(state, event, name)
}

/** A new beginning after an end is a new use; a write after an end is the defect that the protocol rules look for. */
function endedBefore(transaction: Transaction, event: Placed): boolean {
  return event.kind === 'transaction-begun' && (transaction.committed !== 0 || transaction.aborted !== 0)
}

function known(state: Transactions, event: Placed, name: string): Transaction {
  return state.byName.get(name) ?? open(state, event, name)
}

function open(state: Transactions, event: Placed, name: string): Transaction {
  const transaction: Transaction = {
    name,
    before: state.byName.get(name),
    vertex: event.vertex,
    subtask: event.subtask,
    attempt: event.attempt,
    job: state.job.number,
    ids: [],
    seqs: [],
    begunAt: event.t,
    firstWriteAt: -1,
    firstWrite: 0,
    preCommitted: 0,
    miscounted: undefined,
    preCommittedAt: 0,
    checkpoint: -1,
    requested: [],
    answered: [],
    committed: 0,
    aborted: 0,
    abortWhy: '',
    abortAttempt: -1,
    abortJob: 0,
    lateWrites: [],
  }
  state.all.push(transaction)
  state.byName.set(name, transaction)
  return transaction
}
