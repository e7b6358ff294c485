import type { HistoryHeader } from '../history/index.js'
import { inOrder } from './evidence.js'
import { heldUpReaders } from './held-up-readers.js'
import type { RecordLog } from './lane.js'
import { sourcesOf } from './operator-shapes.js'
import { type Publications, type Restored, takenBackAt } from './publications.js'
import { budgetSpent, grantedRestarts } from './restart-budget.js'
import type { RunFacts } from './run-facts.js'
import { timedOutWriters } from './timed-out-writers.js'
import { lanesOf, type Timeline } from './timeline.js'
import { abortedByTheLate, type Transaction } from './transactions.js'

/** What a delivery guarantee takes for granted and what this history does not grant. */
export type PreconditionName =
  /** P4: only the newest completed checkpoint is restored, by one job at a time. */
  | 'restored-old-snapshot'
  /**
   * P4 within one job: a checkpoint that is in the store, and its coordinator does not know, is not passed over by one recovery and
   * restored by the next. What its transactions held was given up in between.
   */
  | 'restored-passed-over-checkpoint'
  /** P5: a job that published output goes on from its state. */
  | 'started-without-state'
  /** P3: the transaction timeout is longer than checkpoint and outage together. */
  | 'transaction-timed-out'
  /**
   * P3, for a job of several regions: the transaction timeout is longer than the restart of a region, or none ever finds the others
   * running.
   */
  | 'timed-out-while-writing'
  /**
   * P2, between attempts: one that was given up while its process was paused or its links slow, or that a JobManager had deployed whose
   * words a partition held back when it died, does not open its writer behind its successor. Whoever initialises a transactional id aborts
   * what is open or pre-committed under it, and nothing tells the two attempts apart.
   */
  | 'opened-behind-its-successor'
  /**
   * P2, between attempts, for whoever reads to the end of the history only: one that was given up leaves no transaction open behind its
   * successor's start. Readers of committed data see what lies behind it when it has timed out.
   */
  | 'held-up-by-given-up-attempt'
  /**
   * At least once, with bounded input: no task is at its end when the last barrier of a checkpoint that is restored comes, while a source
   * was not at its end when its own barrier left. What that source reads again finds a writer that has ended (Flink: "Received element
   * after endOfInput"), at every restart.
   */
  | 'finished-before-its-barriers'
  /** A JobManager that is lost comes back only with high availability. */
  | 'job-manager-lost-without-ha'
  /**
   * A new job with another parallelism does not begin with a checkpoint in which subtasks of a sink had ended and more is to come: that they
   * have is list state, which is dealt out anew, and records come to writers that take themselves for ended (Flink: "Received element after
   * endOfInput"), at every restart. More is to come where others had not ended, or where a source delivers again what was not acknowledged.
   */
  | 'rescaled-while-ending'
  /** A new job may go on from the checkpoint: its parallelism, and the tasks that had finished, are such that Flink restores it. */
  | 'restore-refused'
  /** The restart strategy grants as many restarts as there are failures. */
  | 'restart-budget-exceeded'

/** What a broken precondition concerns: claims about these are not counted. */
type Concern = 'state' | 'output'

const CONCERNS: Readonly<Record<PreconditionName, readonly Concern[]>> = {
  'restored-old-snapshot': ['output'],
  'restored-passed-over-checkpoint': ['output'],
  'started-without-state': ['output'],
  'transaction-timed-out': ['output'],
  'timed-out-while-writing': [],
  'opened-behind-its-successor': ['output'],
  'held-up-by-given-up-attempt': ['output'],
  'finished-before-its-barriers': ['state', 'output'],
  'job-manager-lost-without-ha': ['state', 'output'],
  'rescaled-while-ending': ['state', 'output'],
  'restore-refused': ['state', 'output'],
  'restart-budget-exceeded': ['state', 'output'],
}

/** The names of all preconditions. */
export const PRECONDITIONS: readonly string[] = Object.keys(CONCERNS)

/** Whether claims about the state, or about output, do not count where this precondition is broken. */
export function concerns(name: PreconditionName, what: Concern): boolean {
  return CONCERNS[name].includes(what)
}

/** One precondition that was broken, what it concerns, and the events that show it. */
export interface BrokenPrecondition {
  readonly name: PreconditionName
  readonly message: string
  readonly evidence: readonly number[]
  /** Claims about these are not counted: `state`, `output`, or both; neither where it only keeps the job from going on. */
  readonly concerns: readonly Concern[]
}

/** The preconditions that the history breaks. */
export function brokenPreconditions(facts: RunFacts, publications: Publications, lostJobManagers: readonly number[]): BrokenPrecondition[] {
  return [
    ...oldSnapshot(publications),
    ...passedOver(publications),
    ...timedOut(facts, publications),
    ...timedOutWhileWriting(facts, publications),
    ...openedBehindSuccessor(facts),
    ...heldUp(facts, publications),
    ...finishedBeforeBarriers(facts, publications),
    ...lostWithoutHa(facts, lostJobManagers),
    ...rescaledWhileEnding(facts, publications),
    ...restoreRefused(facts),
    ...budgetExceeded(facts),
  ]
}

function brokenBy(name: PreconditionName, message: string, evidence: readonly number[]): BrokenPrecondition {
  return { name, message, evidence, concerns: CONCERNS[name] }
}

/** A new job that starts from something older than what the jobs before it had published, or from nothing. */
function oldSnapshot(publications: Publications): BrokenPrecondition[] {
  const found: BrokenPrecondition[] = []
  for (let job = 2; job <= publications.job.number; job++) {
    const start = publications.restored.find((each) => each.job === job)
    if (start === undefined) continue
    const published = publications.completed.filter((each) => each.job < job && !each.silent && each.seq < start.seq)
    const newest = published.filter((each) => each.job === job - 1).at(-1) ?? published.at(-1)
    if (newest === undefined || (newest.job === job - 1 && newest.checkpoint <= start.checkpoint)) continue
    const name = start.checkpoint < 0 ? 'started-without-state' : 'restored-old-snapshot'
    const from = start.checkpoint < 0 ? 'without state' : `from checkpoint ${String(start.checkpoint)}`
    const message = `job ${String(job)} started ${from} although checkpoint ${String(newest.checkpoint)} of the job before it had completed`
    found.push(brokenBy(name, message, [newest.seq, start.seq]))
  }
  return found
}

/**
 * The answer of the store was lost, so the coordinator took the checkpoint for failed and restored an older one; later a JobManager that
 * asked the store anew restored it after all.
 */
function passedOver({ completed, restored }: Publications): BrokenPrecondition[] {
  return completed.flatMap(({ checkpoint, job, seq, silent, givenUp = seq }) => {
    if (!silent) return []
    const over = restored.find((each) => each.job === job && each.seq > givenUp && each.checkpoint < checkpoint)
    const back = restored.find((each) => each.job === job && over !== undefined && each.seq > over.seq && each.checkpoint === checkpoint)
    if (over === undefined || back === undefined) return []
    const older = over.checkpoint < 0 ? 'no checkpoint' : `checkpoint ${String(over.checkpoint)}`
    const message = `checkpoint ${String(checkpoint)} was stored without its coordinator's knowledge: one recovery restored ${older} instead, the next one restored it`
    return [brokenBy('restored-passed-over-checkpoint', message, inOrder([seq, over.seq, back.seq]))]
  })
}

/** Whether a broken precondition may keep the job from going on: it may try for ever to commit what was given up. */
export function excusesProgress(broken: readonly BrokenPrecondition[]): boolean {
  return broken.some(mayKeepFromGoingOn)
}

/** Whether the job may never end for it. */
export function mayKeepFromGoingOn({ name }: BrokenPrecondition): boolean {
  return KEEP_FROM_GOING_ON.has(name)
}

const KEEP_FROM_GOING_ON: ReadonlySet<PreconditionName> = new Set([
  'timed-out-while-writing',
  'restored-passed-over-checkpoint',
  'opened-behind-its-successor',
  'finished-before-its-barriers',
  'rescaled-while-ending',
  'restore-refused',
])

/** The broker gave up a transaction that a completed checkpoint holds, or refuses its commit after the timeout. */
function timedOut(facts: RunFacts, publications: Publications): BrokenPrecondition[] {
  const found: BrokenPrecondition[] = []
  const timeoutMs = Number(facts.header.configuration['transaction.timeout.ms'] ?? NaN)
  for (const transaction of facts.transactions.all) {
    if (transaction.preCommitted === 0) continue
    // A recovery that did not know the transaction gave it up itself: its timeout then costs nothing.
    const until = takenBackAt(publications, transaction)?.seq ?? Infinity
    const held = publications.completed.find(
      (each) => each.job === transaction.job && each.checkpoint >= transaction.checkpoint && each.seq < until,
    )
    if (held === undefined || transaction.checkpoint < 0) continue
    const refused = transaction.answered.find((answer) => answer.result === 'failed-known' || answer.result === 'aborted')
    const age = refused === undefined ? 0 : refused.t - begunAt(transaction, facts.transactions.all)
    const byBroker = transaction.aborted > 0 && transaction.abortWhy === 'timeout'
    if (!byBroker && !(age >= timeoutMs * 1000)) continue
    const message = `${transaction.name} of checkpoint ${String(transaction.checkpoint)} was given up by its transaction timeout before it was committed`
    const evidence = inOrder([transaction.preCommitted, held.seq, transaction.aborted, refused?.seq ?? 0])
    found.push(brokenBy('transaction-timed-out', message, evidence))
  }
  return found
}

/** Writers lose their transactions again and again, and fail for it. */
function timedOutWhileWriting(facts: RunFacts, publications: Publications): BrokenPrecondition[] {
  const found = timedOutWriters(facts, publications)
  const [first] = found
  const last = found.at(-1)
  if (first === undefined || last === undefined) return []
  const message = `${String(found.length)} attempts lost the transaction they were writing into by its timeout, the first ${first.name}, without any fault: restarts take longer`
  return [brokenBy('timed-out-while-writing', message, [first.aborted, last.aborted])]
}

/** An older attempt aborted the transaction of a newer one, by a request that was held back. */
function openedBehindSuccessor({ transactions, job }: RunFacts): BrokenPrecondition[] {
  return transactions.all.flatMap((transaction) => {
    if (!abortedByTheLate(transaction, job.firstHeldBack)) return []
    const { name, aborted, abortAttempt } = transaction
    const message = `attempt ${String(abortAttempt)}, which had been given up, opened its writer late and aborted ${name} of its successor`
    return [brokenBy('opened-behind-its-successor', message, [job.firstHeldBack, aborted])]
  })
}

/** An older attempt has left a transaction open in front of what was committed. */
function heldUp(facts: RunFacts, publications: Publications): BrokenPrecondition[] {
  return heldUpReaders(facts, publications).map(({ transaction: { name, attempt }, evidence, records }) => {
    const message = `${name}, which attempt ${String(attempt)} left open when it had been given up, keeps ${String(records)} committed records from read_committed readers until it times out`
    return brokenBy('held-up-by-given-up-attempt', message, evidence)
  })
}

/** A finished sink was restored from a checkpoint behind which one of its sources goes on. */
function finishedBeforeBarriers({ header }: RunFacts, { restored, snapshots, ends }: Publications): BrokenPrecondition[] {
  if (header.mode !== 'at-least-once') return []
  const isSink = (vertex: string): boolean => header.operators.some(({ name, role }) => name === vertex && role === 'sink')
  const endedBefore = ({ vertex, subtask, attempt, job, seq }: Restored): boolean =>
    ends.some((end) => end.vertex === vertex && end.subtask === subtask && end.attempt === attempt && end.job === job && end.seq < seq)
  for (const { checkpoint, vertex, subtask, seq, job } of restored) {
    if (!isSink(vertex)) continue
    // A new job restores what another one has made.
    const made = snapshots.findLast((each) => each.checkpoint === checkpoint && each.seq < seq)
    const ofCheckpoint = snapshots.filter((each) => each.checkpoint === checkpoint && each.job === made?.job)
    // At another parallelism it may be any of them.
    const own = ofCheckpoint.find((each) => each.vertex === vertex && (each.subtask === subtask || each.job !== job) && endedBefore(each))
    if (own === undefined) continue
    const sources = sourcesOf(header, vertex)
    const going = ofCheckpoint.find((each) => sources.has(each.vertex) && !endedBefore(each))
    if (going === undefined) continue
    const message = `${vertex} (${String(subtask)}) had finished when it took its snapshot of checkpoint ${String(checkpoint)}, and ${going.vertex} had not`
    return [brokenBy('finished-before-its-barriers', message, [going.seq, own.seq, seq])]
  }
  return []
}

/**
 * Of a sink's snapshots that a new job restores, some were taken behind the end of input, or all and its sources go on; and the job has
 * another number of subtasks.
 */
function rescaledWhileEnding({ header, timeline }: RunFacts, { restored, snapshots, ends }: Publications): BrokenPrecondition[] {
  for (const { name: vertex } of header.operators.filter(({ role }) => role === 'sink')) {
    const start = restored.find(
      (each) => each.vertex === vertex && snapshots.some(({ job, checkpoint }) => job < each.job && checkpoint === each.checkpoint),
    )
    if (start === undefined) continue
    const { job, checkpoint, seq } = start
    const taken = snapshots.filter((each) => each.vertex === vertex && each.checkpoint === checkpoint && each.job < job)
    const ended = taken.filter((each) => ends.some((end) => isSame(end, each) && end.seq < each.seq))
    if (ended.length === 0 || (ended.length === taken.length && !isGivenMore(header, timeline, vertex, within(restored, start)))) continue
    const subtasks = new Set(restored.flatMap((each) => (each.vertex === vertex && each.job === job ? [each.subtask] : [])))
    if (subtasks.size === taken.length) continue
    const message = `${String(ended.length)} of ${String(taken.length)} subtasks of ${vertex} had ended in checkpoint ${String(checkpoint)}, which ${String(subtasks.size)} subtasks restore`
    return [brokenBy('rescaled-while-ending', message, [...ended.map((each) => each.seq), seq])]
  }
  return []
}

/** Whether a source whose positions are in no checkpoint emitted anything for an operator while a job ran. */
function isGivenMore(header: HistoryHeader, timeline: Timeline, operator: string, { from, to }: { from: number; to: number }): boolean {
  const isThen = ({ seqs }: RecordLog): boolean => seqs.some((seq) => seq > from && seq < to)
  const sources = sourcesOf(header, operator)
  return header.operators.some(({ name, withoutPositions }) => {
    if (withoutPositions !== true || !sources.has(name)) return false
    const { lanes, takenBack } = lanesOf(timeline, name)
    return isThen(takenBack) || lanes.some(({ emitted }) => isThen(emitted))
  })
}

/** From the first restore of a job to the first of the next one, `seq`. */
function within(restored: readonly Restored[], { job }: Restored): { from: number; to: number } {
  const from = restored.find((each) => each.job === job)?.seq ?? 0
  return { from, to: restored.find((each) => each.job > job)?.seq ?? Infinity }
}

/** The same attempt of the same subtask. */
function isSame(one: Omit<Restored, 'checkpoint' | 'seq'>, other: Omit<Restored, 'checkpoint' | 'seq'>): boolean {
  return one.vertex === other.vertex && one.subtask === other.subtask && one.attempt === other.attempt && one.job === other.job
}

/** When a transaction began at the earliest: with its first record, or, where the history does not tell, when the one before was done. */
function begunAt(transaction: Transaction, all: readonly Transaction[]): number {
  if (transaction.firstWriteAt >= 0) return transaction.firstWriteAt
  if (transaction.begunAt < transaction.preCommittedAt) return transaction.begunAt
  const { vertex, subtask, preCommitted } = transaction
  const before = all.findLast(
    (each) => each.vertex === vertex && each.subtask === subtask && each.preCommitted > 0 && each.preCommitted < preCommitted,
  )
  return before?.preCommittedAt ?? 0
}

function lostWithoutHa(facts: RunFacts, lost: readonly number[]): BrokenPrecondition[] {
  if (facts.header.discipline === 'beyond-budget') return []
  const [first] = lost
  const type = facts.header.configuration['high-availability.type'] ?? facts.header.configuration['high-availability'] ?? 'NONE'
  if (first === undefined || type.toUpperCase() !== 'NONE') return []
  const message = 'the JobManager was lost, and without high availability nothing brings the job back'
  return [brokenBy('job-manager-lost-without-ha', message, [first])]
}

function restoreRefused({ job: { refused } }: RunFacts): BrokenPrecondition[] {
  if (refused === undefined) return []
  const message = `the job cannot begin with checkpoint ${String(refused.checkpoint)}: ${refused.reason}`
  return [brokenBy('restore-refused', message, [refused.seq])]
}

function budgetExceeded({ header, job }: RunFacts): BrokenPrecondition[] {
  // Beyond the budget it is what is looked for, and excuses nothing.
  if (header.discipline === 'beyond-budget' || job.status !== 'FAILED' || !budgetSpent(header, job)) return []
  const granted = grantedRestarts(header)
  const message = Number.isFinite(granted)
    ? `the job FAILED for good after ${String(granted)} restarts, which is all its strategy grants`
    : `the job FAILED for good after ${String(job.restarts)} restarts: it fails more often than its strategy grants`
  return [brokenBy('restart-budget-exceeded', message, [job.statusSeq])]
}
