/**
 * What the Kafka stories share: words from one topic, counted by key, to another topic, which two independent readers watch: one
 * that reads committed records only, and one that reads everything.
 */
import {
  KAFKA_SINK_DEFAULTS,
  KAFKA_SOURCE_DEFAULTS,
  kafkaSink,
  kafkaSource,
  recordsOf,
  type DeliveryGuarantee,
  type Pace,
} from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { JobSetUp } from '../src/search/index.js'
import { addKafkaCluster, addKafkaReader, partitionName, topicOf, type CoordinatorConfiguration } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import type { ModeConfiguration } from './flink-configuration.js'
import { wordsOf, type Word } from './words.js'

const PARTITIONS = [0, 1]
/** So many that a snapshot of the counts is written in several pieces, between which records go on. */
const WORDS = wordsOf(64)

/** What differs from story to story. */
export interface KafkaStory {
  readonly name: string
  readonly deliveryGuarantee: DeliveryGuarantee
  /** `transaction.timeout.ms`, in µs. */
  readonly transactionTimeoutUs: number
  /** Records that make a batch full. */
  readonly batch: number
  /** `linger.ms`, in µs. */
  readonly lingerUs: number
  readonly coordinator: CoordinatorConfiguration
  /** How much there is to read, and how fast it comes. */
  readonly input: KafkaInput
}

/** Records in each partition of the topic that is read, and the reader's pace. */
export interface KafkaInput {
  readonly perPartition: number
  readonly pace: Pace
}

/** A run of about a second. */
export const SHORT_INPUT: KafkaInput = { perPartition: 100, pace: { burst: 2, intervalUs: 14_000 } }

/** KafkaSource → keyed count → KafkaSink. */
export function kafkaToKafka(world: World, story: KafkaStory, { settings, values }: ModeConfiguration): JobSetUp {
  const kafka = world.process('kafka')
  const readers = world.process('readers')
  const { perPartition, pace } = story.input
  const words = PARTITIONS.map((partition) => recordsOf(WORDS, partitionName('words', partition), perPartition))
  const topics = [
    { name: 'words', partitions: words },
    { name: 'counts', partitions: PARTITIONS.map(() => []) },
  ]
  const cluster = addKafkaCluster(world, kafka, topics, story.coordinator)
  const counts = topicOf(cluster, 'counts')
  addKafkaReader(world, readers, counts, 'read_committed', 'Sink: Writer')
  addKafkaReader(world, readers, counts, 'read_uncommitted', 'Sink: Writer')
  const source = kafkaSource({
    ...KAFKA_SOURCE_DEFAULTS,
    cluster,
    topic: topicOf(cluster, 'words'),
    stoppingOffsets: PARTITIONS.map(() => perPartition),
    group: 'millrace',
    maxPollRecords: 20,
    retryBackoffUs: 20_000,
    pace,
  })
  const sink = kafkaSink({
    ...KAFKA_SINK_DEFAULTS,
    cluster,
    topic: counts,
    deliveryGuarantee: story.deliveryGuarantee,
    transactionalIdPrefix: story.deliveryGuarantee === 'EXACTLY_ONCE' ? story.name : '',
    transactionTimeoutUs: story.transactionTimeoutUs,
    batch: story.batch,
    lingerUs: story.lingerUs,
    retryBackoffUs: 20_000,
  })
  const env = new StreamExecutionEnvironment(settings).setParallelism(2)
  env
    .fromSource<Word>(source, 'Words')
    .uid('words')
    .work(100)
    .keyBy(({ key }) => key)
    .count()
    .uid('count')
    .work(2_000)
    .sinkTo(sink, 'Sink')
    .uid('sink')
    .work(100)
  return {
    graph: env.build(story.name),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [
      { process: kafka, strikable: true },
      { process: readers, strikable: false },
    ],
    observed: new Map([['Sink: Writer', ['read_committed', 'read_uncommitted']]]),
    splits: PARTITIONS.map((partition) => ({ vertex: 'Source: Words', split: partitionName('words', partition), records: perPartition })),
    configuration: values,
    settleUs: 2_000_000,
    limitUs: 120_000_000,
  }
}
