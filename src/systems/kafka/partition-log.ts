/**
 * The log of one partition, with what its leader keeps about producers (Kafka: `UnifiedLog`, `ProducerStateManager`).
 * There is one replica and it is durable: the high watermark is the end of the log.
 */
import type { StoredRecord } from '../stored-record.js'
import type { KafkaError } from './errors.js'
import type { IsolationLevel, Produce } from './partition-messages.js'

/** A batch of records, or a control batch with one marker. */
export interface LogBatch {
  /** Offset of the first record, or of the marker. */
  readonly offset: number
  readonly producer: string
  readonly transactionalId: string
  readonly marker: 'none' | 'COMMIT' | 'ABORT'
  readonly records: readonly StoredRecord[]
}

/** What the leader knows of a producer id. */
export interface ProducerState {
  readonly producer: string
  epoch: number
  /** Sequence number of the last record; -1 before the first of this epoch. */
  sequence: number
  /** Sequence number of the first record of the last batch. */
  batch: number
  /** Offset of the first record of the open transaction; -1 for none. */
  firstOffset: number
}

/** A transaction that ended by an abort: its records between these offsets are invisible to read_committed. */
export interface AbortedTransaction {
  readonly producer: string
  readonly first: number
  /** Offset of the marker. */
  readonly last: number
}

export interface PartitionLog {
  readonly batches: LogBatch[]
  /** The log end offset. */
  end: number
  /** Sorted by producer id. */
  readonly producers: ProducerState[]
  /** In the order of their markers. */
  readonly aborted: AbortedTransaction[]
}

/** A log that holds these records from offset 0 on, committed; the array is never changed. */
export function logOf(records: readonly StoredRecord[]): PartitionLog {
  const batch: LogBatch = { offset: 0, producer: '', transactionalId: '', marker: 'none', records }
  return { batches: records.length > 0 ? [batch] : [], end: records.length, producers: [], aborted: [] }
}

/** The state of a producer, if the partition has heard of it. */
export function producerOf(log: PartitionLog, producer: string): ProducerState | undefined {
  for (const known of log.producers) if (known.producer === producer) return known
  return undefined
}

/** Whether the leader must ask the coordinator before this batch: it would open a transaction here (KIP-890, part 1). */
export function opensTransaction(log: PartitionLog, { producer, epoch, transactionalId }: Produce): boolean {
  if (transactionalId === '') return false
  const known = producerOf(log, producer)
  return known === undefined || known.epoch < epoch || (known.epoch === epoch && known.firstOffset < 0)
}

/**
 * Appends a batch (Kafka: `ProducerAppendInfo`). An older epoch is refused, a gap in the sequence as well; the repetition of the
 * last batch is acknowledged without appending it again.
 */
export function append(log: PartitionLog, request: Produce): KafkaError {
  const { producer, epoch, transactionalId, sequence, records } = request
  if (producer !== '') {
    const state = producerOf(log, producer) ?? addProducer(log, producer, epoch)
    if (epoch < state.epoch) return 'INVALID_PRODUCER_EPOCH'
    if (epoch > state.epoch) startEpoch(state, epoch)
    if (sequence === state.batch && state.sequence === sequence + records.length - 1) return 'NONE'
    if (sequence !== state.sequence + 1) return 'OUT_OF_ORDER_SEQUENCE_NUMBER'
    state.batch = sequence
    state.sequence = sequence + records.length - 1
    if (transactionalId !== '' && state.firstOffset < 0) state.firstOffset = log.end
  }
  log.batches.push({ offset: log.end, producer, transactionalId, marker: 'none', records })
  log.end += records.length
  return 'NONE'
}

/** Ends a producer's transaction here and takes the marker's epoch over, which fences what an older one still sends. */
export function appendMarker(log: PartitionLog, transactionalId: string, producer: string, epoch: number, commit: boolean): void {
  const state = producerOf(log, producer) ?? addProducer(log, producer, epoch)
  if (epoch < state.epoch) return
  if (epoch > state.epoch) startEpoch(state, epoch)
  // Without records there is nothing to end; this also makes a repeated marker harmless.
  if (state.firstOffset < 0) return
  if (!commit) log.aborted.push({ producer, first: state.firstOffset, last: log.end })
  log.batches.push({ offset: log.end, producer, transactionalId, marker: commit ? 'COMMIT' : 'ABORT', records: [] })
  log.end += 1
  state.firstOffset = -1
}

/** A new epoch begins with sequence 0; a transaction that is open stays open until its marker. */
function startEpoch(state: ProducerState, epoch: number): void {
  state.epoch = epoch
  state.sequence = state.batch = -1
}

function addProducer(log: PartitionLog, producer: string, epoch: number): ProducerState {
  const added: ProducerState = { producer, epoch, sequence: -1, batch: -1, firstOffset: -1 }
  const place = log.producers.findIndex((other) => other.producer > producer)
  log.producers.splice(place < 0 ? log.producers.length : place, 0, added)
  return added
}

/** Where reading ends for now: the last stable offset is the first offset of any open transaction. */
export function readableEnd(log: PartitionLog, isolation: IsolationLevel): number {
  let end = log.end
  if (isolation === 'read_uncommitted') return end
  for (const { firstOffset } of log.producers) if (firstOffset >= 0 && firstOffset < end) end = firstOffset
  return end
}

/** What a reader gets from an offset on. */
export interface LogRead {
  next: number
  readonly offsets: number[]
  readonly records: StoredRecord[]
  readonly transactions: string[]
}

/** Reads up to `max` visible records; markers and aborted records are passed over. */
export function read(log: PartitionLog, offset: number, isolation: IsolationLevel, max: number): LogRead {
  const end = readableEnd(log, isolation)
  const result: LogRead = { next: offset, offsets: [], records: [], transactions: [] }
  for (let i = batchAt(log, offset); i < log.batches.length && result.next < end && result.records.length < max; i++) {
    const batch = log.batches[i]
    if (batch === undefined) break
    if (batch.marker !== 'none' || (isolation === 'read_committed' && isAborted(log, batch))) {
      result.next = batch.offset + Math.max(1, batch.records.length)
    } else {
      readBatch(batch, result, max)
    }
  }
  return result
}

function readBatch(batch: LogBatch, result: LogRead, max: number): void {
  for (let i = result.next - batch.offset; i < batch.records.length && result.records.length < max; i++) {
    const record = batch.records[i]
    if (record === undefined) return
    result.offsets.push(batch.offset + i)
    result.records.push(record)
    result.transactions.push(batch.transactionalId)
    result.next = batch.offset + i + 1
  }
}

function isAborted(log: PartitionLog, batch: LogBatch): boolean {
  if (batch.transactionalId === '') return false
  return log.aborted.some(({ producer, first, last }) => producer === batch.producer && first <= batch.offset && batch.offset < last)
}

/** Index of the batch that holds this offset. Readers are mostly near the end. */
function batchAt(log: PartitionLog, offset: number): number {
  let index = log.batches.length
  while (index > 0 && (log.batches[index - 1]?.offset ?? 0) > offset) index--
  return Math.max(0, index - 1)
}
