import { describe, expect, it } from 'vitest'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { Value } from '../record.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { sessionWindowOperator } from './session-window-operator.js'
import { EventTimeSessionWindows } from './window-assigner.js'
import { aggregated, processed, reduced, type WindowContents } from './window-functions.js'

const sum = aggregated({
  createAccumulator: () => 0,
  add: (value, accumulator) => Number(accumulator) + Number(value),
  getResult: (accumulator, key, window) => [key, window.start, window.end, accumulator],
  merge: (first, second) => Number(first) + Number(second),
})
const elements = processed({
  process(_key, _window, values, out) {
    out.collect([...values])
  },
})

/** Sessions with a gap of 10. Values are numbers; the key is their parity. */
const harness = (contents: WindowContents, options: HarnessOptions = {}) =>
  new OperatorHarness(sessionWindowOperator(EventTimeSessionWindows.withGap(10), contents, 6), {
    keyOf: [(value: Value) => Number(value) % 2],
    ...options,
  })

/** A record whose identity is its value. */
const record = (value: number, timestamp: number) => ({ id: value, value, timestamp })

describe('session windows', () => {
  it('have a gap', () => {
    expect(() => EventTimeSessionWindows.withGap(0)).toThrow('EventTimeSessionWindows: gap is 0')
  })

  it('end the records of a session of which nothing is made', () => {
    const sessions = harness(processed({ process: () => undefined }))
    for (const value of [1, 3]) sessions.processElement(record(value, value))
    sessions.processWatermark(30)
    expect(sessions.values).toEqual([])
    expect(sessions.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [1, 'filtered'],
      [3, 'filtered'],
    ])
  })

  it('fire once when nothing has come for the gap, each key by itself', () => {
    const sessions = harness(sum)
    sessions.processElement(record(1, 0))
    sessions.processElement(record(3, 7))
    sessions.processElement(record(2, 5))
    sessions.processWatermark(14)
    expect(sessions.values).toEqual([[0, 5, 15, 2]])
    sessions.processElement(record(5, 16))
    sessions.processWatermark(24)
    expect(sessions.values).toHaveLength(1)
    sessions.processWatermark(25)
    expect(sessions.values.slice(1)).toEqual([[1, 0, 26, 9]])
  })

  it.each([
    ['aggregate', sum, [1, 0, 22, 9]],
    ['reduce', reduced({ reduce: (first, second) => Number(first) + Number(second) }), 9],
    ['process', elements, [1, 3, 5]],
  ] as const)('merge their contents (%s), timers and identities', (_name, contents, result) => {
    const sessions = harness(contents)
    sessions.processElement(record(1, 0))
    sessions.processElement(record(3, 12))
    sessions.processElement(record(5, 6))
    // The timers of both parts are gone.
    expect(sessions.snapshot(1).keyed.timers).toEqual([{ timestamp: 21, key: 1, namespace: 0, firing: 0 }])
    sessions.processWatermark(20)
    expect(sessions.values).toEqual([])
    sessions.processWatermark(21)
    expect(sessions.values).toEqual([result])
    expect(sessions.facts('emit').map(({ causes }) => causes)).toEqual([[1, 3, 5]])
    const { keyed } = sessions.snapshot(2)
    expect(keyed).toEqual({ entries: [], timers: [] })
  })

  it('know a record again after its window was merged', () => {
    const sessions = harness(sum)
    for (const [value, at] of [
      [3, 12],
      [1, 0],
      [5, 6],
      [3, 12],
    ] as const)
      sessions.processElement(record(value, at))
    expect(sessions.facts('state-apply').map(({ id, key, again }) => [id, key, again])).toEqual([
      [3, '1', undefined],
      [1, '1', undefined],
      [5, '1', undefined],
      [3, '1', true],
    ])
  })

  it('drop what is late, but not what becomes part of a window that is not', () => {
    const sessions = harness(sum)
    sessions.processElement(record(1, 10))
    sessions.processWatermark(15)
    sessions.processElement(record(3, 4))
    sessions.processElement(record(5, -6))
    sessions.processElement(record(7, -20))
    sessions.processElement(record(2, 5))
    sessions.processElement(record(4, 7))
    expect(sessions.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [7, 'late'],
      [2, 'late'],
    ])
    sessions.processWatermark(MAX_WATERMARK)
    expect(sessions.values).toEqual([
      [0, 7, 17, 4],
      [1, -6, 20, 9],
    ])
  })

  it('are restored with what they have merged, and grow on', () => {
    const first = harness(elements)
    first.processElement(record(3, 12))
    first.processElement(record(1, 0))
    first.processElement(record(5, 6))
    const taken = first.snapshot(1)
    first.processElement(record(9, 1))
    const restored = harness(elements, { restored: taken })
    restored.processElement(record(7, 20))
    restored.processWatermark(29)
    expect(restored.values).toEqual([[1, 3, 5, 7]])
    expect(restored.context.output[0]?.timestamp).toBe(29)
  })
})
