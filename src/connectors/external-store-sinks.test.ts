import { describe, expect, it } from 'vitest'
import { emptyStore, externalStore, type StoreRequest } from '../systems/index.js'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import type { ActorRef } from '../world/index.js'
import { appendSink } from './append-sink.js'
import { asyncSink } from './async-sink.js'
import { bufferedSink } from './buffered-sink.js'
import { testSink } from '../../test/connectors/sink-conformance.js'
import { SinkJob, type AnySink } from '../../test/connectors/sink-job.js'
import { twoPhaseSink } from './two-phase-sink.js'

/** A sink on a store of its own. */
function on(sinkOf: (store: ActorRef<StoreRequest>) => AnySink) {
  return (seed = 'store', latency = { minUs: 100, maxUs: 100 }) => {
    const bench = new SystemsBench(seed, latency)
    const store = bench.world.add(bench.process, externalStore, 'store', emptyStore())
    bench.start()
    return { bench, sink: sinkOf(store) }
  }
}

const twoPhase = on((store) => twoPhaseSink({ store, batch: 4 }))
const append = on((store) => appendSink({ store }))
const asynchronous = on((store) =>
  asyncSink({ store, maxBatchSize: 3, maxInFlightRequests: 2, maxBufferedRequests: 12, retryBackoffUs: 1_000 }),
)
const buffered = on((store) => bufferedSink({ store, capacity: 8 }))

const at = 'external-store'
const transactional = ['store.session', 'store.write', 'store.pre-commit', 'store.commit']
testSink({ name: 'TwoPhaseSink', guarantee: 'exactly-once', at, failpoints: transactional, closeFlushes: false, build: twoPhase })
testSink({ name: 'AppendSink', guarantee: 'at-least-once', at, failpoints: ['store.append'], closeFlushes: false, build: append })
testSink({ name: 'AsyncSink', guarantee: 'at-least-once', at, failpoints: ['store.append'], closeFlushes: false, build: asynchronous })
testSink({ name: 'BufferedSink', guarantee: 'none', at, failpoints: ['store.append'], closeFlushes: false, build: buffered })

it.each([
  ['TwoPhaseSink', twoPhase],
  ['AppendSink', append],
  ['AsyncSink', asynchronous],
  ['BufferedSink', buffered],
] as const)('%s does not fail when the store goes away while it waits for no answer', (_name, build) => {
  const { bench, sink } = build()
  const job = new SinkJob(bench, sink, 20).write(3)
  bench.run()
  bench.world.crash(bench.process)
  bench.restartAfter(2_000)
  bench.run()
  job.finish()
  expect(job.failures).toEqual([])
})

describe('TwoPhaseSink', () => {
  it('names transactions by subtask, expected checkpoint and session, as the recorded job does', () => {
    const { bench, sink } = twoPhase()
    const job = new SinkJob(bench, sink, 20)
    job.write(3).takeCheckpoint().write(5).crash().write(3).prepare()
    expect(bench.of('transaction-begun').map(({ transaction }) => transaction)).toEqual(['sink-t0-1-1', 'sink-t0-2-1', 'sink-t0-2-2'])
    expect(bench.of('abort')).toMatchObject([{ transaction: 'sink-t0-2-1', why: 'lingering', attempt: 1 }])
    expect(bench.of('commit').map(({ transaction, result, attempt }) => [transaction, result, attempt])).toEqual([
      ['sink-t0-1-1', 'applied', 0],
      ['sink-t0-1-1', 'already', 1],
    ])
  })

  it('writes in batches: what is not full waits for the barrier', () => {
    const { bench, sink } = twoPhase()
    const writes = () => bench.calls.filter((call) => call === 'store.write').length
    const job = new SinkJob(bench, sink, 20).write(3)
    bench.run()
    expect(writes()).toBe(0)
    job.write(2)
    bench.run()
    expect(writes()).toBe(1)
    job.prepare()
    expect(writes()).toBe(2)
  })

  it('begins no transaction for a checkpoint without records', () => {
    const { bench, sink } = twoPhase()
    new SinkJob(bench, sink, 20).takeCheckpoint().takeCheckpoint()
    expect(bench.of('transaction-begun')).toEqual([])
  })

  it('aborts what subtasks left that are gone after a rescale', () => {
    const { bench, sink } = twoPhase()
    for (const subtask of [0, 1, 2]) new SinkJob(bench, sink, 20, { subtask, parallelism: 3 }).write(3).prepare()
    for (const subtask of [0, 1]) new SinkJob(bench, sink, 20, { subtask, parallelism: 2 })
    expect(bench.of('abort').map(({ transaction }) => transaction)).toEqual(['sink-t0-1-1', 'sink-t2-1-1', 'sink-t1-1-1'])
  })
})

describe('BufferedSink', () => {
  it('fails when the store has not taken what it wrote, or does not say so', () => {
    for (const outcome of ['failed', 'unknown-lost'] as const) {
      const { bench, sink } = buffered()
      bench.script.set('store.append', [outcome])
      const job = new SinkJob(bench, sink, 20).write(8)
      bench.run()
      job.finish()
      expect(job.failures).toEqual([`append to the external store: ${outcome === 'failed' ? 'failed' : 'timeout'}`])
    }
  })

  it('writes when its buffer is full, and at no barrier', () => {
    const { bench, sink } = buffered()
    const job = new SinkJob(bench, sink, 20).write(7)
    job.prepare()
    expect(bench.visible(at)).toEqual([])
    job.write(1)
    bench.run()
    expect(bench.visible(at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})

describe('AsyncSink', () => {
  it('blocks while as many records are buffered as it may buffer', () => {
    const { bench, sink } = on((store) =>
      asyncSink({ store, maxBatchSize: 1, maxInFlightRequests: 1, maxBufferedRequests: 2, retryBackoffUs: 1_000 }),
    )()
    const job = new SinkJob(bench, sink, 9)
    // One is on its way, one is buffered; the next one waits for the answer to the first.
    const times = [1, 2, 3].map(() => {
      const before = bench.now()
      job.write()
      return bench.now() - before
    })
    expect(times.map((time) => time > 0)).toEqual([false, false, true])
  })

  it('puts what failed back to the head, behind which newer records wait', () => {
    const { bench, sink } = asynchronous()
    bench.script.set('store.append', ['failed'])
    new SinkJob(bench, sink, 9).finish()
    // Two batches were on their way at once: the second one overtook the first.
    expect(bench.visible(at)).toEqual([3, 4, 5, 0, 1, 2, 6, 7, 8])
  })

  it('sends nothing before the backoff is over, however many records come', () => {
    const { bench, sink } = asynchronous()
    const appends = () => bench.calls.filter((call) => call === 'store.append').length
    bench.script.set('store.append', ['failed'])
    const job = new SinkJob(bench, sink, 9).write(3)
    bench.run(400)
    job.write(6)
    bench.run(400)
    expect(appends()).toBe(1)
    bench.run(1_000)
    expect(appends()).toBe(4)
  })

  it('writes a batch twice whose answer was lost', () => {
    const { bench, sink } = asynchronous()
    bench.script.set('store.append', ['unknown-applied'])
    new SinkJob(bench, sink, 3).finish()
    expect(bench.visible(at)).toEqual([0, 1, 2, 0, 1, 2])
  })
})
