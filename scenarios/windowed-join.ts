/** Orders and payments of the same words, joined in windows of event time, written by a two-phase sink to an external store. */
import { collectionSource, twoPhaseSink, type Pace } from '../src/connectors/index.js'
import { StreamExecutionEnvironment, TumblingEventTimeWindows } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { transactionalClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import { wordsOf, type Word } from './words.js'

const ORDERS = ['orders-0', 'orders-1']
const PAYMENTS = ['payments-0', 'payments-1']
const PER_SPLIT = 50
const PACE: Pace = { burst: 1, intervalUs: 14_000 }
const WORDS = wordsOf(12)

// Two checkpoints may be under way at once. Small state travels inside the acknowledgement, that of the join is uploaded.
const modes = configurations({
  'execution.checkpointing.interval': '70 ms',
  'execution.checkpointing.max-concurrent-checkpoints': '2',
  'execution.checkpointing.num-retained': '3',
  'execution.checkpointing.data-inline-threshold': '500 b',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  'at-least-once': ['recovered', 'duplicated-state', 'duplicated-output'],
  off: ['recovered', 'duplicated-output'],
}

/** Two sources → tumbling-window join → two-phase sink. */
export const windowedJoin: Scenario = {
  name: 'windowed-join',
  about: 'two streams joined in windows of event time, to a store in two phases',
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
  const [orders, payments] = [
    { name: 'Orders', splits: ORDERS },
    { name: 'Payments', splits: PAYMENTS },
  ].map(({ name, splits }) =>
    env
      .fromSource<Word>(collectionSource({ splits, perSplit: PER_SPLIT, content: WORDS, pace: PACE }), name)
      .uid(name)
      .work(100)
      // Event times of a split go up, and each subtask reads one split: nothing comes late.
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0 }),
  )
  if (orders === undefined || payments === undefined) throw new RangeError('a join has two inputs')
  orders
    .join(payments)
    .where(({ key }) => key)
    .equalTo(({ key }) => key)
    .window(TumblingEventTimeWindows.of(10_000))
    .apply((order, payment) => ({ key: order.key, order: order.at, payment: payment.at }))
    .uid('join')
    .work(2_000)
    .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Sink')
    .uid('sink')
    .work(50)
  return {
    graph: env.build('windowed-join'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: [
      ...ORDERS.map((split) => ({ vertex: 'Source: Orders', split, records: PER_SPLIT })),
      ...PAYMENTS.map((split) => ({ vertex: 'Source: Payments', split, records: PER_SPLIT })),
    ],
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}
