import type { EventOf, HistoryEvent, HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName, subtaskName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * When a job has FINISHED and all is quiet, no transaction is open that it has begun. Told by the outside alone: a transaction begins, is
 * committed and is aborted there. What is left open holds readers of committed data up, or keeps its records for ever.
 *
 * A writer aborts what it has not handed to its committer when it closes, and what its predecessors have left when it opens. So these
 * are leaked: those of an attempt that has a successor, and those of the last attempt. Not judged are
 *
 * - those of a job that FAILED: Flink leaves them lingering, for the next job to abort or for their timeout;
 * - files in progress, which `FileSink` never clears away;
 * - what an attempt begins that was given up already, behind a pause or a partition: nobody who comes later looks for it;
 * - what an attempt begins behind a checkpoint that its recovery passed over, and that a later one restores: its name lies before those
 *   that the next writer looks for;
 * - an attempt that dies, or whose abort fails, when no writer comes after it: a task that had written all it had.
 *
 * A broker aborts by itself what has been open for `transaction.timeout.ms`: what it has not when that time has passed in quiet, and the
 * time between two of its scans, is leaked by the broker, whoever began it.
 */
export interface LeakedTransactions {
  readonly header: HistoryHeader
  readonly job: JobEpoch
  /** By name. */
  readonly open: Map<string, OpenTransaction>
  /** Newest attempt of each subtask that was restored, by vertex and subtask: the `seq` of that, and the checkpoint, -1 for none. */
  readonly newest: Map<string, { readonly attempt: number; readonly seq: number; readonly checkpoint: number }>
  /** `seq` of the triggers of checkpoints. */
  readonly triggered: Map<number, number>
  /** Calls that end transactions and came to nothing, and deaths of who makes them: the newest `seq`. */
  unheard: number
  /** A clock was wrong: the outside sees when a timeout has passed, and nobody else does. */
  skewed: boolean
  status: string
  statusSeq: number
  statusAt: number
}

interface OpenTransaction {
  readonly name: string
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly seq: number
  readonly t: number
  /** `seq` of the restore of its attempt, and the checkpoint, -1 for none. */
  readonly restored: number
  readonly from: number
  /**
   * Nobody looks for it any more: its attempt had been given up, or a later one restored a checkpoint that the recovery of its own had
   * passed over.
   */
  readonly passedOver: boolean
}

/** Nothing stays open. */
export const leakedTransactions: Oracle<LeakedTransactions> = {
  name: 'leaked-transactions',
  init: (header) => ({
    header,
    job: createJobEpoch(),
    open: new Map(),
    newest: new Map(),
    triggered: new Map(),
    unheard: 0,
    skewed: false,
    status: '',
    statusSeq: 0,
    statusAt: 0,
  }),
  step: {
    'transaction-begun': stepBegun,
    commit: (state, { result, transaction }) => {
      if (result === 'applied' || result === 'already') state.open.delete(transaction)
    },
    abort: (state, { transaction }) => {
      state.open.delete(transaction)
    },
    restore: stepRestore,
    'checkpoint-triggered': (state, { checkpoint, seq }) => {
      state.triggered.set(checkpoint, seq)
    },
    fault: (state, { fault, seq }) => {
      if (fault === 'skew') state.skewed = true
      state.unheard = seq
    },
    failure: noteUnheard,
    'process-crashed': noteUnheard,
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) {
        state.open.clear()
        state.newest.clear()
      }
      state.status = event.status
      state.statusSeq = event.seq
      state.statusAt = event.t
    },
  },
  verdict: (state) => ruleVerdict(leaks(state)),
}

function noteUnheard(state: LeakedTransactions, { seq }: HistoryEvent): void {
  state.unheard = seq
}

function stepBegun(state: LeakedTransactions, event: EventOf<'transaction-begun'>): void {
  const { transaction: name, vertex, subtask, attempt, seq, t } = event
  const newest = state.newest.get(subtaskName(vertex, subtask))
  const { seq: restored, checkpoint: from } = newest?.attempt === attempt ? newest : { seq: 0, checkpoint: -1 }
  const passedOver = newest !== undefined && newest.attempt > attempt
  state.open.set(name, { name, vertex, subtask, attempt, seq, t, restored, from, passedOver })
}

function stepRestore(state: LeakedTransactions, { vertex, subtask, attempt, checkpoint = -1, seq }: EventOf<'restore'>): void {
  const key = subtaskName(vertex, subtask)
  if ((state.newest.get(key)?.attempt ?? -1) >= attempt) return
  state.newest.set(key, { attempt, seq, checkpoint })
  passOver(state, key, checkpoint)
}

/**
 * The newest attempt of a subtask was restored: its writer looks for names behind that checkpoint only. It had been triggered before the
 * recoveries that restored an older one.
 */
function passOver({ open, triggered }: LeakedTransactions, subtask: string, checkpoint: number): void {
  const at = triggered.get(checkpoint) ?? Infinity
  for (const each of open.values())
    if (subtaskName(each.vertex, each.subtask) === subtask && at < each.restored && each.from < checkpoint)
      open.set(each.name, { ...each, passedOver: true })
}

function leaks(state: LeakedTransactions): Finding[] {
  const { header, status, statusSeq } = state
  if (header.watchedUs === undefined || header.discipline === 'beyond-budget') return []
  const found = [...state.open.values()].filter((each) => isOutstanding(state, each) || (status === 'FINISHED' && isLeft(state, each)))
  const [first] = found
  if (first === undefined) return []
  const others = found.length === 1 ? '' : ` and ${String(found.length - 1)} more`
  const message = `the job is ${status}, and ${first.name}, which ${attemptName(first)} began,${others} ${others === '' ? 'is' : 'are'} still open`
  return [broken('no-open-transactions', message, [...found.slice(0, 3).map(({ seq }) => seq), statusSeq], 'leaked')]
}

/** Time between two scans of the broker (`transaction.abort.timed.out.transaction.cleanup.interval.ms`, Kafka's default), µs. */
const SCAN_US = 10_000_000

/** The broker should have aborted it. */
function isOutstanding({ header, statusAt, status, skewed }: LeakedTransactions, { vertex, t }: OpenTransaction): boolean {
  if (skewed) return false
  const timeoutMs = Number(header.configuration['transaction.timeout.ms'] ?? NaN)
  const ended = status === 'FINISHED' || status === 'FAILED'
  return ended && isObserved(header, vertex, 'read_committed') && t + timeoutMs * 1000 + SCAN_US < statusAt + (header.watchedUs ?? 0)
}

/** A writer of the job should have aborted it. */
function isLeft(state: LeakedTransactions, { vertex, subtask, attempt, seq, passedOver }: OpenTransaction): boolean {
  if (isObserved(state.header, vertex, 'finished-files')) return false
  const newest = state.newest.get(subtaskName(vertex, subtask))
  if (newest !== undefined && newest.attempt > attempt) return !passedOver
  return state.unheard < seq
}

function isObserved({ operators }: HistoryHeader, vertex: string, at: string): boolean {
  return operators.some(({ name, observed = [] }) => name === vertex && observed.some((point) => point === at))
}
