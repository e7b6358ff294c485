/**
 * The writer of a Kafka sink with NONE or AT_LEAST_ONCE (Flink: `KafkaWriter`). AT_LEAST_ONCE flushes before a barrier goes on,
 * NONE does not; both send what is left when they are closed in order, which a crash does not do.
 */
import type { OperatorContext } from '../../engine/operator.js'
import type { StreamRecord } from '../../engine/record.js'
import type { SinkWriter } from '../../engine/sink.js'
import type { Where } from '../../history/index.js'
import { isRetriable, keyAndCount } from '../../systems/index.js'
import { hashString } from '../../world/index.js'
import { whereOf } from '../where.js'
import {
  accumulate,
  createProducer,
  drain,
  hasSentAll,
  isFlushed,
  markDue,
  REGISTER_WAKE_UP,
  retry,
  RETRY_WAKE_UP,
  sendRegistration,
  sendRest,
  takeConnectionLost,
  takeProduced,
  takeRegistered,
  type KafkaProducer,
} from './kafka-producer.js'
import type { KafkaCommittable, KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'
import { recordSinkWrite } from '../sink-write.js'

/** State of a writer. */
export interface KafkaWriter {
  readonly where: Where
  producer: KafkaProducer
  /** The producer has its identity and may send. */
  ready: boolean
  /** Tries of InitProducerId that came to nothing. */
  tries: number
  /** A partly filled batch waits for its linger time. */
  lingering: boolean
  flushing: boolean
  failure: string | undefined
}

const LINGER_WAKE_UP = 'kafka-linger'

/** The writer for NONE and AT_LEAST_ONCE. */
export function kafkaWriter(options: KafkaSinkOptions): SinkWriter<KafkaWriter, KafkaCommittable, KafkaSinkAnswer> {
  return {
    open(context) {
      const where = whereOf(context)
      const producer = createProducer(options, '', '', 0)
      if (options.idempotent) askProducerId(options, where, '', context)
      return { where, producer, ready: !options.idempotent, tries: 0, lingering: false, flushing: false, failure: undefined }
    },
    write: (state, record, context) => writeRecord(options, state, record, context),
    flush(state, endOfInput, context) {
      if (options.deliveryGuarantee === 'NONE' && !endOfInput) return
      flushProducer(options, state, context)
    },
    prepareCommit: () => [],
    snapshot: () => [],
    busy: isBusy,
    failure: failureOf,
    answer(state, answer, context) {
      if ('kind' in answer) {
        if (!state.ready && answer.system === options.cluster.coordinator) retryProducerId(options, state, context)
        else takeConnectionLost(options, state.producer, answer.system, context)
      } else if (answer.type === 'producer-id') {
        if (state.ready) return
        if (answer.error === 'NONE') {
          state.producer = createProducer(options, '', answer.producer, answer.epoch)
          state.ready = true
        } else if (isRetriable(answer.error)) retryProducerId(options, state, context)
        else state.failure = `no producer id: ${answer.error}`
      } else takeAnswer(options, state, answer, context)
    },
    woken(state, name, context) {
      if (!state.ready) askProducerId(options, state.where, '', context)
      else wake(options, state, name, context)
    },
    close(state, _reason, context) {
      stopLingering(state, context)
      sendRest(options, state.producer, state.where, context)
    },
  }
}

/** Asks for an identity (Kafka: InitProducerId); for a transactional id this ends what was open under it. */
export function askProducerId(options: KafkaSinkOptions, where: Where, transactionalId: string, context: OperatorContext): void {
  const caller = context.caller<KafkaSinkAnswer>()
  const timeoutUs = options.transactionTimeoutUs
  context.call(options.cluster.coordinator, { kind: 'init-producer-id', caller, where, transactionalId, timeoutUs })
}

/** Comes again after the backoff, until the delivery timeout. */
export function retryProducerId(options: KafkaSinkOptions, state: KafkaWriter, context: OperatorContext): void {
  state.tries++
  if (state.tries * options.retryBackoffUs > options.deliveryTimeoutUs) state.failure = 'no producer id within the delivery timeout'
  else context.wakeAfter(RETRY_WAKE_UP, options.retryBackoffUs)
}

/** Takes a record in, and sends its batch when that is full. */
export function writeRecord(options: KafkaSinkOptions, state: KafkaWriter, record: StreamRecord, context: OperatorContext): void {
  const { producer, where } = state
  recordSinkWrite(context, where, record, producer.transactionalId === '' ? undefined : producer.transactionalId)
  if (accumulate(producer, partitionFor(options, record, where.subtask), record, options.batch)) {
    send(options, state, false, context)
  } else if (!state.lingering) {
    state.lingering = true
    context.wakeAfter(LINGER_WAKE_UP, options.lingerUs)
  }
}

function partitionFor({ partitioner, topic }: KafkaSinkOptions, record: StreamRecord, subtask: number): number {
  const partitions = topic.partitions.length
  if (partitioner === 'fixed') return subtask % partitions
  return (hashString(keyAndCount(record.value).key ?? '') >>> 0) % partitions
}

/** Sends everything; the writer is busy until all of it is acknowledged. */
export function flushProducer(options: KafkaSinkOptions, state: KafkaWriter, context: OperatorContext): void {
  send(options, state, true, context)
  state.flushing = !isFlushed(state.producer)
}

/** Sends what may be sent; when nothing is left, there is nothing to linger for: the next record begins a batch of its own. */
function send(options: KafkaSinkOptions, state: KafkaWriter, everything: boolean, context: OperatorContext): void {
  drain(options, state.producer, state.where, everything, context)
  if (hasSentAll(state.producer)) stopLingering(state, context)
}

/** No batch waits for its linger time any more. */
export function stopLingering(state: KafkaWriter, context: OperatorContext): void {
  state.lingering = false
  context.cancelWakeUp(LINGER_WAKE_UP)
}

/** The task's thread waits for an identity or for the end of a flush. */
export function isBusy(state: KafkaWriter): boolean {
  return !state.ready || state.flushing
}

/** What the writer or its producer failed with. */
export function failureOf(state: KafkaWriter): string | undefined {
  return state.failure ?? state.producer.failure
}

/** Takes an answer to the producer in. */
export function takeAnswer(options: KafkaSinkOptions, state: KafkaWriter, answer: KafkaSinkAnswer, context: OperatorContext): void {
  const { producer } = state
  if (answer.type === 'produced') takeProduced(options, producer, answer, context)
  else if (answer.type === 'partitions-added') takeRegistered(options, producer, answer, context)
  if (failureOf(state) !== undefined) return
  if (state.flushing) flushProducer(options, state, context)
  else send(options, state, false, context)
}

/** A wake-up of the producer: the linger time or the backoff is over. */
export function wake(options: KafkaSinkOptions, state: KafkaWriter, name: string, context: OperatorContext): void {
  if (name === RETRY_WAKE_UP) {
    retry(options, state.producer, state.where, context)
  } else if (name === REGISTER_WAKE_UP) {
    sendRegistration(options, state.producer, state.where, context)
  } else if (name === LINGER_WAKE_UP) {
    state.lingering = false
    markDue(state.producer)
    drain(options, state.producer, state.where, state.flushing, context)
  }
}
