import { finished } from './job-facts.js'
import type { Finding } from './oracle.js'
import { attemptName, broken } from './protocol-rule.js'
import { type Publications, type Restored, takenBackAt } from './publications.js'
import type { RunFacts } from './run-facts.js'
import type { Transaction } from './transactions.js'

/**
 * A restored committer commits what the checkpoint holds before its writer writes anything new, for the completion may have come
 * just before the failure (`CommitterOperator.initializeState`; invariant I64).
 */
export function committableFindings(facts: RunFacts, publications: Publications): Finding[] {
  const findings: Finding[] = []
  for (const restored of publications.restored) {
    if (restored.checkpoint < 0) continue
    const firstWrite = firstWriteOf(facts, restored)
    if (firstWrite === undefined && !finished(facts.job)) continue
    for (const transaction of facts.transactions.all) {
      if (!heldBy(transaction, restored, publications) || askedAfter(transaction, restored, firstWrite ?? Infinity)) continue
      const message =
        `${attemptName(restored)} was restored from checkpoint ${String(restored.checkpoint)}, which holds ${transaction.name}, ` +
        (firstWrite === undefined ? 'and never committed it' : 'and wrote something new before committing it')
      findings.push(broken('restored-committables-first', message, [restored.seq, firstWrite ?? 0]))
    }
  }
  return findings
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

/** In the restored checkpoint: pre-committed by then, and neither committed nor aborted when the snapshot was taken. */
function heldBy(transaction: Transaction, restored: Restored, publications: Publications): boolean {
  if (transaction.vertex !== restored.vertex || transaction.subtask !== restored.subtask) return false
  if (transaction.checkpoint < 0 || transaction.checkpoint > restored.checkpoint || transaction.preCommitted > restored.seq) return false
  const snapshot = publications.snapshots.findLast(
    (each) =>
      each.vertex === restored.vertex &&
      each.subtask === restored.subtask &&
      each.checkpoint === restored.checkpoint &&
      each.seq < restored.seq,
  )
  if (snapshot === undefined || transaction.preCommitted > snapshot.seq || transaction.job > snapshot.job) return false
  if (preparedBehindSuccessor(transaction, publications)) return false
  // A recovery in between that did not know it: nobody holds it any more.
  if ((takenBackAt(publications, transaction)?.seq ?? Infinity) < snapshot.seq) return false
  const ended = transaction.committed > 0 ? transaction.committed : transaction.aborted
  return ended === 0 || ended > snapshot.seq
}

/** An attempt that had been given up went on, and pre-committed after its successor had been restored: no state that counts knows of it. */
function preparedBehindSuccessor({ vertex, subtask, attempt, job, preCommitted }: Transaction, publications: Publications): boolean {
  return publications.restored.some(
    (each) => each.vertex === vertex && each.subtask === subtask && each.job === job && each.attempt > attempt && each.seq < preCommitted,
  )
}

/** Asked for by an attempt of the restored generation; after a change of parallelism another subtask may hold the committable. */
function askedAfter(transaction: Transaction, restored: Restored, before: number): boolean {
  return transaction.requested.some(
    (request) => request.job === restored.job && request.attempt === restored.attempt && request.seq < before,
  )
}
