import type { Where } from '../history/index.js'
import { finished } from './job-facts.js'
import { attemptName } from './names.js'
import type { Finding } from './oracle.js'
import { broken } from './protocol-rule.js'
import { type Publications, type Restored, takenBackAt } from './publications.js'
import type { RunFacts } from './run-facts.js'
import { abortedByTheLate, type Request, type Transaction } from './transactions.js'

/**
 * Two-phase commit: a transaction is committed once, only after its checkpoint completed, never after it was aborted, in the order
 * of checkpoints, and again if the answer left it open (`CommitterOperator`, `Committer`; invariants I60 to I64, I67).
 */
export function transactionFindings(facts: RunFacts, publications: Publications): Finding[] {
  const findings: Finding[] = []
  if (facts.header.mode === 'off') return findings
  for (const transaction of facts.transactions.all) {
    findings.push(...prematureCommit(transaction, facts, publications))
    findings.push(...tornTransaction(transaction, facts, publications))
    findings.push(...zombieCommit(transaction, publications))
    findings.push(...repeatedCommit(transaction, facts))
    findings.push(...openAnswer(transaction, facts))
    findings.push(...wrongCount(transaction))
    if (transaction.lateWrites.length > 0) {
      const message = `records were written into ${transaction.name} after it had been pre-committed`
      findings.push(broken('no-write-after-pre-commit', message, [transaction.preCommitted, ...transaction.lateWrites]))
    }
  }
  findings.push(...commitOrder(facts.transactions.all))
  return findings
}

/** A commit may be asked for when a checkpoint from its own on has completed, or when it is restored from one (also a savepoint). */
function allowed(transaction: Transaction, publications: Publications, seq: number): boolean {
  // Pre-committed and in no snapshot yet: no checkpoint can hold it, where the sink takes snapshots at all.
  if (transaction.checkpoint < 0) return !publications.snapshots.some((each) => each.vertex === transaction.vertex)
  const own = publications.completed.filter((each) => each.job === transaction.job && each.seq < seq)
  if (own.some((each) => !each.silent && each.checkpoint >= transaction.checkpoint)) return true
  const stored = own.some((each) => each.checkpoint >= transaction.checkpoint)
  return stored && publications.restored.some((each) => each.checkpoint >= transaction.checkpoint && each.seq < seq)
}

function prematureCommit(transaction: Transaction, facts: RunFacts, publications: Publications): Finding[] {
  const { name, checkpoint, preCommitted, committed } = transaction
  const seqs = transaction.requested.length > 0 ? transaction.requested.map((request) => request.seq) : [committed]
  if (preCommitted === 0) {
    const seq = seqs.find((each) => each > 0)
    if (seq === undefined || transaction.ids.length === 0 || !preCommits(transaction.vertex, facts)) return []
    return [broken('commit-after-pre-commit', `the commit of ${name} was asked for without a pre-commit`, [seq], 'premature-commit')]
  }
  const excused = (each: number): boolean => facts.header.origin === 'recorded' && afterEndOfInput(transaction, each, facts, publications)
  const seq = seqs.find((each) => each > 0 && !allowed(transaction, publications, each) && !excused(each))
  if (seq === undefined) return []
  const which = checkpoint < 0 ? 'any checkpoint it belongs to' : `checkpoint ${String(checkpoint)}, which it belongs to,`
  const message = `the commit of ${name} was asked for before ${which} had completed`
  return [broken('commit-after-completion', message, [preCommitted, seq], 'premature-commit')]
}

/** The history tells of pre-commits of this sink. */
function preCommits(sink: string, facts: RunFacts): boolean {
  return facts.transactions.all.some((each) => each.vertex === sink && each.preCommitted > 0)
}

/**
 * Once it has seen the end of its input, the committer of Flink 1.20 commits all that it holds when it is next told of a completion,
 * whatever its checkpoint: a hole that is known, and no finding about a recorded job. By itself the end commits nothing
 * (`CommitterOperator.endInput`), and who has committed what a checkpoint holds was told of its completion before.
 */
function afterEndOfInput(transaction: Transaction, seq: number, facts: RunFacts, publications: Publications): boolean {
  const end = publications.ends.find((each) => each.job === transaction.job && sameWriter(each, transaction))
  if (end === undefined || end.seq > seq) return false
  const restored = publications.restored.find((each) => each.job === transaction.job && sameWriter(each, transaction))
  const committed = facts.transactions.all.filter((each) => each.job === transaction.job && sameWriter(each, transaction))
  const before = committed.filter((each) => each.requested.some((request) => request.seq < end.seq && asksFor(transaction, request, seq)))
  const told = Math.max(restored?.checkpoint ?? -1, ...before.map(({ checkpoint }) => checkpoint))
  return publications.completed.some((each) => each.job === transaction.job && !each.silent && each.seq < seq && each.checkpoint > told)
}

function sameWriter(one: Where, other: Where): boolean {
  return one.vertex === other.vertex && one.subtask === other.subtask && one.attempt === other.attempt
}

/** Whether a request came from the attempt that asked for the commit of a transaction at `seq`. */
function asksFor({ requested }: Transaction, request: Request, seq: number): boolean {
  return requested.some((each) => each.seq === seq && sameAttempt(each, request))
}

/** A pre-commit counts what was written since the transaction began: all of it is handed to the committer. */
function wrongCount({ name, miscounted, preCommitted, ids, seqs }: Transaction): Finding[] {
  if (miscounted === undefined) return []
  const { said, written } = miscounted
  const message = `${name} was pre-committed with ${String(said)} records after ${String(written)} had been written into it`
  const before = seqs.slice(0, written)
  const again = before.filter((_, at) => ids.indexOf(ids[at] ?? 0) < at)
  return [broken('pre-commit-counts', message, [...(said < written && again.length > 0 ? again : before), preCommitted])]
}

/** Aborted by this job although its checkpoint had completed, or committed and aborted both. */
function tornTransaction(transaction: Transaction, { job }: RunFacts, publications: Publications): Finding[] {
  const { name, aborted, committed, abortWhy } = transaction
  if (aborted === 0) return []
  if (committed > 0) {
    const message = `${name} was committed and aborted (${abortWhy})`
    return [broken('commit-xor-abort', message, [Math.min(committed, aborted), Math.max(committed, aborted)], 'torn-commit')]
  }
  if (abortWhy === 'timeout' || transaction.checkpoint < 0 || transaction.abortJob !== transaction.job) return []
  // What is claimed of the output is beyond its preconditions then, and says so.
  if (abortedByTheLate(transaction, job.firstHeldBack)) return []
  const until = Math.min(aborted, takenBackAt(publications, transaction)?.seq ?? Infinity)
  const completed = publications.completed.find(
    (each) => each.job === transaction.job && !each.silent && each.checkpoint >= transaction.checkpoint && each.seq < until,
  )
  if (completed === undefined) return []
  const message = `${name} was aborted (${abortWhy}) although checkpoint ${String(transaction.checkpoint)}, which it belongs to, had completed`
  return [broken('completed-is-not-aborted', message, [completed.seq, aborted], 'torn-commit')]
}

/** Committed after the sink's subtask had been restored from a checkpoint that does not hold it. */
function zombieCommit(transaction: Transaction, publications: Publications): Finding[] {
  if (transaction.committed === 0 || transaction.preCommitted === 0) return []
  const restored = takenBackAt(publications, transaction)
  if (restored === undefined || restored.seq > transaction.committed || isHeldAgain(transaction, restored, publications)) return []
  const message = `${transaction.name} was committed after its sink had been restored from checkpoint ${String(restored.checkpoint)}, which does not hold it`
  return [broken('commit-of-the-past', message, [restored.seq, transaction.committed], 'zombie-commit')]
}

/**
 * Whether the attempt that asked for the commit was restored from a checkpoint that holds the transaction: one whose store its coordinator
 * did not know of, and which the recovery that took the transaction back had passed over. Its committer asks before its writer is restored.
 */
function isHeldAgain(transaction: Transaction, takenBack: Restored, { restored, snapshots }: Publications): boolean {
  const { vertex, subtask, preCommitted, committed } = transaction
  const request = transaction.requested.findLast(({ seq }) => seq < committed)
  if (request === undefined) return false
  const holding = snapshots.filter(
    (each) => each.vertex === vertex && each.subtask === subtask && each.seq > preCommitted && each.seq < takenBack.seq,
  )
  return restored.some(
    (each) =>
      (each.vertex === vertex || each.vertex === request.vertex) &&
      each.job === request.job &&
      each.attempt === request.attempt &&
      holding.some(({ checkpoint }) => checkpoint === each.checkpoint),
  )
}

/**
 * The outside applies a commit once. A committer drops what was committed and asks again only after a restore; in a recording, which
 * tells the answers as the committer got them, that can be checked.
 */
function repeatedCommit(transaction: Transaction, facts: RunFacts): Finding[] {
  const { name, answered, requested } = transaction
  const done = answered.find((answer) => answer.result === 'applied' || answer.result === 'already')
  if (done === undefined) return []
  const [first, second] = answered.filter((answer) => answer.result === 'applied')
  if (first !== undefined && second !== undefined) {
    return [broken('commit-applies-once', `the commit of ${name} took effect twice`, [first.seq, second.seq])]
  }
  const asker = requested.findLast((request) => request.seq < done.seq)
  const again = requested.find((request) => request.seq > done.seq && asker !== undefined && sameAttempt(request, asker))
  if (again === undefined || facts.header.origin !== 'recorded') return []
  return [broken('commit-once', `the commit of ${name} was asked for again after it had been done`, [done.seq, again.seq])]
}

function sameAttempt(one: Request, other: Request): boolean {
  return one.job === other.job && one.vertex === other.vertex && one.subtask === other.subtask && one.attempt === other.attempt
}

/** No answer, or one that leaves it open whether the commit took effect, must be followed by another request. */
function openAnswer(transaction: Transaction, facts: RunFacts): Finding[] {
  const { name, answered, requested } = transaction
  if (!finished(facts.job) || transaction.job !== facts.transactions.job.number) return []
  const request = requested.at(-1)
  const answer = answered.at(-1)
  if (request === undefined || (answer !== undefined && answer.result !== 'unknown' && answer.result !== 'retry')) return []
  if (answer !== undefined && request.seq > answer.seq) return []
  // Who asked last, or who replaced it, got a clear answer: what a given up attempt still asks, and what it is told, obliges nobody.
  if (answered.some(({ result, attempt }) => attempt >= request.attempt && result !== 'unknown' && result !== 'retry')) return []
  const how = answer === undefined ? 'not answered' : `answered ${answer.result}`
  const evidence = [request.seq, answer?.seq ?? 0]
  return [broken('unknown-commit-is-repeated', `the commit of ${name} was ${how} and never asked for again`, evidence)]
}

/**
 * Per committer attempt, everything of one checkpoint is asked for before anything of a later one; of one writer, for a committer that
 * took over those of several knows better than the history which checkpoint each is of. A writer may have flushed for a checkpoint that
 * was aborted before its snapshot: the history sees the next snapshot, the committable says the one it was flushed for.
 */
function commitOrder(all: readonly Transaction[]): Finding[] {
  const requests: { readonly request: Request; readonly transaction: Transaction }[] = []
  for (const transaction of all) {
    if (transaction.checkpoint >= 0) for (const request of transaction.requested) requests.push({ request, transaction })
  }
  requests.sort((one, other) => one.request.seq - other.request.seq)
  const askers = new Map<string, Asker>()
  const findings: Finding[] = []
  for (const { request, transaction } of requests) {
    const name = `${attemptName(request)} of job ${String(request.job)} for ${String(transaction.subtask)}`
    const asker = askers.get(name)
    if (asker === undefined) {
      askers.set(name, { names: new Set([transaction.name]), newest: transaction })
      continue
    }
    if (asker.names.has(transaction.name)) continue
    asker.names.add(transaction.name)
    const before = asker.newest
    if (before.job === transaction.job && before.checkpoint > transaction.checkpoint) {
      const message = `${transaction.name} of checkpoint ${String(transaction.checkpoint)} was committed after ${before.name} of checkpoint ${String(before.checkpoint)}`
      findings.push(broken('commit-order', message, [request.seq]))
    } else asker.newest = transaction
  }
  return findings
}

/** Who asks for commits: an attempt of a committer, for one writer. */
interface Asker {
  /** Transactions that it has asked for. */
  readonly names: Set<string>
  newest: Transaction
}
