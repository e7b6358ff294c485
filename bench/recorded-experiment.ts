/**
 * The experiment that a real MiniCluster does about three times a second, with the options of its recordings: source, keyed count,
 * two-phase sink, parallelism 2, 200 records of 16 keys in four splits, a checkpoint every 100 ms (about nine), one task that fails.
 */
import { collectionSource, twoPhaseSink } from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { FaultPlan } from '../src/faults/index.js'
import { effectiveConfiguration, readSetOption } from '../src/flink/index.js'
import type { JobSetUp, Scenario } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import { Stream, type World } from '../src/world/index.js'

const SPLITS = ['split-0', 'split-1', 'split-2', 'split-3']
const PER_SPLIT = 50
const KEYS = Array.from({ length: 16 }, (_, key) => `key-${String(key)}`)

const OPTIONS = [
  'execution.checkpointing.interval=100 ms',
  'execution.checkpointing.mode=EXACTLY_ONCE',
  'execution.checkpointing.timeout=60 s',
  'execution.checkpointing.num-retained=3',
  'execution.checkpointing.storage=filesystem',
  'execution.checkpointing.dir=file:///checkpoints',
  'restart-strategy.type=fixed-delay',
  'restart-strategy.fixed-delay.attempts=10',
  'restart-strategy.fixed-delay.delay=50 ms',
  'pipeline.max-parallelism=16',
  'execution.buffer-timeout.interval=5 ms',
]

const { settings, values } = effectiveConfiguration(OPTIONS.map(readSetOption))
const configuration = Object.fromEntries(values.map(({ key, value }) => [key, value]))

/** Words counted by key, to a store in two phases: the job of the recordings. */
export const recordedExperiment: Scenario = {
  name: 'recorded-experiment',
  about: 'the job of the recordings: a keyed count to a store in two phases',
  modes: ['aligned'],
  claims: () => [
    { guarantee: 'exactly-once', at: 'state' },
    { guarantee: 'exactly-once', at: 'external-store' },
  ],
  witnesses: () => ['recovered'],
  setUp,
}

function setUp(world: World): JobSetUp {
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const env = new StreamExecutionEnvironment(settings).setParallelism(2).setRecordBytes(20)
  const content = (split: string, offset: number) => {
    const key = KEYS[(offset + Number(split.at(-1))) % KEYS.length] ?? ''
    return { value: { key }, timestamp: offset * 1000, key }
  }
  env
    .fromSource<{ readonly key: string }>(
      collectionSource({ splits: SPLITS, perSplit: PER_SPLIT, content, pace: { burst: 5, intervalUs: 45_000 } }),
      'Src',
    )
    .uid('src')
    .keyBy(({ key }) => key)
    .count()
    .uid('count')
    .disableChaining()
    .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Sink')
    .uid('sink')
  return {
    graph: env.build('recorded-experiment'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: SPLITS.map((split) => ({ vertex: 'Source: Src', split, records: PER_SPLIT })),
    configuration,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}

/** A task fails at a record after the third checkpoint or so: which record is the seed's. Every record is read, counted and written. */
export function oneTaskFailure(seed: string): FaultPlan {
  return [{ kind: 'exception', point: 'task.record', nth: 200 + new Stream(seed, 'fault-plan').below(200) }]
}
