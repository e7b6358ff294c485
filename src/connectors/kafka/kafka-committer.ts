/**
 * Commits pre-committed transactions (Flink: `KafkaCommitter`): it resumes the producer's identity, so that whoever holds the
 * committable can commit, also after the writer is gone.
 *
 * What may be asked again the client asks again itself, after its backoff, within one commit (Kafka: `TransactionManager.EndTxnHandler`).
 * It does so for as long as it takes: here no outage is longer than `max.block.ms` (60 s), after which the committer would be told to
 * retry.
 */
import type { OperatorContext } from '../../engine/operator.js'
import type { CommitSignal, Committer } from '../../engine/sink.js'
import { isRetriable, type KafkaError } from '../../systems/index.js'
import { whereOf } from '../where.js'
import { RETRY_WAKE_UP } from './kafka-producer.js'
import type { KafkaCommittable, KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'

/** State of the committer. */
export interface KafkaCommitter {
  /** The transaction that is being committed; null for none. */
  asked: KafkaCommittable | null
  /** The broker could not do it, or nobody knows whether it has: the client waits before it asks again. */
  waiting: boolean
}

/** The committer of an exactly-once sink. */
export function kafkaCommitter(options: KafkaSinkOptions): Committer<KafkaCommitter, KafkaCommittable, KafkaSinkAnswer> {
  function ask(asked: KafkaCommittable, context: OperatorContext): void {
    const caller = context.caller<KafkaSinkAnswer>()
    context.call(options.cluster.coordinator, { kind: 'end-txn', caller, where: whereOf(context), ...asked, commit: true })
  }

  return {
    open: () => ({ asked: null, waiting: false }),
    commit(state, committable, _retries, context) {
      state.asked = committable
      ask(committable, context)
    },
    answer(state, answer, context) {
      const { asked } = state
      const lost = 'kind' in answer
      // An answer to an earlier try may come late; one for another transaction ends nothing.
      if (asked === null || (!lost && (answer.type !== 'transaction-ended' || answer.transactionalId !== asked.transactionalId)))
        return undefined
      const signal = lost ? undefined : signalOf(answer.error)
      state.waiting = signal === undefined
      if (signal === undefined) context.wakeAfter(RETRY_WAKE_UP, options.retryBackoffUs)
      else state.asked = null
      return signal
    },
    woken(state, _name, context) {
      const { asked, waiting } = state
      if (asked === null || !waiting) return undefined
      state.waiting = false
      context.record?.({ kind: 'commit-requested', transaction: asked.transactionalId, retries: 0, ...whereOf(context) })
      ask(asked, context)
      return undefined
    },
    nameOf: ({ transactionalId }) => transactionalId,
  }
}

/**
 * What an answer comes to; undefined when the client asks again. A fenced producer or a transaction in the wrong state means that the
 * broker has aborted it: the connector logs an error and goes on, the records are gone. An id that the broker gave to another producer
 * (`INVALID_PRODUCER_ID_MAPPING`) is none of the errors that the connector knows, and fails the task.
 */
export function signalOf(error: KafkaError): CommitSignal | undefined {
  switch (error) {
    case 'NONE':
      return 'committed'
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH':
    case 'INVALID_TXN_STATE':
      return 'failed-with-known-reason'
    default:
      return isRetriable(error) ? undefined : 'failed-with-unknown-reason'
  }
}
