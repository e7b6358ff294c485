/**
 * Kafka's producer client as far as a sink's writer uses it: batches by partition, one request at a time for each, sequence
 * numbers, registration of partitions with the transaction, retries (Kafka: `Sender`, `RecordAccumulator`, `TransactionManager`).
 * Kafka has up to five requests of one producer on the way; with sequence numbers the partition's log is the same.
 */
import type { OperatorContext } from '../../engine/operator.js'
import type { StreamRecord } from '../../engine/record.js'
import type { Where } from '../../history/index.js'
import { isRetriable, type AddPartitionsAnswer, type KafkaError, type PartitionRef, type ProduceAnswer } from '../../systems/index.js'
import type { KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'

/** State of a producer. */
export interface KafkaProducer {
  /** '' for a producer without transactions. */
  readonly transactionalId: string
  /** '' for a producer that is not idempotent. */
  readonly producer: string
  readonly epoch: number
  readonly partitions: ProducerPartition[]
  /** Tries of the registration of partitions that is under way; -1 when none is. */
  registering: number
  failure: string | undefined
}

/** What a producer keeps for one partition. */
interface ProducerPartition {
  /** Not sent yet. */
  buffer: StreamRecord[]
  /** Waited long enough to be sent although not full. */
  due: boolean
  /** Sent and not acknowledged; empty when nothing is. */
  inFlight: readonly StreamRecord[]
  /** Sequence number of the first record in flight, or of the next one to be sent. */
  sequence: number
  /** Tries of what is in flight that came to nothing. */
  tries: number
  /** What is in flight waits to be sent again. */
  again: boolean
  registration: 'none' | 'asked' | 'done'
}

/** Name of the wake-up after which requests are repeated. */
export const RETRY_WAKE_UP = 'kafka-retry'
/**
 * Of a registration alone: one that batches share would send it a second time while it is on its way, and no answer tells which it is to.
 */
export const REGISTER_WAKE_UP = 'kafka-register-again'

/** A producer with its identity; nothing is buffered. */
export function createProducer(options: KafkaSinkOptions, transactionalId: string, producer: string, epoch: number): KafkaProducer {
  const partitions = options.topic.partitions.map((): ProducerPartition => ({
    buffer: [],
    due: false,
    inFlight: [],
    sequence: 0,
    tries: 0,
    again: false,
    registration: 'none',
  }))
  return { transactionalId, producer, epoch, partitions, registering: -1, failure: undefined }
}

/** Takes a record in; whether its batch is full. */
export function accumulate(state: KafkaProducer, partition: number, record: StreamRecord, batch: number): boolean {
  const { buffer } = partitionOf(state, partition)
  buffer.push(record)
  return buffer.length >= batch
}

function partitionOf(state: KafkaProducer, index: number): ProducerPartition {
  const partition = state.partitions[index]
  if (partition === undefined) throw new RangeError(`there is no partition ${String(index)}`)
  return partition
}

/** Whether everything was acknowledged. */
export function isFlushed(state: KafkaProducer): boolean {
  return state.partitions.every(({ buffer, inFlight }) => buffer.length === 0 && inFlight.length === 0)
}

/** Whether nothing waits to be sent. */
export function hasSentAll(state: KafkaProducer): boolean {
  return state.partitions.every(({ buffer }) => buffer.length === 0)
}

/** The linger time is over: what is buffered now is due. */
export function markDue(state: KafkaProducer): void {
  for (const partition of state.partitions) if (partition.buffer.length > 0) partition.due = true
}

/** Sends what may be sent: full batches, those that are due, all of them when `everything` is to go out. */
export function drain(options: KafkaSinkOptions, state: KafkaProducer, where: Where, everything: boolean, context: OperatorContext): void {
  let unregistered = false
  state.partitions.forEach((partition, index) => {
    const { buffer, inFlight, due, registration } = partition
    if (inFlight.length > 0 || buffer.length === 0 || !(everything || due || buffer.length >= options.batch)) return
    if (state.transactionalId !== '' && registration !== 'done') {
      unregistered = true
      return
    }
    partition.inFlight = buffer
    partition.buffer = []
    partition.due = false
    sendBatch(options, state, where, index, context)
  })
  if (unregistered && state.registering < 0) register(options, state, where, context)
}

function sendBatch(options: KafkaSinkOptions, state: KafkaProducer, where: Where, index: number, context: OperatorContext): void {
  const { producer, epoch, transactionalId } = state
  const { sequence, inFlight: records } = partitionOf(state, index)
  const caller = context.caller<KafkaSinkAnswer>()
  context.call(refOf(options, index), { kind: 'produce', caller, where, producer, epoch, transactionalId, sequence, records })
}

function refOf(options: KafkaSinkOptions, index: number): PartitionRef {
  const ref = options.topic.partitions[index]
  if (ref === undefined) throw new RangeError(`topic ${options.topic.name} has no partition ${String(index)}`)
  return ref
}

/** Registers all partitions that have something to send (Kafka: AddPartitionsToTxn). */
function register(options: KafkaSinkOptions, state: KafkaProducer, where: Where, context: OperatorContext): void {
  state.registering = 0
  for (const partition of state.partitions) {
    if (partition.registration === 'none' && partition.buffer.length > 0) partition.registration = 'asked'
  }
  sendRegistration(options, state, where, context)
}

/** Asks for the registration that is under way; again, when the backoff is over. */
export function sendRegistration(options: KafkaSinkOptions, state: KafkaProducer, where: Where, context: OperatorContext): void {
  const { producer, epoch, transactionalId } = state
  const partitions = options.topic.partitions.filter((_, index) => state.partitions[index]?.registration === 'asked')
  const caller = context.caller<KafkaSinkAnswer>()
  context.call(options.cluster.coordinator, { kind: 'add-partitions', caller, where, transactionalId, producer, epoch, partitions })
}

/** A batch was answered for. */
export function takeProduced(options: KafkaSinkOptions, state: KafkaProducer, answer: ProduceAnswer, context: OperatorContext): void {
  const index = options.topic.partitions.findIndex((ref) => ref === answer.partition)
  const partition = state.partitions[index]
  // A second answer to a batch that was sent twice means nothing.
  if (partition === undefined || partition.inFlight.length === 0 || partition.sequence !== answer.sequence) return
  if (answer.error === 'NONE') {
    partition.sequence += partition.inFlight.length
    partition.inFlight = []
    partition.tries = 0
    partition.again = false
  } else if (mayRetry(options, state, partition.tries++, answer.error, 'produce')) {
    partition.again = true
    context.wakeAfter(RETRY_WAKE_UP, options.retryBackoffUs)
  }
}

/** A registration was answered. */
export function takeRegistered(
  options: KafkaSinkOptions,
  state: KafkaProducer,
  answer: AddPartitionsAnswer,
  context: OperatorContext,
): void {
  if (state.registering < 0 || answer.transactionalId !== state.transactionalId) return
  if (answer.error === 'NONE') {
    state.registering = -1
    for (const partition of state.partitions) if (partition.registration === 'asked') partition.registration = 'done'
  } else if (mayRetry(options, state, state.registering++, answer.error, 'add partitions')) {
    context.wakeAfter(REGISTER_WAKE_UP, options.retryBackoffUs)
  }
}

function mayRetry(options: KafkaSinkOptions, state: KafkaProducer, tries: number, error: KafkaError, what: string): boolean {
  if (isRetriable(error) && tries * options.retryBackoffUs < options.deliveryTimeoutUs) return true
  state.failure = isRetriable(error) ? `${what}: no success within the delivery timeout (${error})` : `${what}: ${error}`
  return false
}

/** A connection broke: what was asked and not answered is asked again after the backoff. */
export function takeConnectionLost(options: KafkaSinkOptions, state: KafkaProducer, system: number, context: OperatorContext): void {
  const index = options.topic.partitions.findIndex((ref) => ref === system)
  const partition = state.partitions[index]
  if (partition !== undefined) {
    const { sequence } = partition
    takeProduced(options, state, { type: 'produced', partition: system, sequence, error: 'REQUEST_TIMED_OUT' }, context)
  }
  if (system === options.cluster.coordinator && state.registering >= 0) {
    const { transactionalId } = state
    takeRegistered(options, state, { type: 'partitions-added', transactionalId, error: 'REQUEST_TIMED_OUT' }, context)
  }
}

/** The backoff of batches is over. */
export function retry(options: KafkaSinkOptions, state: KafkaProducer, where: Where, context: OperatorContext): void {
  state.partitions.forEach((partition, index) => {
    if (!partition.again) return
    partition.again = false
    sendBatch(options, state, where, index, context)
  })
}

/**
 * An orderly close without waiting: everything that is left goes out at once, behind what is in flight (Kafka: `close`).
 * Only for producers without transactions.
 */
export function sendRest(options: KafkaSinkOptions, state: KafkaProducer, where: Where, context: OperatorContext): void {
  state.partitions.forEach((partition, index) => {
    partition.sequence += partition.inFlight.length
    partition.inFlight = partition.buffer
    partition.buffer = []
    if (partition.inFlight.length > 0) sendBatch(options, state, where, index, context)
  })
}
