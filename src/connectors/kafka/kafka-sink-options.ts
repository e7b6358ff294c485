import type {
  AddPartitionsAnswer,
  EndTransactionAnswer,
  InitProducerIdAnswer,
  KafkaCluster,
  KafkaTopic,
  ProduceAnswer,
} from '../../systems/index.js'

/** `DeliveryGuarantee` of Flink's connectors; `KafkaSink` has NONE by default. */
export type DeliveryGuarantee = 'NONE' | 'AT_LEAST_ONCE' | 'EXACTLY_ONCE'

/** Options of a Kafka sink, in the words of `KafkaSinkBuilder` and of Kafka's producer. */
export interface KafkaSinkOptions {
  readonly cluster: KafkaCluster
  readonly topic: KafkaTopic
  readonly deliveryGuarantee: DeliveryGuarantee
  /** Needed with EXACTLY_ONCE; unique for each sink on the cluster. */
  readonly transactionalIdPrefix: string
  /** `transaction.timeout.ms`, in µs. The connector's default is one hour. */
  readonly transactionTimeoutUs: number
  /** Records that make a batch full. */
  readonly batch: number
  /** `linger.ms`, in µs: how long a batch that is not full waits. */
  readonly lingerUs: number
  /** `enable.idempotence` of producers without transactions; Kafka's default is true. */
  readonly idempotent: boolean
  /** `fixed`: a subtask writes to the partition of its own index (Flink: `FlinkFixedPartitioner`); else by hash of the key. */
  readonly partitioner: 'fixed' | 'by-key'
  /** `retry.backoff.ms`, in µs. */
  readonly retryBackoffUs: number
  /** `delivery.timeout.ms`, in µs: a request that found no end by then fails the task. */
  readonly deliveryTimeoutUs: number
}

/**
 * The defaults of Flink's connector and of Kafka's producer, but for the size of a batch, which Kafka counts in bytes, and the partitioner:
 * without one Kafka takes the hash of the key, or what suits it where there is none.
 */
export const KAFKA_SINK_DEFAULTS = {
  deliveryGuarantee: 'NONE',
  transactionalIdPrefix: '',
  transactionTimeoutUs: 3_600_000_000,
  batch: 16,
  lingerUs: 5_000,
  idempotent: true,
  partitioner: 'fixed',
  retryBackoffUs: 100_000,
  deliveryTimeoutUs: 120_000_000,
} as const

/** What brokers answer to a sink. */
export type KafkaSinkAnswer = ProduceAnswer | AddPartitionsAnswer | InitProducerIdAnswer | EndTransactionAnswer

/** A pre-committed transaction (Flink: `KafkaCommittable`). */
export type KafkaCommittable = { readonly transactionalId: string; readonly producer: string; readonly epoch: number }
