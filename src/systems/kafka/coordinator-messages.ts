import type { Where } from '../../history/index.js'
import { fold, hashString, type Caller, type WorldMessage } from '../../world/index.js'
import { digestWorldMessage } from '../world-message.js'
import type { KafkaError } from './errors.js'
import { digestCaller, digestProducer, digestWhere, type MarkerWritten, type PartitionRef } from './partition-messages.js'

/** A producer's identity: it alone may write into its transaction. */
export interface ProducerIdentity {
  readonly transactionalId: string
  readonly producer: string
  readonly epoch: number
}

/** Gives a producer id; for a transactional id, fences and aborts what was open under it. */
export interface InitProducerId {
  readonly kind: 'init-producer-id'
  readonly caller: Caller<InitProducerIdAnswer>
  readonly where: Where
  /** '' for a producer without transactions. */
  readonly transactionalId: string
  /** `transaction.timeout.ms`, in µs. */
  readonly timeoutUs: number
}

/** Registers partitions with the running transaction; the first one begins it. */
export interface AddPartitions extends ProducerIdentity {
  readonly kind: 'add-partitions'
  readonly caller: Caller<AddPartitionsAnswer>
  readonly where: Where
  readonly partitions: readonly PartitionRef[]
}

/** Commits or aborts the transaction (Kafka: EndTxn). */
export interface EndTransaction extends ProducerIdentity {
  readonly kind: 'end-txn'
  /** It comes late: the client has seen a timeout, and is not answered again. */
  readonly late?: true
  readonly caller: Caller<EndTransactionAnswer>
  readonly where: Where
  readonly commit: boolean
}

/** A partition asks whether this producer's transaction is open in it. */
export interface VerifyTransaction extends ProducerIdentity {
  readonly kind: 'verify'
  readonly caller: Caller<VerifyAnswer>
  readonly partition: number
}

/** What clients ask. */
export type CoordinatorRequest = InitProducerId | AddPartitions | EndTransaction
/** All that the coordinator receives. */
export type CoordinatorMessage = CoordinatorRequest | VerifyTransaction | MarkerWritten

/** The identity that was given, if there was no error. */
export interface InitProducerIdAnswer extends ProducerIdentity {
  readonly type: 'producer-id'
  readonly error: KafkaError
}

/** Whether the partitions are part of the transaction now. */
export interface AddPartitionsAnswer {
  readonly type: 'partitions-added'
  readonly transactionalId: string
  readonly error: KafkaError
}

/** `NONE`: the decision is durable, or was so before. */
export interface EndTransactionAnswer {
  readonly type: 'transaction-ended'
  readonly transactionalId: string
  readonly error: KafkaError
}

/** `NONE`: the producer may append. */
export interface VerifyAnswer extends ProducerIdentity {
  readonly type: 'verified'
  readonly error: KafkaError
}

/** The message as one integer, over all its fields. */
export function digestCoordinatorMessage(message: CoordinatorMessage | WorldMessage): number {
  const kind = hashString(message.kind)
  switch (message.kind) {
    case 'timer':
    case 'peer-down':
      return digestWorldMessage(message)
    case 'init-producer-id': {
      const asked = digestWhere(digestCaller(kind, message.caller), message.where)
      return fold(fold(asked, hashString(message.transactionalId)), message.timeoutUs)
    }
    case 'add-partitions': {
      let h = digestProducer(digestWhere(digestCaller(kind, message.caller), message.where), message)
      for (const partition of message.partitions) h = fold(h, partition)
      return h
    }
    case 'end-txn': {
      const h = digestProducer(digestWhere(digestCaller(kind, message.caller), message.where), message)
      return fold(h, (message.commit ? 1 : 0) + (message.late === true ? 2 : 0))
    }
    case 'verify':
      return fold(digestProducer(digestCaller(kind, message.caller), message), message.partition)
    case 'marker-written':
      return fold(digestProducer(kind, message), message.partition)
  }
}
