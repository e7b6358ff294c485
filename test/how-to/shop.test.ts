import fc from 'fast-check'
import { expect, it } from 'vitest'
import { connectors, engine, flink, runExperiment, systems, type Scenario } from '../../src/index.js'
import { faultPlans, seeds } from '../../src/fast-check/index.js'
import '../../src/vitest/index.js'

/** Orders of three shops, counted by shop, in two phases to a store. */
const shop: Scenario = {
  name: 'shop',
  about: 'orders counted by shop',
  modes: ['aligned'],
  claims: () => [
    { guarantee: 'exactly-once', at: 'state' },
    { guarantee: 'exactly-once', at: 'external-store' },
  ],
  witnesses: () => [],
  setUp(world) {
    const outside = world.process('external-store')
    const store = world.add(outside, systems.externalStore, 'external-store', systems.emptyStore())
    const orders = connectors.collectionSource({
      splits: ['orders-0', 'orders-1'],
      perSplit: 60,
      content: (_split, offset) => ({ value: { shop: offset % 3 }, timestamp: offset * 1_000, key: String(offset % 3) }),
      pace: { burst: 1, intervalUs: 5_000 },
    })
    const { settings, values } = flink.effectiveConfiguration([
      flink.readSetOption('execution.checkpointing.interval=20 ms'),
      flink.readSetOption('execution.checkpointing.timeout=1 s'),
      flink.readSetOption('execution.checkpointing.tolerable-failed-checkpoints=1000'),
      flink.readSetOption('restart-strategy.type=exponential-delay'),
      flink.readSetOption('high-availability.type=zookeeper'),
    ])
    const env = new engine.StreamExecutionEnvironment(settings).setParallelism(2)
    env
      .fromSource<{ readonly shop: number }>(orders, 'Orders')
      .keyBy(({ shop }) => shop)
      .count()
      .sinkTo(connectors.twoPhaseSink({ store, batch: 5 }), 'Sink')
    return {
      graph: env.build('shop'),
      cluster: { taskManagers: 2, slots: 2 },
      outside: [{ process: outside, strikable: true }],
      observed: new Map([['Sink: Writer', ['external-store']]]),
      splits: ['orders-0', 'orders-1'].map((split) => ({ vertex: 'Source: Orders', split, records: 60 })),
      configuration: Object.fromEntries(values.map(({ key, value }) => [key, value])),
      settleUs: 500_000,
      limitUs: 600_000_000,
    }
  },
}

it('counts every order once when a TaskManager dies in the middle', () => {
  const plan = [{ kind: 'crash', process: 'TaskManager-0', at: { timeUs: 150_000 }, downUs: 5_000 }] as const
  const run = runExperiment({ scenario: shop, mode: 'aligned', seed: '1', plan })
  expect(run).toBeExactlyOnce()
  expect(run.verdict?.evidence.recordsReplayed).toBeGreaterThan(0)
})

it('keeps its promises whatever happens', () => {
  const plans = faultPlans(shop, 'aligned', { maxFaults: 2 })
  const property = fc.property(plans, seeds(), (plan, seed) => {
    const run = runExperiment({ scenario: shop, mode: 'aligned', seed, plan })
    expect(run).toKeepItsPromises()
  })
  fc.assert(property, { numRuns: 30, seed: 1 })
})
