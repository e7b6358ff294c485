/**
 * The writer of a Kafka sink with EXACTLY_ONCE (Flink: `ExactlyOnceKafkaWriter`): one transaction a checkpoint, under an id that
 * names it. Before the barrier goes on it is flushed and handed to the committer, if it has records; then the id of the next
 * checkpoint is initialised. The broker begins a transaction with its first record.
 */
import type { ListEntry, OperatorContext } from '../../engine/operator.js'
import type { SinkWriter } from '../../engine/sink.js'
import { isRetriable, type InitProducerIdAnswer } from '../../systems/index.js'
import { whereOf } from '../where.js'
import { createProducer, RETRY_WAKE_UP, takeConnectionLost } from './kafka-producer.js'
import type { KafkaCommittable, KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'
import {
  askProducerId,
  failureOf,
  flushProducer,
  isBusy,
  retryProducerId,
  stopLingering,
  takeAnswer,
  wake,
  writeRecord,
  type KafkaWriter,
} from './kafka-writer.js'
import { initialised, nextTransactionalId, startOf, type TransactionStart } from './transaction-start.js'

/** State of the writer. */
export interface ExactlyOnceKafkaWriter extends KafkaWriter {
  readonly start: TransactionStart
  /** Records in the transaction. */
  records: number
  /** The transaction was handed to the committer: closing the writer leaves it alone. */
  preCommitted: boolean
}

type Writer = SinkWriter<ExactlyOnceKafkaWriter, KafkaCommittable, KafkaSinkAnswer>

/** The writer for EXACTLY_ONCE. */
export function exactlyOnceKafkaWriter(options: KafkaSinkOptions): Writer {
  const { transactionalIdPrefix: prefix } = options

  /** Asks for the next id of the sequence; without one the writer may write. */
  function advance(state: ExactlyOnceKafkaWriter, context: OperatorContext): void {
    const id = nextTransactionalId(state.start, prefix, state.where.subtask)
    state.ready = id === undefined
    if (id !== undefined) askProducerId(options, state.where, id, context)
  }

  function takeProducerId(state: ExactlyOnceKafkaWriter, answer: InitProducerIdAnswer, context: OperatorContext): void {
    const { transactionalId, producer, epoch, error } = answer
    if (state.ready || transactionalId !== nextTransactionalId(state.start, prefix, state.where.subtask)) return
    if (error === 'NONE') {
      state.tries = 0
      state.producer = createProducer(options, transactionalId, producer, epoch)
      initialised(state.start, epoch, state.where.subtask)
      advance(state, context)
    } else if (isRetriable(error)) {
      retryProducerId(options, state, context)
    } else {
      state.failure = `no producer id for ${transactionalId}: ${error}`
    }
  }

  return {
    open(context, restored) {
      const where = whereOf(context)
      const prefixes = [prefix, ...restoredPrefixes(restored).filter((other) => other !== prefix)]
      const start = startOf(prefixes, context.restored ?? 0, context.subtask, context.parallelism)
      const producer = createProducer(options, '', '', 0)
      const idle = { ready: false, tries: 0, lingering: false, flushing: false, failure: undefined }
      const state: ExactlyOnceKafkaWriter = { where, producer, ...idle, start, records: 0, preCommitted: false }
      advance(state, context)
      return state
    },
    write(state, record, context) {
      state.records++
      writeRecord(options, state, record, context)
    },
    flush: (state, _endOfInput, context) => flushProducer(options, state, context),
    prepareCommit(state, checkpoint, context) {
      const { records, where } = state
      if (records === 0 || state.preCommitted) return []
      const { transactionalId, producer, epoch } = state.producer
      context.record?.({ kind: 'pre-commit', transaction: transactionalId, checkpoint, records, ...where })
      state.preCommitted = true
      return [{ transactionalId, producer, epoch }]
    },
    snapshot(state, checkpoint, context) {
      state.start.wanted = checkpoint + 1
      state.records = 0
      state.preCommitted = false
      advance(state, context)
      return [prefix]
    },
    busy: isBusy,
    failure: failureOf,
    answer(state, answer, context) {
      if ('kind' in answer) {
        if (!state.ready && answer.system === options.cluster.coordinator) retryProducerId(options, state, context)
        else takeConnectionLost(options, state.producer, answer.system, context)
      } else if (answer.type === 'producer-id') {
        takeProducerId(state, answer, context)
      } else {
        takeAnswer(options, state, answer, context)
      }
    },
    woken(state, name, context) {
      if (name === RETRY_WAKE_UP && !state.ready) advance(state, context)
      else wake(options, state, name, context)
    },
    close(state, _reason, context) {
      stopLingering(state, context)
      if (state.records > 0 && !state.preCommitted) abort(options, state, context)
    },
  }
}

/** An orderly close aborts the transaction it leaves; the answer is not waited for. */
function abort({ cluster }: KafkaSinkOptions, { producer: client, where }: ExactlyOnceKafkaWriter, context: OperatorContext): void {
  const { transactionalId, producer, epoch } = client
  const caller = context.caller<KafkaSinkAnswer>()
  context.call(cluster.coordinator, { kind: 'end-txn', caller, where, transactionalId, producer, epoch, commit: false })
}

/** The prefix is part of the state: after a change of it, transactions under the old one are aborted, too. */
function restoredPrefixes(restored: readonly ListEntry[]): readonly string[] {
  const prefixes = restored.flatMap((entry) => (typeof entry === 'string' ? [entry] : []))
  return [...new Set(prefixes)]
}
