import { emptyStore, externalStore } from '../systems/index.js'
import { SystemsBench } from '../systems/fixtures/systems-bench.js'
import { appendSink } from './append-sink.js'
import { testSink } from './fixtures/sink-conformance.js'
import { twoPhaseSink } from './two-phase-sink.js'

testSink({
  name: 'TwoPhaseSink',
  guarantee: 'exactly-once',
  at: 'external-store',
  failpoints: ['store.session', 'store.write', 'store.pre-commit', 'store.commit'],
  closeFlushes: false,
  build(seed, latency) {
    const bench = new SystemsBench(seed, latency)
    const store = bench.world.add(bench.process, externalStore, 'store', emptyStore())
    bench.start()
    return { bench, sink: twoPhaseSink({ store, batch: 4 }) }
  },
})

testSink({
  name: 'AppendSink',
  guarantee: 'at-least-once',
  at: 'external-store',
  failpoints: ['store.append'],
  closeFlushes: false,
  build(seed, latency) {
    const bench = new SystemsBench(seed, latency)
    const store = bench.world.add(bench.process, externalStore, 'store', emptyStore())
    bench.start()
    return { bench, sink: appendSink({ store }) }
  },
})
