import type { Where } from '../../history/index.js'
import { fold, hashString, type ActorRef, type Caller, type Reply, type WorldMessage } from '../../world/index.js'
import { digestWorldMessage } from '../world-message.js'
import { digestRecords, type StoredRecord } from '../stored-record.js'
import type { VerifyAnswer } from './coordinator-messages.js'
import type { KafkaError } from './errors.js'

/** Reads everything below the high watermark, or what is committed below the last stable offset. */
export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** Appends one batch. Without a producer id (`producer` '') nothing is deduplicated. */
export interface Produce {
  readonly kind: 'produce'
  readonly caller: Caller<ProduceAnswer>
  readonly where: Where
  readonly producer: string
  readonly epoch: number
  /** '' outside of transactions. */
  readonly transactionalId: string
  /** Sequence number of the first record; correlates the answer. */
  readonly sequence: number
  readonly records: readonly StoredRecord[]
}

/** Reads from an offset on. With `wait` the broker holds the request until there is something to answer. */
export interface Fetch {
  readonly kind: 'fetch'
  readonly caller: Caller<FetchAnswer>
  readonly offset: number
  readonly isolation: IsolationLevel
  readonly maxRecords: number
  readonly wait: boolean
  /** An independent reader: no fault is aimed at it. */
  readonly observer: boolean
}

/** Asks where the partition ends for this isolation level. */
export interface ListOffsets {
  readonly kind: 'list-offsets'
  readonly caller: Caller<ListOffsetsAnswer>
  readonly isolation: IsolationLevel
}

/** The transaction coordinator ends a transaction in this partition (Kafka: WriteTxnMarkers). */
export interface WriteMarker {
  readonly kind: 'write-marker'
  readonly coordinator: ActorRef<MarkerWritten>
  readonly transactionalId: string
  readonly producer: string
  readonly epoch: number
  readonly commit: boolean
}

/** The partition has the marker. */
export interface MarkerWritten {
  readonly kind: 'marker-written'
  readonly partition: number
  readonly transactionalId: string
  readonly producer: string
  readonly epoch: number
}

/** All that a partition receives. */
export type PartitionMessage = Produce | Fetch | ListOffsets | WriteMarker | Reply<VerifyAnswer>

/** The address of a partition's leader. */
export type PartitionRef = ActorRef<Produce | Fetch | ListOffsets | WriteMarker>

/** Whether a batch is in the log. */
export interface ProduceAnswer {
  readonly type: 'produced'
  /** The partition's address. */
  readonly partition: number
  readonly sequence: number
  readonly error: KafkaError
}

/** Records from an offset on. */
export interface FetchAnswer {
  readonly type: 'fetched'
  readonly partition: number
  /** The offset asked for; correlates the answer. */
  readonly from: number
  readonly error: KafkaError
  /** Where to read next; beyond `from` also when all that was there is invisible. */
  readonly next: number
  readonly offsets: readonly number[]
  readonly records: readonly StoredRecord[]
  /** Transactional ids of the records, '' for none. */
  readonly transactions: readonly string[]
}

/** The end of the partition for an isolation level. */
export interface ListOffsetsAnswer {
  readonly type: 'offsets'
  readonly partition: number
  readonly error: KafkaError
  readonly end: number
}

/** The message as one integer, over all its fields. */
export function digestPartitionMessage(message: PartitionMessage | WorldMessage): number {
  const kind = hashString(message.kind)
  switch (message.kind) {
    case 'timer':
    case 'peer-down':
      return digestWorldMessage(message)
    case 'produce': {
      const asked = digestWhere(digestCaller(kind, message.caller), message.where)
      return digestRecords(fold(digestProducer(asked, message), message.sequence), message.records)
    }
    case 'fetch': {
      const flags = (message.wait ? 1 : 0) + (message.observer ? 2 : 0) + (message.isolation === 'read_committed' ? 4 : 0)
      return fold(fold(fold(digestCaller(kind, message.caller), message.offset), message.maxRecords), flags)
    }
    case 'list-offsets':
      return fold(digestCaller(kind, message.caller), hashString(message.isolation))
    case 'write-marker':
      return fold(fold(digestProducer(kind, message), message.coordinator), message.commit ? 1 : 0)
    case 'reply':
      return fold(
        fold(fold(digestProducer(kind, message.answer), message.tag), hashString(message.answer.error)),
        hashString(message.answer.type),
      )
  }
}

/** Folds the producer's identity into a digest. */
export function digestProducer(
  digest: number,
  of: { readonly transactionalId: string; readonly producer: string; readonly epoch: number },
): number {
  return fold(fold(fold(digest, hashString(of.transactionalId)), hashString(of.producer)), of.epoch)
}

/** Folds the caller into a digest. */
export function digestCaller(digest: number, { ref, tag }: { readonly ref: number; readonly tag: number }): number {
  return fold(fold(digest, ref), tag)
}

/** Folds where a request comes from into a digest. */
export function digestWhere(digest: number, { vertex, subtask, attempt }: Where): number {
  return fold(fold(fold(digest, hashString(vertex)), subtask), attempt)
}
