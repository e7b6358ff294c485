/** A job as a value that fast-check can draw and make smaller, and the scenario that it describes. */
import { appendSink, collectionSource, twoPhaseSink } from '../src/connectors/index.js'
import {
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type DataStream,
  type JobConfiguration,
  type Key,
  type SingleOutputStreamOperator,
} from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'

/** A source: splits of records, handed out in bursts. */
export interface GeneratedSource {
  readonly splits: number
  readonly perSplit: number
  readonly burst: number
  readonly intervalMs: number
}

/** One operator behind the sources. */
export interface Stage {
  readonly kind: 'map' | 'filter' | 'count' | 'window'
  readonly parallelism: number
  /** Records are dealt out one by one before it; else they go forward, if they can. A keyed stage is always fed by key. */
  readonly rebalance: boolean
  readonly chained: boolean
  readonly workUs: number
}

/** Settings that differ from job to job. */
export interface Settings {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly minPauseMs: number
  readonly maxConcurrent: number
  readonly storage: 'filesystem' | 'jobmanager'
  readonly inlineThresholdBytes: number
  readonly numRetained: number
  readonly failover: 'region' | 'full'
  readonly segmentBytes: number
  readonly buffersPerChannel: number
  readonly bufferTimeoutMs: number
}

/** All of a job. */
export interface GeneratedJob {
  readonly sources: readonly GeneratedSource[]
  readonly combine: 'union' | 'join'
  readonly keys: number
  readonly stages: readonly Stage[]
  readonly sink: 'two-phase' | 'append'
  readonly sinkParallelism: number
  readonly settings: Settings
}

/** What flows through the job: whatever an operator makes keeps its key. */
type Keyed = { readonly key: Key }

/** Windows of event time, and by how much records may be late, µs: readers of several splits go on by turns. */
const WINDOW_US = 10_000
const OUT_OF_ORDER_US = 20_000

/** The configuration that the engine gets. */
export function configurationOf({ settings }: GeneratedJob, mode: Mode): JobConfiguration {
  const { intervalMs, timeoutMs, minPauseMs, maxConcurrent, storage, inlineThresholdBytes, numRetained, failover } = settings
  return {
    checkpointing: {
      enabled: mode !== 'off',
      mode: mode === 'at-least-once' ? 'AT_LEAST_ONCE' : 'EXACTLY_ONCE',
      intervalUs: intervalMs * 1000,
      timeoutUs: timeoutMs * 1000,
      minPauseUs: minPauseMs * 1000,
      maxConcurrent,
      tolerableFailed: 1000,
      unaligned: false,
      alignedTimeoutUs: 0,
      storage,
      inlineThresholdBytes,
      numRetained,
      retention: 'RETAIN_ON_CANCELLATION',
      afterTasksFinish: true,
    },
    restart: { type: 'fixed-delay', attempts: 2_147_483_647, delayUs: 10_000 },
    failover,
    highAvailability: true,
    heartbeatIntervalUs: 10_000_000,
    heartbeatTimeoutUs: 50_000_000,
    cancellationTimeoutUs: 180_000_000,
    network: {
      segmentBytes: settings.segmentBytes,
      buffersPerChannel: settings.buffersPerChannel,
      floatingBuffersPerGate: 4,
      bufferTimeoutUs: settings.bufferTimeoutMs * 1000,
    },
    autoWatermarkIntervalUs: 200_000,
    maxParallelism: 16,
    committerRetries: 10,
  }
}

/** Names of a source's splits. */
function splitsOf(source: number, { splits }: GeneratedSource): string[] {
  return Array.from({ length: splits }, (_, split) => `source-${source}-${split}`)
}

function addSource(env: StreamExecutionEnvironment, job: GeneratedJob, index: number): SingleOutputStreamOperator<Keyed> {
  const source = job.sources[index]
  if (source === undefined) throw new RangeError(`there is no source ${index}`)
  const { perSplit, burst, intervalMs } = source
  const content = (split: string, offset: number) => {
    const key = (offset * 7 + Number(split.at(-1))) % job.keys
    return { value: { key }, timestamp: offset * 1000, key: String(key) }
  }
  const pace = { burst, intervalUs: intervalMs * 1000 }
  return env
    .fromSource<Keyed>(collectionSource({ splits: splitsOf(index, source), perSplit, content, pace }), String(index))
    .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: OUT_OF_ORDER_US })
    .work(100)
}

const byKey = ({ key }: Keyed): Key => key

function addStage(input: DataStream<Keyed>, { kind, parallelism, rebalance, chained, workUs }: Stage): DataStream<Keyed> {
  const added = operatorOf(rebalance ? input.rebalance() : input, kind)
    .setParallelism(parallelism)
    .work(workUs)
  return chained ? added : added.disableChaining()
}

function operatorOf(input: DataStream<Keyed>, kind: Stage['kind']): SingleOutputStreamOperator<Keyed> {
  switch (kind) {
    case 'map':
      return input.map(({ key }) => ({ key }))
    case 'filter':
      // By key, which a replay does not change. (How often a key has come may differ between two runs.)
      return input.filter(({ key }) => Number(key) % 3 !== 2)
    case 'count':
      return input.keyBy(byKey).count()
    case 'window':
      return input
        .keyBy(byKey)
        .window(TumblingEventTimeWindows.of(WINDOW_US))
        .aggregate({
          createAccumulator: () => 0,
          add: (_value, count: number) => count + 1,
          getResult: (count, key) => ({ key, records: count }),
        })
  }
}

function combined(env: StreamExecutionEnvironment, job: GeneratedJob): DataStream<Keyed> {
  const first = addSource(env, job, 0)
  if (job.sources.length === 1) return first
  const second = addSource(env, job, 1)
  if (job.combine === 'union') return first.union(second)
  return first
    .join(second)
    .where(byKey)
    .equalTo(byKey)
    .window(TumblingEventTimeWindows.of(WINDOW_US))
    .apply(({ key }) => ({ key }))
}

function setUp(world: World, job: GeneratedJob, mode: Mode): JobSetUp {
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const parallelism = Math.max(job.sinkParallelism, ...job.stages.map((stage) => stage.parallelism))
  const env = new StreamExecutionEnvironment(configurationOf(job, mode)).setParallelism(job.sinkParallelism)
  const end = job.stages.reduce(addStage, combined(env, job))
  const sink = job.sink === 'two-phase' ? end.sinkTo(twoPhaseSink({ store, batch: 4 })) : end.sinkTo(appendSink({ store }))
  sink.setParallelism(job.sinkParallelism)
  return {
    graph: env.build('generated'),
    cluster: { taskManagers: 2, slots: parallelism },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: job.sources.flatMap((source, index) =>
      splitsOf(index, source).map((split) => ({ vertex: `Source: ${index}`, split, records: source.perSplit })),
    ),
    configuration: {
      'high-availability.type': 'zookeeper',
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': '2147483647',
    },
    settleUs: 500_000,
    limitUs: 60_000_000,
  }
}

/** The guarantee that a job gives to the readers of its sink in a mode. */
function outputGuarantee({ sink }: GeneratedJob, mode: Mode): 'exactly-once' | 'at-least-once' {
  return mode === 'aligned' && sink === 'two-phase' ? 'exactly-once' : 'at-least-once'
}

/** The job as a scenario, with what it promises. */
export function scenarioOf(job: GeneratedJob): Scenario {
  return {
    name: 'generated',
    about: 'a generated job',
    modes: ['aligned', 'at-least-once', 'off'],
    claims: (mode) => [
      { guarantee: mode === 'at-least-once' ? 'at-least-once' : 'exactly-once', at: 'state' },
      { guarantee: outputGuarantee(job, mode), at: 'external-store' },
    ],
    witnesses: () => [],
    setUp: (world, mode) => setUp(world, job, mode),
  }
}
