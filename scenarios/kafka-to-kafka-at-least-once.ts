/** Kafka to Kafka without transactions, flushed before every checkpoint: nothing is lost, some of it comes twice. */
import type { Mode, Scenario, WitnessName } from '../src/search/index.js'
import { DEFAULT_COORDINATOR } from '../src/systems/index.js'
import { repeatingClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { kafkaToKafka, SHORT_INPUT, type KafkaStory } from './kafka-to-kafka.js'

const story: KafkaStory = {
  name: 'kafka-to-kafka-at-least-once',
  deliveryGuarantee: 'AT_LEAST_ONCE',
  transactionTimeoutUs: 0,
  batch: 4,
  lingerUs: 5_000,
  coordinator: DEFAULT_COORDINATOR,
  input: SHORT_INPUT,
}

// Every state is uploaded, and a checkpoint rests for a while before the next one begins.
const modes = configurations({
  'execution.checkpointing.data-inline-threshold': '0 b',
  'execution.checkpointing.min-pause': '40 ms',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'duplicated-output'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** KafkaSource → keyed count → KafkaSink with AT_LEAST_ONCE. */
export const kafkaToKafkaAtLeastOnce: Scenario = {
  name: story.name,
  about: 'a keyed count between two topics, flushed before each checkpoint',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => [...repeatingClaims(mode, 'read_committed'), { guarantee: 'at-least-once', at: 'read_uncommitted' }],
  witnesses: (mode) => WITNESSES[mode],
  setUp: (world, mode) => kafkaToKafka(world, story, modes[mode]),
}
