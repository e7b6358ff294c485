import { describe, expect, it } from 'vitest'
import { KafkaBench } from '../../../test/systems/kafka-bench.js'
import { OperatorHarness } from '../../engine/operators/operator-harness.js'
import { sinkWriterOperator } from '../../engine/operators/sink-writer-operator.js'
import { topicOf, type KafkaError, type ProduceAnswer } from '../../systems/index.js'
import { kafkaSink } from './kafka-sink.js'
import { KAFKA_SINK_DEFAULTS } from './kafka-sink-options.js'

/** A writer that sends every record at once and flushes before a barrier, and what it has sent. */
function writer(idempotent = false) {
  const { cluster } = new KafkaBench()
  const topic = topicOf(cluster, 'out')
  const options = { ...KAFKA_SINK_DEFAULTS, deliveryGuarantee: 'AT_LEAST_ONCE', idempotent, batch: 1, cluster, topic } as const
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

/** A writer of transactions that sends every record at once; what it has sent for them, by kind and transactional id. */
function exactlyOnce(partitions = 1) {
  const { cluster } = new KafkaBench(partitions)
  const given = { deliveryGuarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'p', partitioner: 'by-key', batch: 1 } as const
  const options = { ...KAFKA_SINK_DEFAULTS, ...given, cluster, topic: topicOf(cluster, 'out') }
  const operator = new OperatorHarness(sinkWriterOperator(kafkaSink(options), 0))
  const id = (transactionalId: string, epoch: number) =>
    ({ type: 'producer-id', transactionalId, producer: `${transactionalId}#0`, epoch, error: 'NONE' }) as const
  const sent = () =>
    operator.context.calls.flatMap(({ request }) =>
      request.kind !== 'init-producer-id' && 'transactionalId' in request ? [`${request.kind} ${String(request.transactionalId)}`] : [],
    )
  return { operator, sent, id }
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

  it('keeps the identity that it has when the answer to a repeated request comes as well', () => {
    const { operator, write, answer, sequences } = writer(true)
    const identity = (producer: string) => operator.answer({ type: 'producer-id', transactionalId: '', producer, epoch: 0, error: 'NONE' })
    identity('p#1')
    write(1)
    identity('p#2')
    write(2)
    expect(sequences()).toEqual([0])
    answer(0, 'NONE')
    operator.prepareSnapshot(1)
    expect(sequences()).toEqual([0, 1])
  })

  it('sends again what was on its way when the connection broke', () => {
    const { operator, write, sequences, partition } = writer()
    write(1)
    operator.answer({ kind: 'connection-lost', system: partition })
    operator.wake()
    expect(sequences()).toEqual([0, 0])
  })

  it('sends nothing when it is closed with nothing left, be it idle or waiting for an answer', () => {
    const idle = writer()
    idle.operator.close('finished')
    expect(idle.sequences()).toEqual([])
    const waiting = writer()
    waiting.write(1)
    waiting.operator.close('finished')
    expect(waiting.sequences()).toEqual([0])
  })
})

describe('a producer with transactions', () => {
  it('asks again for the registration of a partition that was refused, and sends nothing before it is there', () => {
    const { operator, sent, id } = exactlyOnce()
    for (const epoch of [0, 1]) operator.answer(id('p-0-1', epoch))
    operator.processElement({ id: 1, value: 1, timestamp: 0 })
    expect(sent()).toEqual(['add-partitions p-0-1'])
    operator.answer({ type: 'partitions-added', transactionalId: 'p-0-1', error: 'CONCURRENT_TRANSACTIONS' })
    operator.wake()
    expect(sent()).toEqual(['add-partitions p-0-1', 'add-partitions p-0-1'])
    operator.answer({ type: 'partitions-added', transactionalId: 'p-0-1', error: 'NONE' })
    expect(sent()).toEqual(['add-partitions p-0-1', 'add-partitions p-0-1', 'produce p-0-1'])
  })

  it('fails where the registration of a partition is refused for good, and does not ask again', () => {
    const { operator, sent, id } = exactlyOnce()
    for (const epoch of [0, 1]) operator.answer(id('p-0-1', epoch))
    operator.processElement({ id: 1, value: 1, timestamp: 0 })
    operator.answer({ type: 'partitions-added', transactionalId: 'p-0-1', error: 'PRODUCER_FENCED' })
    expect(operator.failure).toBe('add partitions: PRODUCER_FENCED')
    operator.wake()
    expect(sent()).toEqual(['add-partitions p-0-1'])
  })

  it('has one registration on its way, whatever else it sends again meanwhile', () => {
    const { operator, sent, id } = exactlyOnce(2)
    for (const epoch of [0, 1]) operator.answer(id('p-0-1', epoch))
    const write = (key: string) => operator.processElement({ id: 1, value: { key, count: 1 }, timestamp: 0 })
    const registered = (error: KafkaError) => operator.answer({ type: 'partitions-added', transactionalId: 'p-0-1', error })
    write('a')
    registered('NONE')
    const partition = operator.context.calls.at(-1)?.system ?? -1
    write('c')
    expect(sent()).toEqual(['add-partitions p-0-1', 'produce p-0-1', 'add-partitions p-0-1'])
    registered('CONCURRENT_TRANSACTIONS')
    operator.answer({ type: 'produced', partition, sequence: 0, error: 'REQUEST_TIMED_OUT' })
    for (let wakeUp = 0; wakeUp < 2; wakeUp++) operator.wake()
    expect(sent().slice(3)).toEqual(['add-partitions p-0-1', 'produce p-0-1'])
  })

  it('takes a late answer about the registration for an earlier transactional id for none about its own', () => {
    const { operator, sent, id } = exactlyOnce()
    const registered = { type: 'partitions-added', transactionalId: 'p-0-1', error: 'NONE' } as const
    for (const epoch of [0, 1]) operator.answer(id('p-0-1', epoch))
    operator.processElement({ id: 1, value: 1, timestamp: 0 })
    operator.answer(registered)
    operator.answer({ type: 'produced', partition: operator.context.calls.at(-1)?.system ?? -1, sequence: 0, error: 'NONE' })
    operator.prepareSnapshot(1)
    operator.snapshot(1)
    operator.answer(id('p-0-2', 0))
    operator.processElement({ id: 2, value: 2, timestamp: 0 })
    operator.answer(registered)
    expect(sent().slice(2)).toEqual(['add-partitions p-0-2'])
    operator.answer({ ...registered, transactionalId: 'p-0-2' })
    expect(sent().slice(3)).toEqual(['produce p-0-2'])
  })

  it('takes a late answer about an earlier transactional id for no answer about the one it has asked for since', () => {
    const { operator, sent, id } = exactlyOnce()
    for (const epoch of [0, 1]) operator.answer(id('p-0-1', epoch))
    operator.prepareSnapshot(1)
    operator.snapshot(1)
    operator.answer(id('p-0-1', 1))
    expect(operator.busy).toBe(true)
    operator.answer(id('p-0-2', 0))
    expect(operator.busy).toBe(false)
    operator.processElement({ id: 1, value: 1, timestamp: 0 })
    expect(sent()).toEqual(['add-partitions p-0-2'])
  })
})
