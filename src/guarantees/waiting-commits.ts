import type { CompletedCheckpoint } from './job-facts.js'
import type { Transaction, Transactions } from './transactions.js'

/**
 * The transactions by the `seq` of the writes into them that may still be published although their checkpoint completed: a committer is told
 * of a completion some time later, asks again for what was answered with a retry, and keeps in its state what is still to be committed
 * (`CommitterOperator.commitAndEmitCheckpoints`). As long as the job has not finished, nothing of them is lost.
 */
export function waitingWrites({ all }: Transactions, completed: readonly CompletedCheckpoint[]): Map<number, Transaction> {
  const waiting = new Map<number, Transaction>()
  for (const transaction of all) {
    if (!mayBeCommitted(transaction) || isPassedOver(transaction, all) || isForgotten(transaction, completed)) continue
    for (const seq of transaction.seqs) waiting.set(seq, transaction)
  }
  return waiting
}

/**
 * Whether the transaction of one write was put off (answered with a retry) before that of another was committed: a committer that has to try
 * a transaction again goes on with those behind it.
 */
export function putOffBefore({ all }: Transactions, write: number, other: number): boolean {
  const one = all.find(({ seqs }) => seqs.includes(write))
  const committed = all.find(({ seqs }) => seqs.includes(other))?.committed ?? 0
  return one?.answered.some(({ result, seq }) => result === 'retry' && seq < committed) ?? false
}

/** It was handed over, and nobody has said how it ends. */
function mayBeCommitted({ preCommitted, committed, aborted, answered }: Transaction): boolean {
  const isFinal = answered.some(({ result }) => result === 'aborted' || result === 'failed-known')
  return preCommitted !== 0 && committed === 0 && aborted === 0 && !isFinal
}

/** Nobody asked for it although two checkpoints behind its own have completed: who is told of a completion commits all that is before it. */
function isForgotten({ checkpoint, requested }: Transaction, completed: readonly CompletedCheckpoint[]): boolean {
  if (requested.length > 0 || checkpoint < 0) return false
  return completed.filter((later) => !later.plainSavepoint && later.checkpoint > checkpoint).length >= 2
}

/** A committer asks for its checkpoints in their order: one that it did not ask for before a later one is forgotten. */
function isPassedOver({ vertex, subtask, job, checkpoint, requested }: Transaction, all: readonly Transaction[]): boolean {
  if (requested.length > 0 || checkpoint < 0) return false
  return all.some(
    (other) =>
      other.vertex === vertex &&
      other.subtask === subtask &&
      other.job === job &&
      other.checkpoint > checkpoint &&
      other.requested.some((request) => request.subtask === subtask),
  )
}
