/** The scenario that a generated job describes: what is built of it, and what it promises. */
import { appendSink, collectionSource, fileSink, twoPhaseSink } from '../connectors/index.js'
import {
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type DataStream,
  type Key,
  type SingleOutputStreamOperator,
} from '../engine/index.js'
import type { DeliveryPromise } from '../history/index.js'
import { MODES, type JobSetUp, type Mode, type Scenario } from '../search/index.js'
import { emptyStore, externalStore, fileSystem, fileSystemState } from '../systems/index.js'
import type { World } from '../world/index.js'
import { configurationOf, optionsOf } from './generated-configuration.js'
import type { GeneratedJob, GeneratedSource, Stage } from './generated-job.js'

/** What flows through the job: whatever an operator makes keeps its key. */
type Keyed = { readonly key: Key }

/** Windows of event time, and by how much records may be late, µs: readers of several splits go on by turns. */
const WINDOW_US = 10_000
const OUT_OF_ORDER_US = 20_000

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
    case 'alarm':
      // For a time that has nearly passed, or has: it fires soon, and the next record of the same span registers it again.
      return input.keyBy(byKey).process<Keyed>({
        processElement(_value, context) {
          context.put('records', Number(context.get('records') ?? 0) + 1)
          context.registerEventTimeTimer(Math.floor(context.timestamp / WINDOW_US) * WINDOW_US - OUT_OF_ORDER_US)
        },
        onTimer(_timestamp, context) {
          const records = context.get('records')
          if (records === undefined) return
          const told = { key: context.key, records }
          context.collect(told)
          context.clear()
        },
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

function addSink(world: World, end: DataStream<Keyed>, { sink, sinkParallelism }: GeneratedJob): JobSetUp['outside'][number] {
  const process = world.process(sink === 'file' ? 'files' : 'external-store')
  const added =
    sink === 'file'
      ? end.sinkTo(fileSink({ files: world.add(process, fileSystem, 'files', fileSystemState([])), directory: 'out', batch: 4 }))
      : storeSink(world, process, end, sink)
  added.setParallelism(sinkParallelism)
  return { process, strikable: true }
}

function storeSink(world: World, process: JobSetUp['outside'][number]['process'], end: DataStream<Keyed>, sink: 'two-phase' | 'append') {
  const store = world.add(process, externalStore, 'external-store', emptyStore())
  return sink === 'two-phase' ? end.sinkTo(twoPhaseSink({ store, batch: 4 })) : end.sinkTo(appendSink({ store }))
}

function setUp(world: World, job: GeneratedJob, mode: Mode): JobSetUp {
  const parallelism = Math.max(job.sinkParallelism, ...job.stages.map((stage) => stage.parallelism))
  const env = new StreamExecutionEnvironment(configurationOf(job.settings, mode)).setParallelism(job.sinkParallelism)
  const outside = addSink(world, job.stages.reduce(addStage, combined(env, job)), job)
  return {
    graph: env.build('generated'),
    cluster: { taskManagers: 2, slots: parallelism },
    outside: [outside],
    observed: new Map([['Sink: Writer', [observedAt(job)]]]),
    splits: job.sources.flatMap((source, index) =>
      splitsOf(index, source).map((split) => ({ vertex: `Source: ${index}`, split, records: source.perSplit })),
    ),
    configuration: optionsOf(job.settings),
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}

/** Where the output of a job is looked at. */
export function observedAt({ sink }: GeneratedJob): 'external-store' | 'finished-files' {
  return sink === 'file' ? 'finished-files' : 'external-store'
}

/** What a job promises in a mode, of its state and to the readers of its sink. */
export function promisesOf(job: GeneratedJob, mode: Mode): readonly DeliveryPromise[] {
  const at = observedAt(job)
  // A job that never goes back reads nothing twice; what was on its way when it failed is lost.
  if (job.settings.restart === 'never') return ['state', at].map((point) => ({ guarantee: 'at-most-once', at: point }))
  return [
    { guarantee: mode === 'at-least-once' ? 'at-least-once' : 'exactly-once', at: 'state' },
    { guarantee: mode === 'aligned' && job.sink !== 'append' ? 'exactly-once' : 'at-least-once', at },
  ]
}

/** The job as a scenario, with what it promises. */
export function scenarioOf(job: GeneratedJob): Scenario {
  return {
    name: 'generated',
    about: 'a generated job',
    modes: MODES,
    claims: (mode) => promisesOf(job, mode),
    witnesses: () => [],
    setUp: (world, mode) => setUp(world, job, mode),
  }
}
