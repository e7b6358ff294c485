/** Clicks of two splits in sessions by key, which grow together as they come, written by a two-phase sink to an external store. */
import { collectionSource, twoPhaseSink, type Content } from '../src/connectors/index.js'
import { EventTimeSessionWindows, StreamExecutionEnvironment } from '../src/engine/index.js'
import type { JobSetUp, Mode, Scenario, WitnessName } from '../src/search/index.js'
import { emptyStore, externalStore } from '../src/systems/index.js'
import type { World } from '../src/world/index.js'
import { transactionalClaims } from './claims.js'
import { configurations } from './flink-configuration.js'
import type { Word } from './words.js'

const SPLITS = ['clicks-0', 'clicks-1']
const PER_SPLIT = 72
const GAP_US = 5_000

/** So much event time is one split behind the other. */
const BEHIND_US = 9_000

/**
 * Of one key a split has a click every 6 ms of event time, which is more than the gap; those of the other split lie between them, and come
 * later. So sessions are parts first, which a click of the other split joins. Every 12 ms all sessions end. No two clicks of a key are
 * exactly as far apart as the gap is long.
 */
const clicks: Content = (split, offset) => {
  const number = Number(split.at(-1))
  const key = `w${(offset * 5 + number) % 6}`
  const value: Word = { key, at: offset }
  const at = offset * 1000 - number * BEHIND_US
  return { value, timestamp: at + Math.floor(at / 12_000) * 20_000, key }
}

// State is uploaded, and a task that comes back to its TaskManager finds a copy there.
const modes = configurations({
  'execution.checkpointing.data-inline-threshold': '0 b',
  'execution.state-recovery.from-local': 'true',
})

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'aborted-checkpoint', 'repeated-commit'],
  'at-least-once': ['recovered', 'duplicated-state'],
  off: ['recovered', 'duplicated-output'],
}

/** Collection source → session windows by key → two-phase sink. */
export const sessionWindows: Scenario = {
  name: 'session-windows',
  about: 'clicks in sessions of event time that merge, to a store in two phases',
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
  const source = collectionSource({ splits: SPLITS, perSplit: PER_SPLIT, content: clicks, pace: { burst: 1, intervalUs: 11_000 } })
  env
    .fromSource<Word>(source, 'Clicks')
    .uid('clicks')
    .work(100)
    .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0 })
    .keyBy(({ key }) => key)
    .window(EventTimeSessionWindows.withGap(GAP_US))
    .process<{ readonly key: string; readonly start: number; readonly clicks: number }>({
      process(key, { start }, elements, out) {
        out.collect({ key: String(key), start, clicks: elements.length })
      },
    })
    .name('Sessions')
    .uid('sessions')
    .work(2_500)
    .sinkTo(twoPhaseSink({ store, batch: 3 }), 'Sink')
    .uid('sink')
    .work(50)
  return {
    graph: env.build('session-windows'),
    cluster: { taskManagers: 2, slots: 2 },
    outside: [{ process: outside, strikable: true }],
    observed: new Map([['Sink: Writer', ['external-store']]]),
    splits: SPLITS.map((split) => ({ vertex: 'Source: Clicks', split, records: PER_SPLIT })),
    configuration: values,
    settleUs: 500_000,
    limitUs: 120_000_000,
  }
}
