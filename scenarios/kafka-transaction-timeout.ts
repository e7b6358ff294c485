/**
 * Kafka to Kafka in transactions whose timeout is shorter than an outage. The broker gives up a transaction that a completed
 * checkpoint holds, the commit after the restart is refused, the connector logs it and goes on: records are gone, and the job is
 * fine. A broken precondition (P3), hence beyond what exactly-once promises.
 */
import type { Scenario } from '../src/search/index.js'
import { DEFAULT_COORDINATOR } from '../src/systems/index.js'
import { transactionalClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { kafkaToKafka, SHORT_INPUT, type KafkaStory } from './kafka-to-kafka.js'

/** Longer than the interval and a checkpoint, shorter than those and a restart. */
const TRANSACTION_TIMEOUT_MS = 250

const story: KafkaStory = {
  name: 'kafka-transaction-timeout',
  deliveryGuarantee: 'EXACTLY_ONCE',
  transactionTimeoutUs: TRANSACTION_TIMEOUT_MS * 1000,
  batch: 4,
  lingerUs: 5_000,
  coordinator: { ...DEFAULT_COORDINATOR, cleanupIntervalUs: 40_000 },
  input: SHORT_INPUT,
}

// State is kept by the JobManager: it travels in the acknowledgements.
const modes = configurations(
  { 'restart-strategy.fixed-delay.delay': '400 ms', 'execution.checkpointing.storage': 'jobmanager' },
  { 'transaction.timeout.ms': String(TRANSACTION_TIMEOUT_MS) },
)

/** KafkaSource → keyed count → KafkaSink with EXACTLY_ONCE and a short `transaction.timeout.ms`. */
export const kafkaTransactionTimeout: Scenario = {
  name: story.name,
  about: 'transactions that time out during an outage: loss that nobody is told of',
  // Without checkpoints a transaction is as old as the input: it would time out without any outage, again and again.
  modes: ['aligned', 'at-least-once'],
  claims: (mode) => transactionalClaims(mode, 'read_committed'),
  witnesses: () => ['recovered', 'lost-output', 'beyond-preconditions'],
  setUp: (world, mode) => kafkaToKafka(world, story, modes[mode]),
}
