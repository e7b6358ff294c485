/** The job of the recordings: words from a collection, counted by key, written by a two-phase sink to an external store. */
import { collectionSource, twoPhaseSink } from '../src/connectors/index.js'
import { StreamExecutionEnvironment } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { configurations } from './flink-configuration.js'
import { transactionalClaims } from './claims.js'
import { wordsOf, type Word } from './words.js'

const SPLITS = ['part-0', 'part-1']
const PER_SPLIT = 100
/** So many that a snapshot of the counts is written in several pieces, between which records go on. */
const WORDS = wordsOf(64)

// Every state is uploaded, nothing travels inside an acknowledgement. Segments are shorter than three records.
const modes = configurations({
  'execution.checkpointing.data-inline-threshold': '0 b',
  'taskmanager.memory.segment-size': '4 kb',
  'execution.buffer-timeout.interval': '5 ms',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** Collection source → keyed count → two-phase sink. */
export const wordCount: Scenario = {
  name: 'word-count',
  about: 'words from a collection, counted by key, to a store in two phases',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => transactionalClaims(mode, 'external-store'),
  witnesses: (mode) => WITNESSES[mode],
  setUp,
}

function setUp(world: World, mode: Mode): JobSetUp {
  const { settings, values } = modes[mode]
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const env = new StreamExecutionEnvironment(settings).setParallelism(2).setRecordBytes(1500)
  const source = collectionSource({ splits: SPLITS, perSplit: PER_SPLIT, content: WORDS, pace: { burst: 4, intervalUs: 28_000 } })
  env
    .fromSource<Word>(source, 'Words')
    .uid('words')
    .work(100)
    .keyBy(({ key }) => key)
    .count()
    .uid('count')
    .work(2_000)
    .disableChaining()
    .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Sink')
    .uid('sink')
    .work(100)
  return {
    graph: env.build('word-count'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: SPLITS.map((split) => ({ vertex: 'Source: Words', split, records: PER_SPLIT })),
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}
