import { describe, expect, it } from 'vitest'
import { KafkaSinkBench } from '../../../test/connectors/kafka-sink-bench.js'
import { SinkJob } from '../../../test/connectors/sink-job.js'
import { KAFKA_SINK_DEFAULTS } from './kafka-sink-options.js'

const { lingerUs } = KAFKA_SINK_DEFAULTS

describe('a Kafka writer', () => {
  it.each([
    ['once under the identity that it was given', true, [0, 1, 2, 3]],
    ['twice without one', false, [0, 1, 2, 3, 0, 1, 2, 3]],
  ])('whose batch is in the log, but not acknowledged, writes it %s', (_how, idempotent, visible) => {
    const bench = new KafkaSinkBench()
    bench.script.set('kafka.produce', ['unknown-applied'])
    const sink = bench.sink({ deliveryGuarantee: 'AT_LEAST_ONCE', partitioner: 'fixed', idempotent })
    new SinkJob(bench, sink, 4).finish()
    expect(bench.visible('read_uncommitted')).toEqual(visible)
  })

  it('lingers from the first record of a batch on: those that follow do not put it off', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.sink({ deliveryGuarantee: 'NONE', partitioner: 'fixed' }), 3)
    for (let written = 0; written < 3; written++) {
      job.write(1)
      bench.run(lingerUs * 0.4)
    }
    expect(bench.visible('read_uncommitted')).toEqual([0, 1, 2])
  })

  it('goes on lingering when a batch that is full goes out, for what is not full yet', () => {
    const bench = new KafkaSinkBench()
    const produced = () => bench.calls.filter((call) => call === 'kafka.produce').length
    // A batch of 4 is full in one of the two partitions, and 3 records are left.
    new SinkJob(bench, bench.sink({ deliveryGuarantee: 'NONE' }), 7).write(7)
    bench.run(lingerUs / 2)
    expect([produced(), bench.lingers]).toEqual([1, true])
    bench.run()
    expect(bench.visible('read_uncommitted').toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it.each(['NONE', 'AT_LEAST_ONCE', 'EXACTLY_ONCE'] as const)(
    'that is closed in order leaves no wake-up behind (%s)',
    (deliveryGuarantee) => {
      const bench = new KafkaSinkBench()
      const { writer, ...others } = bench.sink({ deliveryGuarantee, transactionalIdPrefix: 'p' })
      const around: [boolean, boolean][] = []
      const close: typeof writer.close = (...call) => {
        const before = bench.lingers
        writer.close?.(...call)
        around.push([before, bench.lingers])
      }
      new SinkJob(bench, { writer: { ...writer, close }, ...others }, 30).write(1).throwException()
      expect(around).toEqual([[true, false]])
    },
  )
})
