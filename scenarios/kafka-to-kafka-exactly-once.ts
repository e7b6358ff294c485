/** Kafka to Kafka in transactions: exactly once for whoever reads committed records, and for nobody else. */
import type { DeliveryPromise } from '../src/history/index.js'
import type { Mode, Scenario, WitnessName } from '../src/search/index.js'
import { DEFAULT_COORDINATOR } from '../src/systems/index.js'
import { transactionalClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { kafkaToKafka, SHORT_INPUT, type KafkaInput, type KafkaStory } from './kafka-to-kafka.js'

const TRANSACTION_TIMEOUT_MS = 900_000

const story: KafkaStory = {
  name: 'kafka-to-kafka-exactly-once',
  deliveryGuarantee: 'EXACTLY_ONCE',
  transactionTimeoutUs: TRANSACTION_TIMEOUT_MS * 1000,
  batch: 4,
  lingerUs: 5_000,
  coordinator: DEFAULT_COORDINATOR,
  input: SHORT_INPUT,
}

/** Two batches of a poll at a time, so that readers and writers are about equally busy. */
const LONG_INPUT: KafkaInput = { perPartition: 1_000, pace: { burst: 20, intervalUs: 20_000 } }

const modes = configurations({ 'execution.checkpointing.num-retained': '2' }, { 'transaction.timeout.ms': String(TRANSACTION_TIMEOUT_MS) })

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit', 'phantom-output'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output', 'phantom-output'],
  off: ['recovered', 'duplicated-output', 'phantom-output'],
}

/** KafkaSource → keyed count → KafkaSink with EXACTLY_ONCE. */
export const kafkaToKafkaExactlyOnce: Scenario = {
  name: story.name,
  about: 'a keyed count between two topics, written in transactions',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode): readonly DeliveryPromise[] => [
    ...transactionalClaims(mode, 'read_committed'),
    { guarantee: 'at-least-once', at: 'read_uncommitted' },
  ],
  witnesses: (mode) => WITNESSES[mode],
  setUp: (world, mode) => kafkaToKafka(world, story, modes[mode]),
}

/** The same over a topic ten times as long that is read without a pause: for measurements, not among the built-in scenarios. */
export const longKafkaToKafka: Scenario = {
  ...kafkaToKafkaExactlyOnce,
  name: 'kafka-to-kafka-long',
  setUp: (world, mode) => kafkaToKafka(world, { ...story, input: LONG_INPUT }, modes[mode]),
}
