/**
 * Commits pre-committed transactions (Flink: `KafkaCommitter`): it resumes the producer's identity, so that whoever holds the
 * committable can commit, also after the writer is gone.
 */
import type { CommitSignal, Committer } from '../../engine/sink.js'
import { isRetriable, type KafkaError } from '../../systems/index.js'
import { whereOf } from '../where.js'
import type { KafkaCommittable, KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'

/** State of the committer: the transaction whose commit was asked for; '' for none. */
export interface KafkaCommitter {
  asked: string
}

/** The committer of an exactly-once sink. */
export function kafkaCommitter({ cluster }: KafkaSinkOptions): Committer<KafkaCommitter, KafkaCommittable, KafkaSinkAnswer> {
  return {
    open: () => ({ asked: '' }),
    commit(state, committable, retries, context) {
      const where = whereOf(context)
      context.record?.({ kind: 'commit-requested', transaction: committable.transactionalId, retries, ...where })
      const caller = context.caller<KafkaSinkAnswer>()
      context.call(cluster.coordinator, { kind: 'end-txn', caller, where, ...committable, commit: true })
      state.asked = committable.transactionalId
    },
    answer(state, answer) {
      if (state.asked === '') return undefined
      const lost = 'kind' in answer
      // An answer to an earlier try may come late; one for another transaction ends nothing.
      if (!lost && (answer.type !== 'transaction-ended' || answer.transactionalId !== state.asked)) return undefined
      state.asked = ''
      return lost ? 'retry-later' : signalOf(answer.error)
    },
    nameOf: ({ transactionalId }) => transactionalId,
  }
}

/**
 * A fenced producer or a transaction in the wrong state means that the broker has aborted it: the connector logs an error and goes
 * on, the records are gone. An unknown producer id fails the task.
 */
export function signalOf(error: KafkaError): CommitSignal {
  switch (error) {
    case 'NONE':
      return 'committed'
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH':
    case 'INVALID_TXN_STATE':
      return 'failed-with-known-reason'
    default:
      return isRetriable(error) ? 'retry-later' : 'failed-with-unknown-reason'
  }
}
