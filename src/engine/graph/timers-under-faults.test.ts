/**
 * In at-least-once mode a record may be processed again although the checkpoint that was restored holds what came of it: a timer that it
 * asks for a second time brings about a result that is visible already, and that must be told.
 */
import { expect, it } from 'vitest'
import { configurations } from '../../../scenarios/flink-configuration.js'
import { collectionSource, twoPhaseSink } from '../../connectors/index.js'
import { runExperiment } from '../../search/experiment.js'
import { faultMenu, planOf } from '../../search/fault-menu.js'
import type { Scenario } from '../../search/scenario.js'
import { emptyStore, externalStore } from '../../systems/index.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

const PER_SPLIT = 30
const MODE = 'at-least-once'
/** One is slower than the other, so that barriers of one channel come long before those of the other. */
const SOURCES = [
  { name: 'A', splits: ['a0', 'a1'], intervalUs: 5_000, workUs: 100 },
  { name: 'B', splits: ['b0', 'b1'], intervalUs: 20_000, workUs: 15_000 },
] as const
const RECORDS = 2 * SOURCES.length * PER_SPLIT

type Alarm = { readonly key: string }

/** Each record has a key of its own, whose timer puts one result out and clears all there is of the key. */
const alarms: Scenario = {
  name: 'alarms',
  about: 'a timer for each record',
  modes: [MODE],
  claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }],
  witnesses: () => [],
  setUp(world, mode) {
    const { settings, values } = configurations({})[mode]
    const outside = world.process('outside')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const env = new StreamExecutionEnvironment(settings).setParallelism(2)
    const [first, second] = SOURCES.map(({ name, splits, intervalUs, workUs }) =>
      env
        .fromSource<Alarm>(
          collectionSource({
            splits: [...splits],
            perSplit: PER_SPLIT,
            pace: { burst: 1, intervalUs },
            content: (split, offset) => {
              const key = `${split}/${String(offset)}`
              return { value: { key }, timestamp: offset * 1000, key }
            },
          }),
          name,
        )
        .work(workUs),
    )
    if (first === undefined || second === undefined) throw new Error('two sources')
    first
      .union(second)
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0, everyRecords: 1 })
      .keyBy(({ key }) => key)
      .process<Alarm>({
        processElement: (_record, context) => context.registerEventTimeTimer(context.timestamp),
        onTimer(_timestamp, context) {
          context.collect({ key: String(context.key) })
          context.clear()
        },
      })
      .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
    return {
      graph: env.build('alarms'),
      cluster: { taskManagers: 2, slots: 8 },
      outside: [{ process: outside, strikable: true }],
      observed: new Map([['Out: Writer', ['external-store']]]),
      splits: SOURCES.flatMap(({ name, splits }) => splits.map((split) => ({ vertex: `Source: ${name}`, split, records: PER_SPLIT }))),
      configuration: values,
      settleUs: 500_000,
      limitUs: 120_000_000,
    }
  },
}

it('what a timer puts out twice is told as a duplicate, and only that', () => {
  const menu = faultMenu(alarms, MODE)
  let twice = 0
  for (let run = 0; run < 20; run++) {
    const seed = `alarms ${String(run)}`
    const { status, history, verdict } = runExperiment(
      { scenario: alarms, mode: MODE, seed, plan: planOf(seed, menu), restores: false },
      { keepHistory: true },
    )
    expect(status, seed).toBe('FINISHED')
    const visible = history.filter(({ kind }) => kind === 'visible').length
    expect(visible, seed).toBeGreaterThanOrEqual(RECORDS)
    const claim = verdict?.claims.find(({ guarantee, at }) => guarantee === 'exactly-once' && at === 'external-store')
    expect(claim?.verdict, seed).toBe(visible > RECORDS ? 'violated' : 'holds')
    if (visible > RECORDS) twice++
  }
  expect(twice).toBeGreaterThan(0)
})
