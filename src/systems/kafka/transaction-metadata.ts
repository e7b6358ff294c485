/**
 * What the transaction coordinator keeps of each transactional id, and how its state moves (Kafka: `TransactionMetadata`).
 */
import type { Where } from '../../history/index.js'
import type { Instant } from '../../world/index.js'
import type { ProducerIdentity } from './coordinator-messages.js'
import type { KafkaError } from './errors.js'
import type { PartitionRef } from './partition-messages.js'

/** `Prepare…`: the decision is durable, markers are being written; `Complete…`: all of them are. */
export type TransactionState = 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort'

export interface TransactionMetadata {
  readonly transactionalId: string
  /** Producer ids of one transactional id are told apart by this number, which goes up when epochs are used up. */
  generation: number
  epoch: number
  state: TransactionState
  /** Partitions of the transaction; while its end is written, those that have no marker yet. Sorted. */
  partitions: PartitionRef[]
  /** When the first partition was added: the timeout runs from here. */
  since: Instant
  timeoutUs: number
  /** Who wrote into it. */
  writer: Where
}

/** Epochs end here; a new producer id follows. */
export const LAST_EPOCH = 32_766

/** Name of the producer id. Kafka draws numbers from a counter; a name made of its use does not depend on the order of requests. */
export function producerId({ transactionalId, generation }: TransactionMetadata): string {
  return `${transactionalId}#${String(generation)}`
}

/** Why a request of this producer is refused, before its state is looked at. */
export function identityError(transaction: TransactionMetadata | undefined, { producer, epoch }: ProducerIdentity): KafkaError {
  if (transaction === undefined || producerId(transaction) !== producer) return 'INVALID_PRODUCER_ID_MAPPING'
  return transaction.epoch === epoch ? 'NONE' : 'PRODUCER_FENCED'
}

/** A new producer takes the id over: older ones are fenced. Only between transactions. */
export function takeOver(transaction: TransactionMetadata, timeoutUs: number): void {
  if (transaction.epoch >= LAST_EPOCH) {
    transaction.generation++
    transaction.epoch = 0
  } else {
    transaction.epoch++
  }
  transaction.state = 'Empty'
  transaction.partitions = []
  transaction.timeoutUs = timeoutUs
}

/** Registers partitions; whether this began the transaction. */
export function addPartitions(transaction: TransactionMetadata, partitions: readonly PartitionRef[], writer: Where, now: Instant): boolean {
  const begins = transaction.state !== 'Ongoing'
  if (begins) {
    transaction.state = 'Ongoing'
    transaction.partitions = []
    transaction.since = now
    transaction.writer = writer
  }
  const added = partitions.filter((partition) => !transaction.partitions.includes(partition))
  transaction.partitions = [...transaction.partitions, ...added].sort((a, b) => a - b)
  return begins
}

/** What EndTxn of the current epoch comes to before anything is done: `NONE` on an ongoing transaction lets it begin to end. */
export function endError(state: TransactionState, commit: boolean): KafkaError {
  switch (state) {
    case 'Ongoing':
      return 'NONE'
    case 'Empty':
      return 'INVALID_TXN_STATE'
    case 'PrepareCommit':
      return commit ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE'
    case 'PrepareAbort':
      return commit ? 'INVALID_TXN_STATE' : 'CONCURRENT_TRANSACTIONS'
    case 'CompleteCommit':
      return commit ? 'NONE' : 'INVALID_TXN_STATE'
    case 'CompleteAbort':
      return commit ? 'INVALID_TXN_STATE' : 'NONE'
  }
}

/** Whether the decision is durable and markers are still being written. */
export function isEnding(state: TransactionState): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort'
}

/** A partition has its marker; the last one completes the transaction. */
export function markerWritten(transaction: TransactionMetadata, partition: number): void {
  transaction.partitions = transaction.partitions.filter((other) => other !== partition)
  if (transaction.partitions.length > 0) return
  transaction.state = transaction.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort'
}
