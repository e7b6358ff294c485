import { describe, expect, it } from 'vitest'
import { describeSnapshot } from '../checkpoint/snapshot-content.js'
import type { Value } from '../record.js'
import { mapStateDescriptor } from '../state/broadcast-state.js'
import { broadcastProcessOperator, type BroadcastProcessFunction } from './broadcast-process.js'
import { keyedBroadcastProcessOperator, type KeyedBroadcastProcessFunction } from './keyed-broadcast-process.js'
import { listOf } from './members.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'

const RULES = mapStateDescriptor('rules')

/** A broadcast `[name, factor]` says what numbers are multiplied with; without a factor the rule goes, without a name all do. */
const changeRules: BroadcastProcessFunction<Value, Value, Value>['processBroadcastElement'] = (value, context) => {
  const rules = context.getBroadcastState(RULES)
  const [name, factor] = listOf(value)
  if (typeof name !== 'string') return rules.clear()
  if (factor === undefined) return rules.remove(name)
  rules.put(name, factor)
  if (name === 'loud') context.collect(['heard', factor])
}

const multiplying: BroadcastProcessFunction<Value, Value, Value> = {
  processElement(value, context) {
    const rules = context.getBroadcastState(RULES)
    for (const { key, value: factor } of rules.immutableEntries()) context.collect([key, Number(value) * Number(factor)])
  },
  processBroadcastElement: changeRules,
}

const counting: KeyedBroadcastProcessFunction<Value, Value, Value> = {
  countsRecords: true,
  processElement(value, context) {
    context.put('count', Number(context.get('count') ?? 0) + 1)
    context.registerEventTimeTimer(100)
    context.collect([value, context.getBroadcastState(RULES).contains('a')])
  },
  processBroadcastElement: changeRules,
  onTimer(_timestamp, context) {
    context.collect([context.key, context.get('count') ?? 0, context.getBroadcastState(RULES).get('a') ?? null])
  },
}

const plain = (options: HarnessOptions = {}) => new OperatorHarness(broadcastProcessOperator(multiplying, ['rules'], 3), options)
const keyed = (options: HarnessOptions = {}) =>
  new OperatorHarness(keyedBroadcastProcessOperator(counting, ['rules'], 3), { keyOf: [() => 'k'], ...options })
const record = (id: number, value: Value) => ({ id, value, timestamp: 0 })

describe('broadcast state without keys', () => {
  it('is changed by one side and read by the other, in the order of its keys', () => {
    const operator = plain()
    operator.processElement(record(1, 5))
    operator.processElement(record(2, ['b', 2]), 1)
    operator.processElement(record(3, ['a', 3]), 1)
    operator.processElement(record(4, 5))
    operator.processElement(record(5, ['a']), 1)
    operator.processElement(record(6, 5))
    operator.processElement(record(7, [0]), 1)
    operator.processElement(record(8, 5))
    expect(operator.values).toEqual([
      ['a', 15],
      ['b', 10],
      ['b', 10],
    ])
  })

  it('says of every record where it went', () => {
    const operator = plain({ subtask: 1 })
    operator.processElement(record(1, 5))
    operator.processElement(record(2, ['loud', 2]), 1)
    operator.processElement(record(3, ['quiet', 2]), 1)
    operator.processElement(record(4, 5))
    expect(operator.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [1, 'filtered'],
      [3, 'broadcast-state'],
    ])
    expect(operator.facts('state-apply').map(({ id, key, count }) => [id, key, count])).toEqual([
      [2, 'broadcast state 1', 1],
      [3, 'broadcast state 1', 2],
    ])
    expect(operator.facts('process').map(({ id }) => id)).toEqual([4])
    expect(operator.facts('emit').map(({ causes }) => causes)).toEqual([[2], [4], [4]])
  })

  it('is in a snapshot in full, is not changed there, and is restored', () => {
    const operator = plain()
    operator.processElement(record(7, ['b', 2]), 1)
    operator.processElement(record(2, ['a', 3]), 1)
    const taken = operator.snapshot(1)
    const { lists } = taken.state
    operator.processElement(record(3, ['c', 4]), 1)
    operator.processElement(record(4, ['a']), 1)
    expect(lists.map(({ name, mode, entries }) => [name, mode, entries])).toEqual([
      [
        'rules',
        'BROADCAST',
        [
          { key: 'a', value: 3 },
          { key: 'b', value: 2 },
        ],
      ],
      ['broadcast-elements', 'BROADCAST', [{ elements: 2, absorbed: [2, 7], counter: 'broadcast state 0', subtask: 0 }]],
    ])
    const restored = plain({ restored: taken })
    restored.processElement(record(5, 1))
    expect(restored.values).toEqual([
      ['a', 3],
      ['b', 2],
    ])
    restored.processElement(record(7, ['b', 2]), 1)
    restored.processElement(record(3, ['c', 4]), 1)
    expect(restored.facts('state-apply').map(({ id, count, again }) => [id, count, again])).toEqual([
      [7, 3, true],
      [3, 4, undefined],
    ])
  })

  it('is counted anew by a subtask that is given the copy of another one', () => {
    const first = plain()
    first.processElement(record(7, ['b', 2]), 1)
    const other = plain({ restored: first.snapshot(4), subtask: 2 })
    other.processElement(record(5, 1))
    expect(other.values).toEqual([['b', 2]])
    other.processElement(record(9, ['c', 4]), 1)
    expect(other.facts('state-apply').map(({ key, count }) => [key, count])).toEqual([['broadcast state 2 since checkpoint 4', 1]])
    const again = plain({ restored: other.snapshot(5), subtask: 2 })
    again.processElement(record(10, ['c', 5]), 1)
    expect(again.facts('state-apply').map(({ key, count }) => [key, count])).toEqual([['broadcast state 2 since checkpoint 4', 2]])
  })

  it('must be named where the stream is broadcast', () => {
    const operator = new OperatorHarness(broadcastProcessOperator(multiplying, ['ruels', 'others'], 3))
    expect(() => {
      operator.processElement(record(1, 5))
    }).toThrow('Operator: there is no broadcast state "rules"; name it in the call of broadcast(), which has ruels, others')
  })
})

describe('broadcast state beside keyed state', () => {
  it('is seen by elements and timers, also after a restore', () => {
    const first = keyed()
    first.processElement(record(1, 5))
    first.processElement(record(2, ['a', 3]), 1)
    first.processElement(record(3, 6))
    expect(first.values).toEqual([
      [5, false],
      [6, true],
    ])
    const restored = keyed({ restored: first.snapshot(1) })
    restored.processWatermark(100)
    expect(restored.values).toEqual([['k', 2, 3]])
    expect(restored.facts('emit')[0]?.causes).toEqual([1, 3])
  })

  it('has timers that fire again, which is told from the first time, also after a restore', () => {
    const first = keyed()
    first.processElement(record(1, 5))
    first.processWatermark(100)
    const restored = keyed({ restored: first.snapshot(1) })
    restored.processElement(record(2, 5))
    restored.processWatermark(100)
    expect(restored.values.at(-1)).toEqual(['k', 2, null])
    expect(restored.context.output.at(-1)?.id).not.toBe(first.context.output.at(-1)?.id)
  })

  it('is told apart from it in the history', () => {
    const operator = keyed()
    operator.processElement(record(9, ['a', 3]), 1)
    operator.processElement(record(1, 5))
    expect(operator.facts('state-apply').map(({ id, key, count }) => [id, key, count])).toEqual([
      [9, 'broadcast state 0', 1],
      [1, 'k', 1],
    ])
    const { checkpoint, state, keyed: entries } = operator.snapshot(1)
    const content = describeSnapshot({ checkpoint, vertex: 'v', subtask: 0, attempt: 0, state, keyed: entries })
    expect(content).toEqual({
      broadcast: { counter: 'broadcast state 0', absorbed: [9] },
      counts: [
        ['k', 1],
        ['broadcast state 0', 1],
      ],
      values: [['k', expect.any(Number)]],
      absorbed: [1, 9],
    })
    // Another subtask that restores this copy goes on with its elements, and not with its count.
    expect(describeSnapshot({ checkpoint, vertex: 'v', subtask: 0, attempt: 0, state, keyed: entries }, 1)).toEqual({
      ...content,
      counts: [['k', 1]],
    })
  })
})
