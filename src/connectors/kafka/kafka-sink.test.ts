import { testSink, type SinkFixture } from '../../../test/connectors/sink-conformance.js'
import { KafkaSinkBench } from '../../../test/connectors/kafka-sink-bench.js'
import type { KafkaSinkOptions } from './kafka-sink-options.js'

function build(options: Partial<KafkaSinkOptions>): SinkFixture['build'] {
  return (seed, latency) => {
    const bench = new KafkaSinkBench(seed, latency)
    return { bench, sink: bench.sink(options) }
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
