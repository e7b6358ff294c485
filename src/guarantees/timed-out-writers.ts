import { isGivenUp, type Publications } from './publications.js'
import type { RunFacts } from './run-facts.js'
import type { Transaction } from './transactions.js'

/** So many attempts must have lost their transaction: fewer may be the end of something else. */
const LOOP = 3

/**
 * Transactions that the broker timed out while their attempt was in force and no fault was left to blame, one for each attempt. The writer
 * is fenced by it and fails. Where regions restart each for itself, and a restart takes longer than the timeout, no checkpoint ever finds
 * all tasks running, and they take turns in failing without end.
 */
export function timedOutWriters({ transactions, job }: RunFacts, publications: Publications): Transaction[] {
  const timedOut = transactions.all.filter(
    (each) => each.abortWhy === 'timeout' && each.aborted > job.lastStrike && !isGivenUp(publications, each, each.aborted),
  )
  const ofAttempts = new Map(timedOut.map((each) => [`${each.vertex}/${String(each.subtask)}/${String(each.attempt)}`, each]))
  return ofAttempts.size < LOOP ? [] : [...ofAttempts.values()]
}
