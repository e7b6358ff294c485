/** Kafka to Kafka with the connector's default, which waits for nothing: a crash loses what the producer had in hand. */
import type { Mode, Scenario, WitnessName } from '../src/search/index.js'
import { DEFAULT_COORDINATOR } from '../src/systems/index.js'
import { stateClaim } from './claims.js'
import { configurations } from './flink-configuration.js'
import { kafkaToKafka, SHORT_INPUT, type KafkaStory } from './kafka-to-kafka.js'

const story: KafkaStory = {
  name: 'kafka-to-kafka-none',
  deliveryGuarantee: 'NONE',
  transactionTimeoutUs: 0,
  batch: 64,
  lingerUs: 150_000,
  coordinator: DEFAULT_COORDINATOR,
  input: SHORT_INPUT,
}

// A failure of one task restarts all of them. Batches wait long, so that many a barrier passes records that were not sent. Every state
// is uploaded.
const modes = configurations(
  { 'jobmanager.execution.failover-strategy': 'full', 'execution.checkpointing.data-inline-threshold': '0 b' },
  { 'linger.ms': '150' },
)

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'lost-output', 'duplicated-output'],
  'at-least-once': ['recovered', 'lost-output', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** KafkaSource → keyed count → KafkaSink with NONE. */
export const kafkaToKafkaNone: Scenario = {
  name: story.name,
  about: 'a keyed count between two topics, never flushed',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => [stateClaim(mode)],
  witnesses: (mode) => WITNESSES[mode],
  setUp: (world, mode) => kafkaToKafka(world, story, modes[mode]),
}
