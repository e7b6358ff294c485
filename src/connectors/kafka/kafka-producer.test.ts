import { describe, expect, it } from 'vitest'
import { KafkaBench } from '../../../test/systems/kafka-bench.js'
import { OperatorHarness } from '../../engine/operators/operator-harness.js'
import { sinkWriterOperator } from '../../engine/operators/sink-writer-operator.js'
import { topicOf, type ProduceAnswer } from '../../systems/index.js'
import { kafkaSink } from './kafka-sink.js'
import { KAFKA_SINK_DEFAULTS } from './kafka-sink-options.js'

/** A writer that sends every record at once and flushes before a barrier, and what it has sent. */
function writer() {
  const { cluster } = new KafkaBench()
  const topic = topicOf(cluster, 'out')
  const options = { ...KAFKA_SINK_DEFAULTS, deliveryGuarantee: 'AT_LEAST_ONCE', idempotent: false, batch: 1, cluster, topic } as const
  const operator = new OperatorHarness(sinkWriterOperator(kafkaSink(options), 0))
  const write = (id: number) => {
    operator.processElement({ id, value: id, timestamp: 0 })
  }
  const answer = (sequence: number, error: ProduceAnswer['error']) => {
    operator.answer({ type: 'produced', partition: topic.partitions[0] ?? 0, sequence, error })
  }
  const sequences = () => operator.context.calls.flatMap(({ request }) => ('sequence' in request ? [request.sequence] : []))
  return { operator, write, answer, sequences, partition: topic.partitions[0] ?? 0 }
}

describe('a producer', () => {
  it('sends a batch again under the same sequence number when it was not answered', () => {
    const { operator, write, answer, sequences } = writer()
    write(1)
    answer(0, 'REQUEST_TIMED_OUT')
    operator.wake()
    expect(sequences()).toEqual([0, 0])
  })

  it('takes the second answer to a batch that was sent twice for no answer to the next one', () => {
    const { operator, write, answer, sequences } = writer()
    write(1)
    answer(0, 'REQUEST_TIMED_OUT')
    operator.wake()
    write(2)
    answer(0, 'NONE')
    expect(sequences()).toEqual([0, 0, 1])
    answer(0, 'NONE')
    operator.prepareSnapshot(1)
    expect(operator.busy).toBe(true)
    answer(1, 'NONE')
    expect(operator.busy).toBe(false)
  })

  it('sends again what was on its way when the connection broke', () => {
    const { operator, write, sequences, partition } = writer()
    write(1)
    operator.answer({ kind: 'connection-lost', system: partition })
    operator.wake()
    expect(sequences()).toEqual([0, 0])
  })
})
