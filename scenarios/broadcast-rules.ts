/** Words counted by key under rules that are broadcast to every subtask, written by a two-phase sink to an external store. */
import { collectionSource, twoPhaseSink, type Content } from '../src/connectors/index.js'
import { mapStateDescriptor, StreamExecutionEnvironment, type BroadcastProcessFunction, type Value } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { transactionalClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { wordsOf, type Word } from './words.js'

const WORDS = ['words-0', 'words-1']
const PER_SPLIT = 60
const RULES = ['rules-0', 'rules-1']
const RULES_PER_SPLIT = 12

/** Which weight a word has from now on. Both splits speak of the same words, and a weight never goes down: their order does not matter. */
type Rule = { readonly word: string; readonly weight: number }

const rulesOf: Content = (split, offset) => {
  const word = `w${offset % 6}`
  const value: Rule = { word, weight: 2 * offset + Number(split.at(-1)) }
  return { value, timestamp: offset * 5000, key: word }
}

const WEIGHTS = mapStateDescriptor('weights')

// The state of every subtask is uploaded.
const modes = configurations({ 'execution.checkpointing.data-inline-threshold': '0 b' })

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** Two sources, one of them broadcast → weighed without keys → counted by key under the same rules → two-phase sink. */
export const broadcastRules: Scenario = {
  name: 'broadcast-rules',
  about: 'words weighed and counted under rules in broadcast state, to a store in two phases',
  modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => transactionalClaims(mode, 'external-store'),
  witnesses: (mode) => WITNESSES[mode],
  setUp,
}

function setUp(world: World, mode: Mode): JobSetUp {
  const { settings, values } = modes[mode]
  const outside = world.process('external-store')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const env = new StreamExecutionEnvironment(settings).setParallelism(2)
  const words = env
    .fromSource<Word>(
      collectionSource({ splits: WORDS, perSplit: PER_SPLIT, content: wordsOf(12), pace: { burst: 2, intervalUs: 24_000 } }),
      'Words',
    )
    .uid('words')
    .work(100)
  const rules = env
    .fromSource<Rule>(
      collectionSource({ splits: RULES, perSplit: RULES_PER_SPLIT, content: rulesOf, pace: { burst: 1, intervalUs: 50_000 } }),
      'Rules',
    )
    .uid('rules')
    .work(100)
    .broadcast(WEIGHTS)
  words
    .connect(rules)
    .process<Weighed>({
      processElement({ key, at }, context) {
        context.collect({ key, at, weight: Number(context.getBroadcastState(WEIGHTS).get(key) ?? 0) })
      },
      processBroadcastElement: takeRule,
    })
    .name('Weigh')
    .uid('weigh')
    .work(500)
    .keyBy(({ key }) => key)
    .connect(rules)
    .process<Value>({
      countsRecords: true,
      processElement({ key, weight }, context) {
        const count = Number(context.get('count') ?? 0) + 1
        context.put('count', count)
        context.collect({ key, count, weight, now: context.getBroadcastState(WEIGHTS).get(key) ?? 0 })
      },
      processBroadcastElement: takeRule,
    })
    .name('Count')
    .uid('count')
    .work(1_000)
    .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Sink')
    .uid('sink')
    .work(50)
  return {
    graph: env.build('broadcast-rules'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: [
      ...WORDS.map((split) => ({ vertex: 'Source: Words', split, records: PER_SPLIT })),
      ...RULES.map((split) => ({ vertex: 'Source: Rules', split, records: RULES_PER_SPLIT })),
    ],
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}

type Weighed = { readonly key: string; readonly at: number; readonly weight: number }

/** Whatever the order in which a subtask hears of them, the heaviest stays. */
const takeRule: BroadcastProcessFunction<Value, Rule, Value>['processBroadcastElement'] = ({ word, weight }, context) => {
  const weights = context.getBroadcastState(WEIGHTS)
  const known = weights.get(word)
  if (typeof known !== 'number' || known < weight) weights.put(word, weight)
}
