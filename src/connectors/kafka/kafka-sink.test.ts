import { addKafkaCluster, addKafkaReader, topicOf } from '../../systems/index.js'
import { SystemsBench } from '../../systems/fixtures/systems-bench.js'
import { testSink, type SinkFixture } from '../fixtures/sink-conformance.js'
import { kafkaSink } from './kafka-sink.js'
import { KAFKA_SINK_DEFAULTS, type KafkaSinkOptions } from './kafka-sink-options.js'

const BROKER = { maxTimeoutUs: 900_000_000, cleanupIntervalUs: 10_000_000 }

/** A sink on a topic of two partitions with readers at both isolation levels. */
function build(options: Partial<KafkaSinkOptions>): SinkFixture['build'] {
  return (seed, latency) => {
    const bench = new SystemsBench(seed, latency)
    const cluster = addKafkaCluster(bench.world, bench.process, [{ name: 'out', partitions: [[], []] }], BROKER)
    const topic = topicOf(cluster, 'out')
    const readers = bench.world.process('readers')
    addKafkaReader(bench.world, readers, topic, 'read_committed', 'Sink')
    addKafkaReader(bench.world, readers, topic, 'read_uncommitted', 'Sink')
    bench.start()
    bench.world.start(readers)
    const base = {
      ...KAFKA_SINK_DEFAULTS,
      cluster,
      topic,
      batch: 4,
      retryBackoffUs: 5_000,
      transactionTimeoutUs: 600_000_000,
      partitioner: 'by-key',
    } as const
    return { bench, sink: kafkaSink({ ...base, ...options }) }
  }
}

const WRITES = ['kafka.init-producer-id', 'kafka.produce']
const TRANSACTIONS = [...WRITES, 'kafka.add-partitions', 'kafka.end-txn']

testSink({
  name: 'KafkaSink NONE',
  guarantee: 'none',
  at: 'read_uncommitted',
  failpoints: WRITES,
  closeFlushes: true,
  build: build({ deliveryGuarantee: 'NONE' }),
})

testSink({
  name: 'KafkaSink AT_LEAST_ONCE',
  guarantee: 'at-least-once',
  at: 'read_committed',
  failpoints: WRITES,
  closeFlushes: true,
  build: build({ deliveryGuarantee: 'AT_LEAST_ONCE' }),
})

testSink({
  name: 'KafkaSink AT_LEAST_ONCE without idempotence',
  guarantee: 'at-least-once',
  at: 'read_uncommitted',
  failpoints: ['kafka.produce'],
  closeFlushes: true,
  build: build({ deliveryGuarantee: 'AT_LEAST_ONCE', idempotent: false }),
})

testSink({
  name: 'KafkaSink EXACTLY_ONCE',
  guarantee: 'exactly-once',
  at: 'read_committed',
  failpoints: TRANSACTIONS,
  closeFlushes: false,
  build: build({ deliveryGuarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'p' }),
})
