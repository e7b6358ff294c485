import { describe, expect, it } from 'vitest'
import type { Value } from '../record.js'
import { keyedCoProcessOperator, type KeyedCoProcessFunction } from './keyed-co-process.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'

/** The second input says what to add to the values of the first; a timer tells the count at the end of the hundred. */
const adding: KeyedCoProcessFunction<Value, Value, Value> = {
  countsRecords: true,
  processElement1(value, context) {
    count(context)
    context.collect(Number(value) + Number(context.get('add') ?? 0))
    context.registerEventTimeTimer(100)
  },
  processElement2(value, context) {
    count(context)
    context.put('add', value)
  },
  onTimer(_timestamp, context) {
    context.collect(['counted', context.get('count') ?? 0])
  },
}

function count(context: { get(name: string): Value | undefined; put(name: string, value: Value): void }): void {
  context.put('count', Number(context.get('count') ?? 0) + 1)
}

const harness = (options: HarnessOptions = {}) =>
  new OperatorHarness(keyedCoProcessOperator(adding, 2), { keyOf: [() => 'k', () => 'k'], ...options })
const record = (id: number, value: number) => ({ id, value, timestamp: 0 })

describe('keyed co-process', () => {
  it('shares the state of a key between its inputs', () => {
    const both = harness()
    both.processElement(record(1, 5), 0)
    both.processElement(record(2, 10), 1)
    both.processElement(record(3, 5), 0)
    expect(both.values).toEqual([5, 15])
    expect(both.facts('state-apply').map(({ id, count: n }) => [id, n])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
  })

  it('fires timers of both, also after a restore', () => {
    const first = harness()
    first.processElement(record(1, 5), 0)
    const restored = harness({ restored: first.snapshot(1) })
    restored.processElement(record(2, 10), 1)
    restored.processWatermark(100)
    expect(restored.values).toEqual([['counted', 2]])
    expect(restored.facts('emit')[0]?.causes).toEqual([1, 2])
  })

  it('tells what a timer brings about that fires again from what it has, also after a restore', () => {
    const first = harness()
    first.processElement(record(1, 5), 0)
    first.processWatermark(100)
    const restored = harness({ restored: first.snapshot(1) })
    restored.processElement(record(2, 5), 0)
    restored.processWatermark(100)
    expect(restored.values.at(-1)).toEqual(['counted', 2])
    expect(restored.context.output.at(-1)?.id).not.toBe(first.context.output.at(-1)?.id)
  })

  it('says when a record is absorbed again', () => {
    const both = harness()
    both.processElement(record(1, 5), 0)
    both.processElement(record(1, 5), 0)
    expect(both.facts('state-apply').map(({ again }) => again)).toEqual([undefined, true])
  })
})
