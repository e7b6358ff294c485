import { describe, expect, it } from 'vitest'
import type { Value } from '../record.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { SlidingEventTimeWindows, TumblingEventTimeWindows, type WindowAssigner } from './window-assigner.js'
import { windowJoinOperator } from './window-join.js'

const byFirst = (value: Value) => (typeof value === 'string' ? value.charAt(0) : '')

const harness = (options: HarnessOptions = {}, windows: WindowAssigner = TumblingEventTimeWindows.of(10)) =>
  new OperatorHarness(windowJoinOperator(windows, { join: (a, b) => [a, b] }, 6), {
    keyOf: [byFirst, byFirst],
    ...options,
  })

const record = (id: number, value: string, timestamp: number) => ({ id, value, timestamp })

describe('window join', () => {
  it('makes every pair of a key in a window, of both records', () => {
    const join = harness()
    join.processElement(record(1, 'a1', 0), 0)
    join.processElement(record(2, 'a2', 1), 0)
    join.processElement(record(3, 'a3', 2), 1)
    join.processElement(record(4, 'a4', 9), 1)
    join.processElement(record(5, 'a5', 10), 1)
    join.processElement(record(6, 'b6', 0), 1)
    join.processWatermark(9)
    expect(join.values).toEqual([
      ['a1', 'a3'],
      ['a1', 'a4'],
      ['a2', 'a3'],
      ['a2', 'a4'],
    ])
    expect(join.facts('emit').map(({ causes }) => causes)).toEqual([
      [1, 3],
      [1, 4],
      [2, 3],
      [2, 4],
    ])
    expect(new Set(join.context.output.map(({ id }) => id)).size).toBe(4)
  })

  it('ends records without a partner when their window fires', () => {
    const join = harness()
    join.processElement(record(1, 'a1', 0), 0)
    join.processElement(record(2, 'b2', 0), 1)
    expect(join.facts('record-ended')).toEqual([])
    join.processWatermark(9)
    expect(join.values).toEqual([])
    expect(join.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [1, 'unmatched'],
      [2, 'unmatched'],
    ])
  })

  it('gives a pair the same identity whatever the order of arrival, also after a restore', () => {
    const first = harness()
    first.processElement(record(1, 'a1', 0), 0)
    first.processElement(record(2, 'a2', 0), 0)
    const restored = harness({ restored: first.snapshot(1) })
    first.processElement(record(3, 'a3', 0), 1)
    first.processElement(record(4, 'a4', 0), 1)
    restored.processElement(record(4, 'a4', 0), 1)
    restored.processElement(record(3, 'a3', 0), 1)
    const pairs = [first, restored].map((join) => {
      join.processWatermark(9)
      return join.context.output.map(({ id, value }) => [JSON.stringify(value), id]).sort()
    })
    expect(pairs[0]).toHaveLength(4)
    expect(pairs[1]).toEqual(pairs[0])
  })

  it('gives a pair an identity of its own in each of the windows that hold it', () => {
    const join = harness({}, SlidingEventTimeWindows.of(10, 5))
    join.processElement(record(1, 'a1', 6), 0)
    join.processElement(record(2, 'a2', 7), 1)
    join.processWatermark(20)
    expect(join.values).toEqual([
      ['a1', 'a2'],
      ['a1', 'a2'],
    ])
    expect(new Set(join.context.output.map(({ id }) => id)).size).toBe(2)
  })

  it('drops late records and is empty after firing', () => {
    const join = harness()
    join.processElement(record(1, 'a1', 0), 0)
    join.processWatermark(9)
    join.processElement(record(2, 'a2', 0), 1)
    expect(join.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [1, 'unmatched'],
      [2, 'late'],
    ])
    expect(join.snapshot(1).keyed).toEqual({ entries: [], timers: [] })
  })
})
