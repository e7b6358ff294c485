/**
 * Timers that are registered again after they have fired, in every order of a small job: what is kept to tell their firings apart is part
 * of each state.
 */
import { describe, expect, it } from 'vitest'
import { configurations } from '../../../scenarios/flink-configuration.js'
import { collectionSource, twoPhaseSink } from '../../connectors/index.js'
import { StreamExecutionEnvironment } from '../../engine/index.js'
import { emptyStore, externalStore } from '../../systems/index.js'
import type { Scenario } from '../scenario.js'
import { checkScope } from './check-scope.js'
import { parseScope } from './scope.js'

/** Every record asks for the same timer: it fires for the first, again for the next one, and so on; or for several together. */
const bell: Scenario = {
  name: 'bell',
  about: 'a timer that is asked for again and again',
  modes: ['aligned', 'at-least-once'],
  claims: (mode) => [{ guarantee: mode === 'aligned' ? 'exactly-once' : 'at-least-once', at: 'external-store' }],
  witnesses: () => [],
  setUp(world, mode) {
    const { settings, values } = configurations({})[mode]
    const outside = world.process('outside')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const env = new StreamExecutionEnvironment(settings).setParallelism(1)
    env
      .fromSource<number>(
        collectionSource({
          splits: ['s'],
          perSplit: 3,
          pace: { burst: 1, intervalUs: 5_000 },
          content: (_split, offset) => ({ value: offset, timestamp: offset * 1000, key: 'a' }),
        }),
        'Source',
      )
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0, everyRecords: 1 })
      .keyBy(() => 'a')
      .process<number>({
        processElement: (_value, context) => context.registerEventTimeTimer(0),
        onTimer(timestamp, context) {
          context.collect(timestamp)
          context.clear()
        },
      })
      .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
    return {
      graph: env.build('bell'),
      cluster: { taskManagers: 1, slots: 8 },
      outside: [{ process: outside, strikable: true }],
      observed: new Map([['Out: Writer', ['external-store']]]),
      splits: [{ vertex: 'Source: Source', split: 's', records: 3 }],
      configuration: values,
      settleUs: 500_000,
      limitUs: 120_000_000,
    }
  },
}

describe('a timer that is asked for again', () => {
  /** The first two records ask for one firing, the third one for the next. */
  const TWICE = 'Out: Writer external-store 1244732154806973; Out: Writer external-store 1493872237440030'

  it.each([
    ['aligned', 'records=3', 1594, TWICE],
    ['aligned', 'records=3,crashes=1', 238_841, TWICE],
    ['at-least-once', 'records=3,crashes=1', 239_089, ''],
  ] as const)('keeps its promise in all states: %s, %s: %i states', (mode, scope, distinct, output) => {
    const checked = checkScope({ scenario: bell, mode, scope: parseScope(scope), reductions: ['systems', 'inline-state', 'credits'] })
    expect(checked).toMatchObject({ verdict: 'holds', because: [], exhausted: true, distinct, outputs: [output] })
  })
})
