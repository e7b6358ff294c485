/** Words spread over all subtasks, counted by key, appended to a store at once: the state is exact, the output repeats itself. */
import { asyncSink, collectionSource } from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { repeatingClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { wordsOf, type Word } from './words.js'

const SPLITS = ['part-0', 'part-1']
const PER_SPLIT = 100
/** So many that a snapshot of the counts is written in several pieces, between which records go on. */
const WORDS = wordsOf(64)

// The first checkpoint that fails restarts the job, which is Flink's default.
const modes = configurations({
  'execution.checkpointing.tolerable-failed-checkpoints': '0',
  'execution.checkpointing.data-inline-threshold': '300 b',
  'taskmanager.network.memory.buffers-per-channel': '1',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'duplicated-output'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** Collection source → rebalance → filter → keyed count → asynchronous sink. */
export const countToAppend: Scenario = {
  name: 'count-to-append',
  about: 'words counted by key and appended to a store at once',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => repeatingClaims(mode, 'external-store'),
  witnesses: (mode) => WITNESSES[mode],
  setUp,
}

function setUp(world: World, mode: Mode): JobSetUp {
  const { settings, values } = modes[mode]
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const env = new StreamExecutionEnvironment(settings).setParallelism(2)
  const source = collectionSource({ splits: SPLITS, perSplit: PER_SPLIT, content: WORDS, pace: { burst: 4, intervalUs: 28_000 } })
  const sink = asyncSink({ store, maxBatchSize: 4, maxInFlightRequests: 2, maxBufferedRequests: 20, retryBackoffUs: 10_000 })
  env
    .fromSource<Word>(source, 'Words')
    .uid('words')
    .work(100)
    .rebalance()
    .filter(({ at }) => at % 5 !== 4)
    .uid('filter')
    .work(1_000)
    .keyBy(({ key }) => key)
    .count()
    .uid('count')
    .work(2_000)
    .sinkTo(sink, 'Sink')
    .uid('sink')
    .work(100)
  return {
    graph: env.build('count-to-append'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: SPLITS.map((split) => ({ vertex: 'Source: Words', split, records: PER_SPLIT })),
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}
