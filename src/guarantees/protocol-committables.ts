import { finished } from './job-facts.js'
import type { Finding } from './oracle.js'
import { attemptName } from './names.js'
import { broken } from './protocol-rule.js'
import { isGivenUp, type Publications, type Restored, takenBackAt } from './publications.js'
import type { RunFacts } from './run-facts.js'
import type { Request, Transaction } from './transactions.js'

/**
 * A restored committer commits what the checkpoint holds before its writer writes anything new, for the completion may have come
 * just before the failure (`CommitterOperator.initializeState`; invariant I64). Where a new job has another parallelism, what a writer's
 * committer held may be another one's, which does not keep that writer waiting: it must be asked for at all.
 */
export function committableFindings(facts: RunFacts, publications: Publications): Finding[] {
  const findings: Finding[] = []
  for (const restored of publications.restored) {
    if (restored.checkpoint < 0) continue
    const rescaled = isRescaled(restored, publications)
    // In a job with another parallelism the first subtask stands for all: what was held by one may be held by any.
    if (rescaled && restored.subtask !== 0) continue
    const ownFirstWrite = firstWriteOf(facts, restored)
    for (const transaction of facts.transactions.all) {
      if (!heldBy(transaction, restored, rescaled, publications)) continue
      const firstWrite = rescaled ? firstWriteOf(facts, takenOverBy(transaction, restored, publications)) : ownFirstWrite
      if (firstWrite === undefined && !finished(facts.job)) continue
      if (askedAfter(transaction, restored, rescaled ? publications : undefined, firstWrite ?? Infinity)) continue
      const message =
        `${attemptName(restored)} was restored from checkpoint ${String(restored.checkpoint)}, which holds ${transaction.name}, ` +
        (firstWrite === undefined ? 'and never committed it' : 'and wrote something new before committing it')
      const holders = rescaled ? generationOf(restored, publications) : [restored.seq]
      findings.push(broken('restored-committables-first', message, [...holders, firstWrite ?? 0]))
    }
  }
  return findings
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
function isOfGeneration({ job, subtask, attempt }: Request, restored: Restored, rescaled: Publications | undefined): boolean {
  if (job !== restored.job) return false
  if (attempt === restored.attempt || rescaled === undefined) return attempt === restored.attempt
  return subtask !== restored.subtask && !isRestoredAgain({ ...restored, subtask, attempt }, rescaled)
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
function isRescaled({ vertex, checkpoint, job, seq }: Restored, { snapshots, restored }: Publications): boolean {
  const taken = snapshots.filter((each) => each.vertex === vertex && each.checkpoint === checkpoint && each.seq < seq && each.job < job)
  if (taken.length === 0) return false
  const subtasks = (all: readonly Restored[]): number => new Set(all.map((each) => each.subtask)).size
  return subtasks(taken) !== subtasks(restored.filter((each) => each.vertex === vertex && each.job === job))
}

/** In the restored checkpoint: pre-committed by then, and neither committed nor aborted when the snapshot was taken. */
function heldBy(transaction: Transaction, restored: Restored, rescaled: boolean, publications: Publications): boolean {
  if (transaction.vertex !== restored.vertex || (transaction.subtask !== restored.subtask && !rescaled)) return false
  if (transaction.checkpoint < 0 || transaction.checkpoint > restored.checkpoint || transaction.preCommitted > restored.seq) return false
  const snapshot = publications.snapshots.findLast(
    (each) =>
      each.vertex === restored.vertex &&
      each.subtask === transaction.subtask &&
      each.checkpoint === restored.checkpoint &&
      each.seq < restored.seq,
  )
  if (snapshot === undefined || transaction.preCommitted > snapshot.seq || transaction.job > snapshot.job) return false
  // An attempt that had been given up went on: no state that counts knows of what it pre-committed.
  if (isGivenUp(publications, transaction, transaction.preCommitted)) return false
  // A recovery in between that did not know it: nobody holds it any more.
  if ((takenBackAt(publications, transaction)?.seq ?? Infinity) < snapshot.seq) return false
  const ended = transaction.committed > 0 ? transaction.committed : transaction.aborted
  return ended === 0 || ended > snapshot.seq
}

/** Asked for by an attempt of the restored generation; after a change of parallelism another subtask may hold the committable. */
function askedAfter({ requested }: Transaction, restored: Restored, rescaled: Publications | undefined, before: number): boolean {
  return requested.some((request) => request.seq < before && isOfGeneration(request, restored, rescaled))
}
