/** Jobs written with the fluent API, run by the whole engine with and without faults: what becomes visible must not differ. */
import { describe, expect, it } from 'vitest'
import { collectionSource, twoPhaseSink } from '../../connectors/index.js'
import type { FaultPlan } from '../../faults/index.js'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { runExperiment } from '../../search/experiment.js'
import { faultMenu, planOf } from '../../search/fault-menu.js'
import type { Scenario } from '../../search/scenario.js'
import { emptyStore, externalStore } from '../../systems/index.js'
import { SlidingEventTimeWindows, TumblingEventTimeWindows } from '../operators/window-assigner.js'
import { outputTag } from '../operators/output-tag.js'
import type { Value } from '../record.js'
import type { DataStream } from './data-stream.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

const configuration = effectiveConfiguration([
  readFlinkConf(
    `
execution.checkpointing.interval: 50 ms
execution.checkpointing.timeout: 2 s
execution.checkpointing.tolerable-failed-checkpoints: 5
execution.checkpointing.storage: filesystem
execution.checkpointing.dir: file:///checkpoints
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 10
restart-strategy.fixed-delay.delay: 50 ms
high-availability.type: zookeeper
execution.buffer-timeout.interval: 5 ms
task.cancellation.timeout: 1 s
`,
    'flink-conf.yaml',
  ),
]).settings

type Click = { readonly key: number; readonly at: number }

/** Records of one split: event time is a millisecond a record, every fifth is of the same key. */
const PER_SPLIT = 30
const SPLITS_PER_SOURCE = 2

function clicks(name: string) {
  return collectionSource({
    splits: splitsOf(name),
    perSplit: PER_SPLIT,
    pace: { burst: 3, intervalUs: 20_000 },
    content: (_split, offset) => ({ value: { key: offset % 5, at: offset }, timestamp: offset * 1000, key: String(offset % 5) }),
  })
}

function splitsOf(source: string): string[] {
  return Array.from({ length: SPLITS_PER_SOURCE }, (_, index) => `${source}${index}`)
}

const byKey = ({ key }: Click) => key
const odd = outputTag<Click>('odd')
const again = outputTag<Click>('again')
/** Nobody reads it. */
const unread = outputTag<Click>('unread')
const ordered = { maxOutOfOrdernessUs: 20_000 }

/** Two sources, and what a job makes of them; the number of its results is known beforehand. */
interface Story {
  readonly name: string
  readonly results: number
  build(first: DataStream<Click>, second: DataStream<Click>): DataStream<Value>
}

const records = 2 * SPLITS_PER_SOURCE * PER_SPLIT

const stories: readonly Story[] = [
  {
    name: 'union, flat map, count',
    results: 2 * records,
    build: (first, second) =>
      first
        .union(second)
        .flatMap<Click>((click, out) => {
          for (let copy = 0; copy < click.at % 5; copy++) out.collect(click)
        })
        .keyBy(byKey)
        .count(),
  },
  {
    name: 'map, rebalance, filter, reduce behind a single subtask',
    results: records / 2,
    build: (first, second) =>
      first
        .union(second)
        .map(({ key, at }) => ({ key, at: at + 1 }))
        .rebalance()
        .filter(({ at }) => at % 2 === 0)
        .global()
        .map((click) => click)
        .setParallelism(1)
        .keyBy(byKey)
        .reduce((sum, click) => ({ key: sum.key, at: sum.at + click.at })),
  },
  {
    name: 'sliding windows',
    // 30 ms of event time: windows that begin every 5 ms from -5 on, each with all five keys.
    results: 7 * 5,
    build: (first, second) =>
      first
        .union(second)
        .assignTimestampsAndWatermarks(ordered)
        .keyBy(byKey)
        .window(SlidingEventTimeWindows.of(10_000, 5_000))
        .aggregate({
          createAccumulator: () => 0,
          add: (_click, n: number) => n + 1,
          getResult: (n, key, { start }) => ({ key, n, start }),
        }),
  },
  {
    name: 'window join',
    // In a window of 10 ms each key has two records of each split; one of the five keys is on one side only.
    results: 3 * 4 * (2 * SPLITS_PER_SOURCE) ** 2,
    build: (first, second) =>
      first
        .assignTimestampsAndWatermarks(ordered)
        .join(second.filter(({ key }) => key !== 3).assignTimestampsAndWatermarks(ordered))
        .where(byKey)
        .equalTo(byKey)
        .window(TumblingEventTimeWindows.of(10_000))
        .apply((left, right) => [left.key, left.at, right.at]),
  },
  {
    name: 'state that puts out something for few of its records',
    results: records / 6,
    build: (first, second) =>
      first
        .union(second)
        .keyBy(byKey)
        .process<Value>({
          processElement({ at }, context) {
            // A time at which nothing is to be done but to forget.
            context.registerEventTimeTimer(60_000_000)
            if (at % 6 === 0) context.collect([context.key, at])
          },
          onTimer: (_timestamp, context) => context.clear(),
        }),
  },
  {
    name: 'broadcast, filter, count: every record comes to a key from each subtask of the filter',
    results: 2 * records,
    build: (first, second) =>
      first
        .union(second)
        .broadcast()
        .filter(() => true)
        .keyBy(byKey)
        .count(),
  },
  {
    name: 'broadcast behind a filter, and the same records without it beside',
    results: 3 * records,
    build: (first, second) => {
      const both = first.union(second).filter(() => true)
      return both
        .broadcast()
        .filter(() => true)
        .union(both)
        .keyBy(byKey)
        .count()
    },
  },
  {
    name: 'a stream that meets itself',
    results: records + records / 2,
    build: (first, second) => {
      const both = first.union(second).map((click) => click)
      return both
        .union(both.filter(({ at }) => at % 2 === 0))
        .keyBy(byKey)
        .count()
    },
  },
  {
    name: 'a stream joined with itself',
    // In a window of 10 ms each key has two records of each split.
    results: 3 * 5 * (2 * SPLITS_PER_SOURCE) ** 2 + records / 2,
    build: (first, second) => {
      const both = first.assignTimestampsAndWatermarks(ordered)
      const pairs = both
        .join(both)
        .where(byKey)
        .equalTo(byKey)
        .window(TumblingEventTimeWindows.of(10_000))
        .apply((left, right): Value => [left.key, left.at, right.at])
      return pairs.union(second.map((click): Value => click))
    },
  },
  {
    name: 'side outputs, counted by key like the main output',
    results: records + records / 2,
    build: (first, second) => {
      const split = first.union(second).process<Click>({
        processElement(click, context) {
          if (click.at % 2 === 0) context.collect(click)
          else context.output(odd, click)
          if (click.at % 2 === 1) context.output(again, click)
          context.output(unread, click)
        },
      })
      const outputs: readonly DataStream<Click>[] = [split, split.getSideOutput(odd), split.getSideOutput(again)]
      const counted = outputs.map((stream) => stream.keyBy(byKey).count())
      const [main, ...sides] = counted.map((stream) => stream.map((count): Value => count))
      return main === undefined ? split : main.union(...sides)
    },
  },
  {
    name: 'connected streams with timers',
    // Every record, and a timer of each millisecond.
    results: records + PER_SPLIT,
    build: (first, second) =>
      first
        .connect(second)
        .keyBy(byKey, byKey)
        .process<Value>({
          processElement1(click, context) {
            context.collect(click)
          },
          processElement2(click, context) {
            context.registerEventTimeTimer(context.timestamp + 5_000)
            context.collect(click)
          },
          onTimer(timestamp, context) {
            context.collect([context.key, timestamp])
          },
        }),
  },
]

function scenarioOf(story: Story): Scenario {
  return {
    name: story.name,
    about: story.name,
    modes: ['aligned'],
    witnesses: () => [],
    claims: () => [
      { guarantee: 'exactly-once', at: 'state' },
      { guarantee: 'exactly-once', at: 'external-store' },
    ],
    setUp(world) {
      const outside = world.process('outside')
      const store = world.add(outside, externalStore, 'external-store', emptyStore())
      const env = new StreamExecutionEnvironment(configuration).setParallelism(2)
      const [first, second] = [env.fromSource<Click>(clicks('a'), 'A').work(100), env.fromSource<Click>(clicks('b'), 'B').work(100)]
      story.build(first, second).sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
      return {
        graph: env.build(story.name),
        cluster: { taskManagers: 2, slots: 8 },
        outside: [{ process: outside, strikable: true }],
        observed: new Map([['Out: Writer', ['external-store']]]),
        splits: ['A', 'B'].flatMap((source) =>
          splitsOf(source.toLowerCase()).map((split) => ({ vertex: `Source: ${source}`, split, records: PER_SPLIT })),
        ),
        configuration: {},
        settleUs: 100_000,
        limitUs: 120_000_000,
      }
    },
  }
}

/** Identities that became visible, sorted. */
function visibleIn(scenario: Scenario, seed: string, plan: FaultPlan) {
  const result = runExperiment({ scenario, mode: 'aligned', seed, plan }, { freeze: true, keepHistory: true })
  const ids = result.history.flatMap((event) => (event.kind === 'visible' ? [Number(event.id)] : []))
  return { result, ids: ids.sort((a, b) => a - b) }
}

describe.each(stories)('$name', (story) => {
  const scenario = scenarioOf(story)
  const undisturbed = visibleIn(scenario, 'undisturbed', [])

  it('makes its results once each', () => {
    expect(undisturbed.result.status).toBe('FINISHED')
    expect(undisturbed.ids).toHaveLength(story.results)
    expect(new Set(undisturbed.ids).size).toBe(story.results)
  })

  it('makes the same ones under faults', () => {
    const menu = faultMenu(scenario, 'aligned')
    let replayed = 0
    for (let run = 0; run < 12; run++) {
      const seed = `${story.name} ${run}`
      const { result, ids } = visibleIn(scenario, seed, planOf(seed, menu))
      expect(result.status, seed).toBe('FINISHED')
      expect(ids, seed).toEqual(undisturbed.ids)
      expect(
        result.verdict?.claims.filter(({ verdict }) => verdict === 'violated'),
        seed,
      ).toEqual([])
      replayed += result.history.filter(({ kind }) => kind === 'source-emit').length - records
    }
    expect(replayed).toBeGreaterThan(0)
  })
})

describe('a side output read by a keyed operator', () => {
  const story: Story = {
    name: 'a side output counted by key',
    results: records / 2,
    build: (first, second) => {
      const split = first.union(second).process<Click>({
        processElement(click, context) {
          if (click.at % 2 === 1) context.output(odd, click)
        },
      })
      return split.getSideOutput(odd).keyBy(byKey).count()
    },
  }
  const scenario = scenarioOf(story)

  it('keeps the order of each key, and counts each record once, wherever it crashes', () => {
    const menu = faultMenu(scenario, 'aligned')
    for (let run = 0; run < 8; run++) {
      const seed = `side output ${run}`
      const { result } = visibleIn(scenario, seed, planOf(seed, menu))
      const counts = new Map<string, number[]>()
      for (const event of result.history) {
        if (event.kind !== 'visible') continue
        const key = event.key ?? ''
        counts.set(key, [...(counts.get(key) ?? []), event.count ?? 0])
      }
      // Five keys, each of which has every fifth record: half of them are odd.
      const perKey = records / 2 / 5
      expect([...counts.values()], seed).toEqual(Array.from({ length: 5 }, () => Array.from({ length: perKey }, (_, i) => i + 1)))
    }
  })
})

describe('timers for times that may have passed', () => {
  /** Each record asks for one of its key at 5 ms: when it has fired, the next record asks for it again. */
  const scenario = scenarioOf({
    name: 'an alarm that rings again and again',
    results: 0,
    build: (first, second) =>
      first
        .union(second)
        .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 2_000, everyRecords: 3 })
        .keyBy(byKey)
        .process<Value>({
          processElement: (_click, context) => context.registerEventTimeTimer(5_000),
          onTimer: (timestamp, context) => context.collect([context.key, timestamp]),
        })
        .name('Alarm'),
  })

  it('ring once each: what was there before a restore does not come again', () => {
    const menu = faultMenu(scenario, 'aligned')
    let restored = 0
    for (let run = 0; run < 12; run++) {
      const seed = `alarm ${run}`
      const { result, ids } = visibleIn(scenario, seed, planOf(seed, menu))
      expect(result.status, seed).toBe('FINISHED')
      expect(new Set(ids).size, seed).toBe(ids.length)
      expect(
        result.verdict?.claims.filter(({ promised, verdict }) => promised && verdict !== 'holds'),
        seed,
      ).toEqual([])
      expect(result.verdict?.protocol, seed).toEqual([])
      restored += result.history.filter((event) => event.kind === 'restore' && event.checkpoint !== undefined).length
    }
    expect(restored).toBeGreaterThan(0)
  })
})

describe('an operator that looks at the clock', () => {
  const story = (declared: boolean): Story => ({
    name: 'stamped',
    results: records,
    build: (first, second) => {
      const stamped = first.union(second).process<Value>({
        processElement(click, context) {
          context.collect([click.key, context.processingTime()])
        },
      })
      return (declared ? stamped.nondeterministic() : stamped).name('Stamp')
    },
  })

  it('must be declared', () => {
    expect(() => visibleIn(scenarioOf(story(false)), 'clock', [])).toThrow(
      'Stamp asks for the processing time: it must be declared nondeterministic()',
    )
  })

  it('leaves claims behind it undecided', () => {
    const { result, ids } = visibleIn(scenarioOf(story(true)), 'clock', [])
    expect(result.status).toBe('FINISHED')
    expect(ids).toHaveLength(records)
    const output = result.verdict?.claims.filter(({ at }) => at === 'external-store') ?? []
    expect(output.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'undecided'])
    expect(output[0]?.missing).toContain('Stamp is not deterministic')
    expect(result.verdict?.protocol).toEqual([])
  })
})
