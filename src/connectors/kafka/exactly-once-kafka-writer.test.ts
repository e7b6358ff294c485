import { describe, expect, it } from 'vitest'
import { KafkaSinkBench } from '../../../test/connectors/kafka-sink-bench.js'
import { SinkJob } from '../../../test/connectors/sink-job.js'
import { KAFKA_SINK_DEFAULTS } from './kafka-sink-options.js'

/** Names of begun transactions. */
function begun(bench: KafkaSinkBench): readonly string[] {
  return bench.of('transaction-begun').map(({ transaction }) => transaction)
}

const SECOND = 1_000_000

describe('exactly-once Kafka writer', () => {
  it('names transactions by prefix, subtask and checkpoint, and begins one only for records', () => {
    const bench = new KafkaSinkBench()
    new SinkJob(bench, bench.exactlyOnce(), 30).write(3).takeCheckpoint().takeCheckpoint().write(3).takeCheckpoint()
    expect(begun(bench)).toEqual(['p-0-1', 'p-0-3'])
    expect(bench.of('pre-commit').map(({ transaction, checkpoint, records }) => [transaction, checkpoint, records])).toEqual([
      ['p-0-1', 1, 3],
      ['p-0-3', 3, 3],
    ])
    expect(bench.of('sink-write')[3]).toMatchObject({ id: 3, transaction: 'p-0-3', key: 'k3', count: 3 })
  })

  it('lingers for what is buffered, and not beyond: neither a flush nor a close leaves a wake-up behind', () => {
    for (const end of ['takeCheckpoint', 'throwException'] as const) {
      const bench = new KafkaSinkBench()
      const job = new SinkJob(bench, bench.exactlyOnce(), 30).write(1)
      expect(bench.lingers).toBe(true)
      job[end]()
      expect(bench.lingers).toBe(false)
    }
  })

  it('aborts the open transaction at an orderly close, and leaves it to its successor after a crash', () => {
    const whys = (['throwException', 'crash'] as const).map((end) => {
      const bench = new KafkaSinkBench()
      new SinkJob(bench, bench.exactlyOnce(), 30).write(5)[end]().write(5)
      bench.run()
      return bench.of('abort').map(({ transaction, why, attempt }) => `${transaction} ${why} ${attempt}`)
    })
    expect(whys).toEqual([['p-0-1 close 0'], ['p-0-1 lingering 1']])
  })

  it('leaves a pre-committed transaction alone when it is closed', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.exactlyOnce(), 10)
    job.complete(job.write(5).prepare()).throwException()
    bench.run()
    expect(bench.of('abort')).toEqual([])
    expect(bench.visible('read_committed').length).toBe(5)
  })

  it('does not abort what it has handed out, even if no snapshot follows: its successor does', () => {
    const bench = new KafkaSinkBench()
    new SinkJob(bench, bench.exactlyOnce(), 10).write(5).failBetweenCommitAndSnapshot()
    bench.run()
    expect(bench.of('abort').map(({ why, attempt }) => `${why} ${attempt}`)).toEqual(['lingering 1'])
  })

  it('fails when a broker does not take its records within the delivery timeout', () => {
    const bench = new KafkaSinkBench()
    bench.script.set(
      'kafka.produce',
      Array.from({ length: 6 }, () => 'failed'),
    )
    const job = new SinkJob(bench, bench.exactlyOnce({ partitioner: 'fixed', retryBackoffUs: 5_000, deliveryTimeoutUs: 20_000 }), 10)
    job.write(4).finish()
    expect(job.failures).toEqual(['produce: no success within the delivery timeout (NOT_LEADER_OR_FOLLOWER)'])
    expect(bench.visible('read_committed').length).toBe(10)
  })

  it('aborts all that failed checkpoints left, and never what the restored one covers', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.exactlyOnce(), 30)
    const first = job.write(3).prepare()
    job.write(3).prepare()
    job.write(3).prepare()
    job.write(5)
    bench.run(10_000) // long enough for the linger time
    job.complete(first).crash()
    expect(bench.of('abort').map(({ transaction }) => transaction)).toEqual(['p-0-2', 'p-0-3', 'p-0-4'])
    expect(bench.of('commit').map(({ transaction, result }) => `${transaction} ${result}`)).toEqual(['p-0-1 applied'])
  })

  it('aborts what subtasks left that are gone after a rescale', () => {
    const bench = new KafkaSinkBench()
    for (const subtask of [0, 1, 2]) new SinkJob(bench, bench.exactlyOnce(), 30, { subtask, parallelism: 3 }).write(5)
    for (const subtask of [0, 1]) new SinkJob(bench, bench.exactlyOnce(), 30, { subtask, parallelism: 2 })
    bench.run()
    expect(bench.of('abort').map(({ transaction }) => transaction)).toEqual(['p-0-1', 'p-2-1', 'p-1-1'])
  })

  it('aborts under the old prefix as well when state tells of one', () => {
    const bench = new KafkaSinkBench()
    const sink = bench.exactlyOnce()
    const job = new SinkJob(bench, sink, 30)
    const snapshot = job.write(3).takeCheckpoint().write(5).prepare()
    expect(snapshot?.writer).toEqual(['p'])
    const renamed = bench.exactlyOnce({ transactionalIdPrefix: 'q' })
    const successor = new SinkJob(bench, renamed, 30, { subtask: 0, parallelism: 1 }, { ...snapshot!, checkpoint: 1, committables: [] })
    successor.write(3)
    bench.run()
    expect(bench.of('abort').map(({ transaction }) => transaction)).toEqual(['p-0-2'])
    expect(begun(bench)).toEqual(['p-0-1', 'p-0-2', 'q-0-2'])
  })

  it('blocks read_committed readers until the timeout when a start without state changes the prefix', () => {
    const bench = new KafkaSinkBench()
    new SinkJob(bench, bench.exactlyOnce({ transactionTimeoutUs: 20 * SECOND }), 30).write(5)
    const fresh = new SinkJob(bench, bench.exactlyOnce({ transactionalIdPrefix: 'q' }), 8)
    fresh.write(8).takeCheckpoint()
    bench.run(10 * SECOND)
    expect(bench.visible('read_committed').length).toBeLessThan(8)
    bench.run(12 * SECOND)
    expect(bench.visible('read_committed').length).toBe(8)
    expect(bench.of('abort')).toMatchObject([{ transaction: 'p-0-1', why: 'timeout' }])
  })

  it('loses what another job with the same prefix aborts, silently', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.exactlyOnce(), 10)
    const snapshot = job.write(5).prepare()
    new SinkJob(bench, bench.exactlyOnce(), 10)
    job.complete(snapshot).notify()
    bench.run()
    expect(bench.of('commit')).toMatchObject([{ transaction: 'p-0-1', result: 'failed-known' }])
    expect(bench.visible('read_committed')).toEqual([])
    expect(job.restarts).toBe(0)
  })

  it('loses a pre-committed transaction that times out before its commit, without a crash and silently', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.exactlyOnce({ transactionTimeoutUs: 5 * SECOND }), 10)
    job.write(3)
    bench.run(7 * SECOND)
    // Nothing at the barrier talks to the broker any more: the checkpoint goes through.
    job.takeCheckpoint().finish()
    expect(bench.of('commit').map(({ result }) => result)).toEqual(['failed-known', 'applied'])
    expect(
      bench
        .visible('read_committed')
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual([3, 4, 5, 6, 7, 8, 9])
    expect(job.restarts).toBe(0)
  })

  it('fails, and replays, when it writes into a transaction that timed out', () => {
    const bench = new KafkaSinkBench()
    const job = new SinkJob(bench, bench.exactlyOnce({ transactionTimeoutUs: 5 * SECOND }), 10)
    job.write(3)
    bench.run(7 * SECOND)
    job.write(3).finish()
    expect(job.failures).toEqual(['produce: INVALID_PRODUCER_EPOCH'])
    expect(new Set(bench.visible('read_committed')).size).toBe(10)
  })

  it('cannot start with the default timeout of one hour on a broker with its default maximum', () => {
    const bench = new KafkaSinkBench()
    const { transactionTimeoutUs } = KAFKA_SINK_DEFAULTS
    expect(() => new SinkJob(bench, bench.exactlyOnce({ transactionTimeoutUs }), 1)).toThrow('INVALID_TRANSACTION_TIMEOUT')
  })

  it('needs a prefix', () => {
    expect(() => new KafkaSinkBench().exactlyOnce({ transactionalIdPrefix: '' })).toThrow('transactionalIdPrefix')
  })
})
