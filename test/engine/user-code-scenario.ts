/** Jobs with functions of a test's own: words of two splits, what the test does with them, and a sink in two phases. */
import { collectionSource, twoPhaseSink, type TwoPhaseSink } from '../../src/connectors/index.js'
import {
  StreamExecutionEnvironment,
  type DataStream,
  type SingleOutputStreamOperator,
  type Source,
  type Value,
} from '../../src/engine/index.js'
import { configurations } from '../../scenarios/flink-configuration.js'
import type { Word } from '../../scenarios/words.js'
import type { Scenario } from '../../src/search/index.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'

const SPLITS = ['words-0', 'words-1']
const PER_SPLIT = 40

/** A source of words, or of these values; what it reads next is in its state. */
export function wordSource(values?: readonly Value[]): ReturnType<typeof collectionSource> {
  return collectionSource({
    splits: SPLITS,
    perSplit: PER_SPLIT,
    content: (_split, offset) => {
      const key = `w${String(offset % 3)}`
      return { value: values?.[offset] ?? { key, at: offset }, timestamp: offset * 1_000, key }
    },
    pace: { burst: 1, intervalUs: 5_000 },
  })
}

/** The parts of a job that a test may have of its own. */
export interface UserCode {
  /** Made anew for each run, as a user's set-up does it. */
  readonly source?: () => Source<ReturnType<ReturnType<typeof wordSource>['reader']['open']>, never>
  readonly job?: (words: SingleOutputStreamOperator<Word>) => DataStream<Word>
  readonly sink?: (inner: TwoPhaseSink) => TwoPhaseSink
}

/** A scenario of these parts, in which everything is promised. */
export function userCodeScenario(
  name: string,
  { source = () => wordSource(), job = (words) => words, sink = (inner) => inner }: UserCode,
): Scenario {
  return {
    name,
    about: name,
    modes: ['aligned'],
    claims: () => [
      { guarantee: 'exactly-once', at: 'state' },
      { guarantee: 'exactly-once', at: 'external-store' },
    ],
    witnesses: () => [],
    setUp(world, mode) {
      const { settings, values } = configurations({})[mode]
      const outside = world.process('external-store')
      const store = world.add(outside, externalStore, 'external-store', emptyStore())
      const env = new StreamExecutionEnvironment(settings).setParallelism(2)
      job(env.fromSource<Word>(source(), 'Words').uid('words')).sinkTo(sink(twoPhaseSink({ store, batch: 5 })), 'Sink')
      return {
        graph: env.build(name),
        cluster: { taskManagers: 2, slots: 2 },
        outside: [{ process: outside, strikable: true }],
        observed: new Map([['Sink: Writer', ['external-store']]]),
        splits: SPLITS.map((split) => ({ vertex: 'Source: Words', split, records: PER_SPLIT })),
        configuration: values,
        settleUs: 500_000,
        limitUs: 120_000_000,
      }
    },
  }
}
