/**
 * The smallest job in which alignment matters: two sources, and one count that reads both. It is no story of the campaign: `explain` runs
 * it, with as few records as show what is asked.
 */
import { appendSink, collectionSource } from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { stateClaim } from './claims.js'
import { configurations } from './flink-configuration.js'

const SPLITS = ['a', 'b']

const modes = configurations({
  'execution.checkpointing.interval': '10 ms',
  'execution.buffer-timeout.interval': '0 ms',
  'restart-strategy.fixed-delay.delay': '1 ms',
})

/** Two collection sources → keyed count of parallelism 1 → store, with so many records in each source. */
export function twoChannels(records: number): Scenario {
  return {
    name: 'two-channels',
    about: 'two sources, counted by one task',
    modes: ['aligned', 'at-least-once', 'off'],
    claims: (mode) => [stateClaim(mode)],
    witnesses: () => [],
    setUp: (world, mode) => setUp(world, mode, records),
  }
}

function setUp(world: World, mode: Mode, records: number): JobSetUp {
  const { settings, values } = modes[mode]
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const env = new StreamExecutionEnvironment(settings).setParallelism(2)
  const content = (split: string, offset: number) => ({ value: { key: 'n', at: offset }, timestamp: offset * 1000, key: 'n' })
  env
    .fromSource<{ readonly key: string; readonly at: number }>(
      collectionSource({ splits: SPLITS, perSplit: records, content, pace: { burst: 1, intervalUs: 2_000 } }),
      'Numbers',
    )
    .uid('numbers')
    .keyBy(({ key }) => key)
    .count()
    .setParallelism(1)
    .name('Count')
    .uid('count')
    .sinkTo(appendSink({ store }), 'Sink')
    .setParallelism(1)
    .uid('sink')
  return {
    graph: env.build('two-channels'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map(),
    splits: SPLITS.map((split) => ({ vertex: 'Source: Numbers', split, records })),
    configuration: values,
    settleUs: 0,
    limitUs: 10_000_000,
  }
}
