import { describe, expect, it } from 'vitest'
import { digestPlain } from '../../world/index.js'
import type { Value } from '../record.js'
import { countFunction } from './count.js'
import { keyedProcessOperator, type KeyedProcessFunction } from './keyed-process.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { reduceFunction } from './reduce.js'

const byValue = (value: Value) => (typeof value === 'string' ? value : '')
const harness = (fn: KeyedProcessFunction<Value, Value>, options: HarnessOptions = {}) =>
  new OperatorHarness(keyedProcessOperator(fn, 4), { keyOf: [byValue], ...options })

const record = (id: number, value: Value, timestamp = 0) => ({ id, value, timestamp })

/** Emits when its timer fires what it has seen of the key, and forgets it. */
const atTheFullHundred: KeyedProcessFunction<Value, Value> = {
  processElement(_value, context) {
    const seen = context.get('seen')
    context.put('seen', (typeof seen === 'number' ? seen : 0) + 1)
    context.registerEventTimeTimer(Math.ceil((context.timestamp + 1) / 100) * 100)
  },
  onTimer(timestamp, context) {
    context.collect([context.key, context.get('seen') ?? 0, timestamp])
    context.clear()
  },
}

describe('keyed process', () => {
  it('counts by key, tells each count and what it was made of', () => {
    const count = harness(countFunction)
    count.processElement(record(1, 'a', 5))
    count.processElement(record(2, 'b', 6))
    count.processElement(record(3, 'a', 7))
    expect(count.values).toEqual([
      { key: 'a', count: 1 },
      { key: 'b', count: 1 },
      { key: 'a', count: 2 },
    ])
    expect(count.context.output.map(({ timestamp }) => timestamp)).toEqual([5, 6, 7])
    expect(count.facts('state-apply').map(({ id, key, count: n, again }) => [id, key, n, again])).toEqual([
      [1, 'a', 1, undefined],
      [2, 'b', 1, undefined],
      [3, 'a', 2, undefined],
    ])
    expect(count.facts('emit').map(({ causes }) => causes)).toEqual([[1], [2], [3]])
    expect(count.facts('emit').map(({ id }) => id)).toEqual(count.context.output.map(({ id }) => id))
  })

  it('says when a record is absorbed again, and absorbs it, as Flink would', () => {
    const count = harness(countFunction)
    count.processElement(record(1, 'a'))
    count.processElement(record(1, 'a'))
    expect(count.facts('state-apply').map(({ again, count: n }) => [again, n])).toEqual([
      [undefined, 1],
      [true, 2],
    ])
  })

  it('makes the same identities after a restore', () => {
    const first = harness(countFunction)
    first.processElement(record(1, 'a'))
    const restored = harness(countFunction, { restored: first.snapshot(1), attempt: 1 })
    first.processElement(record(3, 'a'))
    restored.processElement(record(3, 'a'))
    expect(restored.context.output).toEqual(first.context.output.slice(1))
    restored.processElement(record(1, 'a'))
    expect(restored.facts('state-apply').at(-1)?.again).toBe(true)
  })

  it('tells no count of a function that does not declare one', () => {
    const quiet = harness(atTheFullHundred)
    quiet.processElement(record(1, 'a'))
    expect(quiet.facts('state-apply')[0]).not.toHaveProperty('count')
  })

  it('fires timers in event time, of what the key has absorbed', () => {
    const timed = harness(atTheFullHundred)
    timed.processElement(record(1, 'a', 10))
    timed.processElement(record(2, 'a', 20))
    timed.processElement(record(3, 'b', 110))
    timed.processWatermark(99)
    expect(timed.values).toEqual([])
    timed.processWatermark(100)
    expect(timed.values).toEqual([['a', 2, 100]])
    expect(timed.facts('emit')[0]?.causes).toEqual([1, 2])
    timed.processElement(record(4, 'a', 120))
    timed.processWatermark(200)
    expect(timed.values.slice(1)).toEqual([
      ['a', 1, 200],
      ['b', 1, 200],
    ])
    expect(timed.context.watermarks).toEqual([99, 100, 200])
    expect(new Set(timed.context.output.map(({ id }) => id)).size).toBe(3)
  })

  it('keeps timers in the snapshot, and fires them with the same identity after a restore', () => {
    const first = harness(atTheFullHundred)
    first.processElement(record(1, 'a', 10))
    const restored = harness(atTheFullHundred, { restored: first.snapshot(1) })
    first.processWatermark(100)
    restored.processWatermark(100)
    expect(restored.context.output).toEqual(first.context.output)
    expect(restored.context.output).toHaveLength(1)
  })

  it('reaches side outputs with identities of their own', () => {
    const tag = { id: 'late' }
    const both = harness({
      processElement(value, context) {
        context.collect(value)
        context.output(tag, value)
      },
    })
    both.processElement(record(1, 'a'))
    const [main] = both.context.output
    const [side] = both.context.sideOutput
    expect(side).toMatchObject({ tag: 'late', record: { value: 'a' } })
    expect(side?.record.id).not.toBe(main?.id)
  })

  it('needs a key', () => {
    const count = harness(countFunction, { keyOf: [] })
    expect(() => {
      count.processElement(record(1, 'a'))
    }).toThrow('keyed state can only be used after a keyBy')
  })
})

describe('a timer that is registered again after it has fired', () => {
  /** Registers a timer at 100 µs for every record, and from there on what `next` says. */
  const rings = (next: (timestamp: number, rung: number) => number | undefined): KeyedProcessFunction<Value, Value> => ({
    processElement: (_value, context) => context.registerEventTimeTimer(100),
    onTimer(timestamp, context) {
      const rung = Number(context.get('rung') ?? 0) + 1
      context.put('rung', rung)
      context.collect(timestamp)
      const again = next(timestamp, rung)
      if (again !== undefined) context.registerEventTimeTimer(again)
    },
  })
  const identities = (bell: ReturnType<typeof harness>) => bell.context.output.map(({ id }) => id)

  it('by a late record brings about something new, and the same in a replay', () => {
    const bell = harness(rings(() => undefined))
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(100)
    bell.processElement(record(2, 'a', 20))
    bell.processElement(record(3, 'a', 30))
    const restored = harness(
      rings(() => undefined),
      { restored: bell.snapshot(1) },
    )
    bell.processWatermark(110)
    expect(bell.values).toEqual([100, 100])
    expect(new Set(identities(bell)).size).toBe(2)
    restored.processWatermark(110)
    expect(identities(restored)).toEqual(identities(bell).slice(1))
  })

  it('by a record behind a restore, too, before event time goes on, and although the key was cleared', () => {
    const cleared: KeyedProcessFunction<Value, Value> = {
      processElement: (_value, context) => context.registerEventTimeTimer(100),
      onTimer(timestamp, context) {
        context.collect(timestamp)
        context.clear()
      },
    }
    const bell = harness(cleared)
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(100)
    const restored = harness(cleared, { restored: bell.snapshot(1) })
    for (const each of [bell, restored]) {
      each.processElement(record(2, 'a', 20))
      each.processWatermark(110)
    }
    expect(new Set(identities(bell)).size).toBe(2)
    expect(identities(restored)).toEqual(identities(bell).slice(1))
  })

  it('by itself fires at once, and each time brings about something new', () => {
    const bell = harness(rings((timestamp, rung) => (rung < 4 ? timestamp - (rung % 2) : undefined)))
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(100)
    expect(bell.values).toEqual([100, 99, 99, 98])
    expect(new Set(identities(bell)).size).toBe(4)
  })

  it('by a late firing of another one, too', () => {
    const bell = harness(rings((timestamp) => (timestamp < 130 ? timestamp + 10 : undefined)))
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(200)
    bell.processElement(record(2, 'a', 20))
    bell.processWatermark(210)
    expect(bell.values).toEqual([100, 110, 120, 130, 100, 110, 120, 130])
    expect(new Set(identities(bell)).size).toBe(8)
  })

  it('is no timer of a later time: what that brings about does not depend on how watermarks come', () => {
    const steps = [[100, 105, 110, 120, 130], [1_000]].map((watermarks) => {
      const bell = harness(rings((timestamp) => (timestamp < 130 ? timestamp + 10 : undefined)))
      bell.processElement(record(1, 'a', 10))
      for (const watermark of watermarks) bell.processWatermark(watermark)
      return bell.context.output
    })
    expect(steps[1]).toEqual(steps[0])
  })
})

describe('a timer for a time that has passed', () => {
  it('brings about the same wherever the watermark stands and whichever record registers it', () => {
    const results = [-Infinity, 50, 150].flatMap((watermark) =>
      [1, 2].map((first) => {
        const bell = harness({
          processElement: (_value, context) => context.registerEventTimeTimer(100),
          onTimer: (timestamp, context) => context.collect(timestamp),
        })
        bell.processWatermark(watermark)
        bell.processElement(record(first, 'a', 20))
        bell.processElement(record(3 - first, 'a', 20))
        bell.processWatermark(200)
        return bell.context.output
      }),
    )
    expect(results[0]).toHaveLength(1)
    for (const result of results) expect(result).toEqual(results[0])
  })
})

describe('a timer that a record asks for when it comes again', () => {
  /** Each record asks for one at 100 µs of its key, which clears all there is of the key. */
  const alarm: KeyedProcessFunction<Value, Value> = {
    processElement: (_value, context) => context.registerEventTimeTimer(100),
    onTimer(timestamp, context) {
      context.collect(timestamp)
      context.clear()
    },
  }
  const first = () => {
    const bell = harness(alarm)
    bell.processElement(record(2, 'a', 10))
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(100)
    return bell
  }
  const identities = (bell: ReturnType<typeof harness>) => bell.context.output.map(({ id }) => id)

  it.each([1, 2])('brings about the same once more, whoever of several comes again (%i)', (id) => {
    const restored = harness(alarm, { restored: first().snapshot(1) })
    restored.processElement(record(id, 'a', 10))
    restored.processWatermark(110)
    expect(identities(restored)).toEqual(identities(first()))
  })

  it.each([
    [1, 3],
    [3, 1],
  ])('brings about something new where another record asks for it as well (%i, then %i)', (one, other) => {
    const restored = harness(alarm, { restored: first().snapshot(1) })
    for (const id of [one, other]) restored.processElement(record(id, 'a', 10))
    restored.processWatermark(110)
    restored.processElement(record(1, 'a', 10))
    restored.processWatermark(110)
    restored.processElement(record(3, 'a', 10))
    restored.processWatermark(110)
    const [once, again, twice] = identities(restored)
    expect(restored.values).toEqual([100, 100, 100])
    expect([again]).toEqual(identities(first()))
    expect(once).not.toBe(again)
    expect(twice).toBe(once)
  })

  it('brings about the timers of a timer once more', () => {
    const chain: KeyedProcessFunction<Value, Value> = {
      processElement: (_value, context) => context.registerEventTimeTimer(100),
      onTimer(timestamp, context) {
        context.collect(timestamp)
        if (timestamp < 120) context.registerEventTimeTimer(timestamp + 10)
      },
    }
    const bell = harness(chain)
    bell.processElement(record(1, 'a', 10))
    bell.processWatermark(200)
    const restored = harness(chain, { restored: bell.snapshot(1) })
    restored.processElement(record(1, 'a', 10))
    restored.processWatermark(200)
    expect(identities(restored)).toEqual(identities(bell))
    restored.processElement(record(2, 'a', 10))
    restored.processWatermark(200)
    expect(new Set(identities(restored)).size).toBe(6)
  })

  it('brings about something new again for the next record, however many firings there were before the one that came again', () => {
    const bell = first()
    for (const id of [3, 1, 4]) {
      bell.processElement(record(id, 'a', 10))
      bell.processWatermark(bell.context.watermark + 10)
    }
    const [once, twice, again, next] = identities(bell)
    expect(again).toBe(once)
    expect(new Set([once, twice, next]).size).toBe(3)
  })

  it('is told from one at another time by what digests read of the state', () => {
    const digests = [100, 110].map((timestamp) => {
      const bell = harness({ ...alarm, processElement: (_value, context) => context.registerEventTimeTimer(timestamp) })
      bell.processElement(record(1, 'a', 10))
      bell.processWatermark(200)
      return digestPlain(0, bell.snapshot(1))
    })
    expect(new Set(digests).size).toBe(2)
  })

  it('keeps who has asked in the same order, whoever comes first', () => {
    const other = harness(alarm)
    other.processElement(record(1, 'a', 10))
    other.processElement(record(2, 'a', 10))
    other.processWatermark(100)
    expect(other.snapshot(1)).toEqual(first().snapshot(1))
  })
})

describe('keyed reduce', () => {
  it('folds the records of a key', () => {
    const largest = new OperatorHarness(keyedProcessOperator(reduceFunction({ reduce: (a, b) => (Number(a) > Number(b) ? a : b) }), 1), {
      keyOf: [(value) => Number(value) % 2],
    })
    for (const value of [1, 4, 5, 2, 3]) largest.processElement(record(value, value))
    expect(largest.values).toEqual([1, 4, 5, 4, 5])
  })
})
