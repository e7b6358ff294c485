import { describe, expect, it } from 'vitest'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { Value } from '../record.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { SlidingEventTimeWindows, TumblingEventTimeWindows, type WindowAssigner } from './window-assigner.js'
import { aggregated, processed, reduced, type WindowContents } from './window-functions.js'
import { windowOperator } from './window-operator.js'

const sum = aggregated({
  createAccumulator: () => 0,
  add: (value, accumulator) => Number(accumulator) + Number(value),
  getResult: (accumulator, key, window) => [key, window.start, window.end, accumulator],
})
const elements = processed({
  process(key, window, values, out) {
    out.collect([key, window.end, ...values])
  },
})

/** Values are numbers; the key is their parity. */
const harness = (assigner: WindowAssigner, contents: WindowContents, options: HarnessOptions = {}) =>
  new OperatorHarness(windowOperator(assigner, contents, 6), { keyOf: [(value: Value) => Number(value) % 2], ...options })

/** A record whose identity is its value. */
const record = (value: number, timestamp: number) => ({ id: value, value, timestamp })
const tens = TumblingEventTimeWindows.of(10)

describe('window operator', () => {
  it('fires a window of a key when the watermark reaches its last µs, and not before', () => {
    const windows = harness(tens, sum)
    for (const [value, at] of [
      [1, 0],
      [3, 9],
      [2, 5],
      [5, 10],
    ] as const)
      windows.processElement(record(value, at))
    windows.processWatermark(8)
    expect(windows.values).toEqual([])
    windows.processWatermark(9)
    expect(windows.values).toEqual([
      [0, 0, 10, 2],
      [1, 0, 10, 4],
    ])
    windows.processWatermark(MAX_WATERMARK)
    expect(windows.values.slice(2)).toEqual([[1, 10, 20, 5]])
  })

  it('tells what a result was made of, and gives it the last time of its window', () => {
    const windows = harness(tens, sum)
    windows.processElement(record(1, 0))
    windows.processElement(record(3, 9))
    windows.processWatermark(9)
    expect(windows.facts('emit').map(({ causes }) => causes)).toEqual([[1, 3]])
    expect(windows.context.output[0]?.timestamp).toBe(9)
  })

  it('ends the records of a window of which nothing is made', () => {
    const odd = processed({
      process(key, _window, values, out) {
        if (key === 1) out.collect([...values])
      },
    })
    const windows = harness(tens, odd)
    for (const value of [1, 2, 3, 4]) windows.processElement(record(value, value))
    windows.processWatermark(9)
    expect(windows.values).toEqual([[1, 3]])
    expect(windows.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [2, 'filtered'],
      [4, 'filtered'],
    ])
  })

  it('is empty after firing', () => {
    const windows = harness(tens, sum)
    windows.processElement(record(1, 0))
    expect(windows.snapshot(1).keyed.entries).toHaveLength(1)
    windows.processWatermark(9)
    expect(windows.snapshot(2).keyed).toEqual({ entries: [], timers: [] })
  })

  it('drops what comes for a window that has fired', () => {
    const windows = harness(tens, sum)
    windows.processWatermark(9)
    windows.processElement(record(1, 9))
    windows.processElement(record(3, 10))
    windows.processWatermark(19)
    expect(windows.values).toEqual([[1, 10, 20, 3]])
    expect(windows.facts('record-ended')).toMatchObject([{ id: 1, why: 'late', until: 9, watermark: 9 }])
    expect(windows.facts('state-apply').map(({ id }) => id)).toEqual([3])
  })

  it('drops what comes between windows that leave gaps, at no time at which it would have been late', () => {
    const windows = harness(SlidingEventTimeWindows.of(5, 10), sum)
    windows.processElement(record(1, 7))
    windows.processElement(record(3, 12))
    windows.processWatermark(14)
    expect(windows.values).toEqual([[1, 10, 15, 3]])
    const [ended] = windows.facts('record-ended')
    expect(ended).toMatchObject({ id: 1, why: 'late' })
    expect(ended).not.toHaveProperty('until')
    expect(ended).not.toHaveProperty('watermark')
  })

  it('puts a record into each of its sliding windows that is open', () => {
    const windows = harness(SlidingEventTimeWindows.of(10, 5), sum)
    windows.processElement(record(1, 7))
    expect(windows.facts('state-apply').map(({ key }) => key)).toEqual(['1@5', '1@0'])
    windows.processWatermark(9)
    windows.processElement(record(3, 8))
    expect(windows.facts('record-ended')).toEqual([])
    windows.processWatermark(14)
    expect(windows.values).toEqual([
      [1, 0, 10, 1],
      [1, 5, 15, 4],
    ])
    expect(new Set(windows.context.output.map(({ id }) => id)).size).toBe(2)
  })

  it('says when a record is absorbed again in one window', () => {
    const windows = harness(tens, sum)
    windows.processElement(record(1, 0))
    windows.processElement(record(1, 0))
    expect(windows.facts('state-apply').map(({ again }) => again)).toEqual([undefined, true])
  })

  it('keeps open windows in the snapshot and fires them with the same result and identity after a restore', () => {
    const first = harness(tens, elements)
    first.processElement(record(1, 3))
    const restored = harness(tens, elements, { restored: first.snapshot(1), attempt: 1 })
    for (const each of [first, restored]) {
      each.processElement(record(3, 4))
      each.processWatermark(9)
    }
    expect(restored.context.output).toEqual(first.context.output)
    expect(restored.values).toEqual([[1, 10, 1, 3]])
    expect(restored.facts('emit')[0]?.causes).toEqual([1, 3])
  })

  it('gives results of different keys, windows and operators different identities', () => {
    const ids = [6, 7].flatMap((ordinal) => {
      const windows = new OperatorHarness(windowOperator(tens, sum, ordinal), { keyOf: [(value: Value) => `key ${Number(value) % 50}`] })
      for (let value = 0; value < 1000; value++) windows.processElement(record(value, value))
      windows.processWatermark(1000)
      return windows.context.output.map(({ id }) => id)
    })
    expect(ids).toHaveLength(2 * 1000)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('reduces', () => {
    const windows = harness(tens, reduced({ reduce: (a, b) => Math.max(Number(a), Number(b)) }))
    for (const value of [3, 7, 5]) windows.processElement(record(value, 0))
    windows.processWatermark(9)
    expect(windows.values).toEqual([7])
  })
})
