import { finished } from './job-facts.js'
import type { Finding } from './oracle.js'
import { attemptName } from './names.js'
import { broken } from './protocol-rule.js'
import { isGivenUp, type Publications, type Restored, type Snapshot, takenBackAt } from './publications.js'
import type { RunFacts } from './run-facts.js'
import type { Request, Transaction } from './transactions.js'

/**
 * A restored committer commits what the checkpoint holds before its writer writes anything new, for the completion may have come
 * just before the failure (`CommitterOperator.initializeState`; invariant I64). Where a new job has another parallelism, what a writer's
 * committer held may be another one's, which does not keep that writer waiting: it must be asked for at all.
 */
export function committableFindings(facts: RunFacts, publications: Publications): Finding[] {
  const findings: Finding[] = []
  const fates = facts.transactions.all.map((transaction) => new Fate(transaction, publications))
  for (const restored of publications.restored) {
    if (restored.checkpoint < 0) continue
    const rescaled = isRescaled(restored, publications, facts.transactions.all)
    // In a job with another parallelism the first subtask stands for all: what was held by one may be held by any.
    if (rescaled && restored.subtask !== 0) continue
    const handed = snapshotsOf(restored, rescaled, publications)
    for (const fate of fates) {
      const { transaction } = fate
      if (!heldBy(fate, restored, handed)) continue
      const firstWrite = firstWriteOf(facts, rescaled ? takenOverBy(transaction, restored, publications) : restored)
      if (firstWrite === undefined && !finished(facts.job)) continue
      if (askedBefore(fate, restored, rescaled ? publications : undefined, firstWrite ?? Infinity)) continue
      const message =
        `${attemptName(restored)} was restored from checkpoint ${String(restored.checkpoint)}, which holds ${transaction.name}, ` +
        (firstWrite === undefined ? 'and never committed it' : 'and wrote something new before committing it')
      const holders = rescaled ? generationOf(restored, publications) : [restored.seq]
      findings.push(broken('restored-committables-first', message, [...holders, firstWrite ?? 0]))
    }
  }
  return findings
}

/** What became of a transaction, whoever is restored: found once, for a job may be restored thousands of times. */
class Fate {
  private takenBackSeq: number | undefined
  private firstBy: Map<string, number> | undefined

  constructor(
    readonly transaction: Transaction,
    private readonly publications: Publications,
  ) {}

  /** `seq` of the recovery that did not know it, or of the pre-commit by an attempt that had been given up; Infinity for none. */
  get takenBack(): number {
    return (this.takenBackSeq ??= this.findTakenBack())
  }

  /** `seq` of the first request by an attempt of a job; Infinity for none. */
  askedBy({ job, attempt }: Restored): number {
    this.firstBy ??= firstRequests(this.transaction)
    return this.firstBy.get(attemptOf(job, attempt)) ?? Infinity
  }

  private findTakenBack(): number {
    const { transaction, publications } = this
    // An attempt that had been given up went on: no state that counts knows of what it pre-committed.
    if (isGivenUp(publications, transaction, transaction.preCommitted)) return 0
    return takenBackAt(publications, transaction)?.seq ?? Infinity
  }
}

function firstRequests({ requested }: Transaction): Map<string, number> {
  const first = new Map<string, number>()
  for (const { job, attempt, seq } of requested) {
    const name = attemptOf(job, attempt)
    first.set(name, Math.min(seq, first.get(name) ?? Infinity))
  }
  return first
}

function attemptOf(job: number, attempt: number): string {
  return `${String(job)}/${String(attempt)}`
}

/** The restores of all subtasks of a new job's sink, any of which may hold it. */
function generationOf({ vertex, job, checkpoint }: Restored, { restored }: Publications): number[] {
  return restored.flatMap((each) => (each.vertex === vertex && each.job === job && each.checkpoint === checkpoint ? [each.seq] : []))
}

/** The writer of the task that committed it. */
function takenOverBy({ requested }: Transaction, restored: Restored, rescaled: Publications): Restored {
  const request = requested.find((each) => isOfGeneration(each, restored, rescaled))
  return request === undefined ? restored : { ...restored, subtask: request.subtask, attempt: request.attempt }
}

/**
 * Whether who asked was restored with this attempt. In a rescaled job another subtask, of another region, may go on while this one is
 * restored once more, unless it is restored so as well.
 */
function isOfGeneration({ job, subtask, attempt }: Request, restored: Restored, rescaled: Publications): boolean {
  if (job !== restored.job) return false
  return attempt === restored.attempt || (subtask !== restored.subtask && !isRestoredAgain({ ...restored, subtask, attempt }, rescaled))
}

/** Whether a later attempt of the subtask began with the same checkpoint. */
function isRestoredAgain({ vertex, subtask, attempt, job, checkpoint }: Restored, { restored }: Publications): boolean {
  return restored.some(
    (each) =>
      each.vertex === vertex && each.subtask === subtask && each.job === job && each.attempt > attempt && each.checkpoint === checkpoint,
  )
}

/** The first record that the restored attempt wrote into a transaction. */
function firstWriteOf(facts: RunFacts, restored: Restored): number | undefined {
  let first: number | undefined
  for (const { vertex, subtask, attempt, job, firstWrite } of facts.transactions.all) {
    if (vertex !== restored.vertex || subtask !== restored.subtask || attempt !== restored.attempt || job !== restored.job) continue
    if (firstWrite > 0 && (first === undefined || firstWrite < first)) first = firstWrite
  }
  return first
}

/** Whether it is of a new job, and the job that took the checkpoint had another number of subtasks. */
function isRescaled(of: Restored, { snapshots, restored }: Publications, transactions: readonly Transaction[]): boolean {
  const { vertex, checkpoint, job, seq } = of
  const taken = snapshots.filter((each) => each.job < job && each.vertex === vertex && each.checkpoint === checkpoint && each.seq < seq)
  if (taken.length === 0) return false
  const before = new Set(taken.map(({ subtask }) => subtask)).size
  const now = new Set(restored.flatMap((each) => (each.vertex === vertex && each.job === job ? [each.subtask] : [])))
  // A committer opens in front of its writer: where a commit fails again and again, the writer never does.
  if (now.size < before) {
    const requests = transactions.flatMap((each) => (each.vertex === vertex ? each.requested : []))
    for (const request of requests) if (request.job === job) now.add(request.subtask)
  }
  return now.size !== before
}

/** The newest snapshots, by subtask, of what the attempt was restored with: its own, or in a rescaled job those of all. */
function snapshotsOf(
  { vertex, subtask, checkpoint, seq }: Restored,
  rescaled: boolean,
  { snapshots }: Publications,
): Map<number, Snapshot> {
  const newest = new Map<number, Snapshot>()
  for (const each of snapshots) {
    if (each.vertex !== vertex || each.checkpoint !== checkpoint || each.seq >= seq) continue
    if (rescaled || each.subtask === subtask) newest.set(each.subtask, each)
  }
  return newest
}

/**
 * In the restored checkpoint: pre-committed by then, neither committed nor aborted when the snapshot was taken, and not taken back before.
 */
function heldBy(fate: Fate, { vertex, checkpoint }: Restored, handed: ReadonlyMap<number, Snapshot>): boolean {
  const { transaction } = fate
  if (transaction.vertex !== vertex || transaction.checkpoint < 0 || transaction.checkpoint > checkpoint) return false
  const snapshot = handed.get(transaction.subtask)
  // What was pre-committed by then is of no later job.
  if (snapshot === undefined || transaction.preCommitted > snapshot.seq) return false
  const { committed, aborted } = transaction
  const ended = committed > 0 ? committed : aborted
  return (ended === 0 || ended > snapshot.seq) && fate.takenBack >= snapshot.seq
}

/**
 * Asked for before an event (`seq`) by an attempt of the restored generation; after a change of parallelism another subtask may hold the
 * committable.
 */
function askedBefore(fate: Fate, restored: Restored, rescaled: Publications | undefined, before: number): boolean {
  if (rescaled === undefined) return fate.askedBy(restored) < before
  return fate.transaction.requested.some((request) => request.seq < before && isOfGeneration(request, restored, rescaled))
}
