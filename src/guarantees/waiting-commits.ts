import type { CompletedCheckpoint } from './job-facts.js'
import type { Transaction, Transactions } from './transactions.js'

/**
 * The transactions by the `seq` of the writes into them that may still be published although their checkpoint completed: a committer is
 * told of a completion some time later, asks again for what was answered with a retry, and keeps in its state what is still to be committed
 * (`CommitterOperator.commitAndEmitCheckpoints`). As long as the job has not finished, nothing of them is lost.
 */
export function waitingWrites({ all }: Transactions, completed: readonly CompletedCheckpoint[]): Map<number, Transaction> {
  const waiting = new Map<number, Transaction>()
  for (const transaction of all) {
    if (!mayBeCommitted(transaction) || isForgotten(transaction, all, completed)) continue
    for (const seq of transaction.seqs) waiting.set(seq, transaction)
  }
  return waiting
}

/**
 * Whether the transaction of one write was put off (answered with a retry) before that of another was committed: a committer that has to
 * try a transaction again goes on with those behind it.
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

/**
 * Nobody asked for it although two checkpoints behind its own have completed, for who is told of a completion commits all that is before
 * it; or its committer, which asks for its checkpoints in their order, has asked for a later one.
 */
function isForgotten(transaction: Transaction, all: readonly Transaction[], completed: readonly CompletedCheckpoint[]): boolean {
  const { checkpoint, requested } = transaction
  if (requested.length > 0 || checkpoint < 0) return false
  const behind = completed.filter((later) => !later.plainSavepoint && later.checkpoint > checkpoint)
  return behind.length >= 2 || isPassedOver(transaction, all)
}

function isPassedOver({ vertex, subtask, job, checkpoint }: Transaction, all: readonly Transaction[]): boolean {
  return all.some(
    (other) =>
      other.vertex === vertex &&
      other.subtask === subtask &&
      other.job === job &&
      other.checkpoint > checkpoint &&
      other.requested.some((request) => request.subtask === subtask),
  )
}
