/** User code that changes what it was given, as Flink's heap state allows: what checkpoints hold must not change with it. */
import { describe, expect, it } from 'vitest'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { mapStateDescriptor } from '../state/broadcast-state.js'
import { broadcastProcessOperator, type BroadcastContext } from './broadcast-process.js'
import { committableRecords } from './committable-message.js'
import { committerOperator } from './committer-operator.js'
import { keyedBroadcastProcessOperator, type KeyedReadOnlyContext } from './keyed-broadcast-process.js'
import { keyedProcessOperator } from './keyed-process.js'
import { OperatorHarness, type HarnessSnapshot } from './operator-harness.js'
import { reduceFunction } from './reduce.js'
import { sessionWindowOperator } from './session-window-operator.js'
import { sinkWriterOperator } from './sink-writer-operator.js'
import { sourceOperator } from './source-operator.js'
import { EventTimeSessionWindows, TumblingEventTimeWindows } from './window-assigner.js'
import { aggregated, processed, reduced } from './window-functions.js'
import { windowJoinOperator } from './window-join.js'
import { windowOperator } from './window-operator.js'

interface Counter {
  n: number
}

/** What a caller writes that believes in the type of its own state. */
const counter = (value: unknown): Counter => value as Counter
const value = (made: object): Value => made as Value

const keyOf = [() => 'k', () => 'k']
const record = (id: number) => ({ id, value: { n: 1 }, timestamp: id % 100 })

const lists = keyedProcessOperator(
  {
    processElement(_value, context) {
      const list = (context.get('list') ?? []) as Value[]
      list.push(list.length)
      context.put('list', list)
      context.collect(list.length)
    },
  },
  1,
)
const withoutPut = keyedProcessOperator(
  {
    processElement(_value, context) {
      if (context.get('counter') === undefined) context.put('counter', { n: 0 })
      counter(context.get('counter')).n++
      context.collect(counter(context.get('counter')).n)
    },
  },
  1,
)
const add = (one: Value, other: Value): Value => {
  counter(one).n += counter(other).n
  return one
}
const sum = aggregated({
  createAccumulator: () => ({ n: 0 }),
  add: (_value, accumulator) => add(accumulator, { n: 1 }),
  getResult: (accumulator) => counter(accumulator).n,
  merge: add,
})
const spoil = processed({
  process(_key, _window, elements, out) {
    for (const element of elements) counter(element).n++
    out.collect(elements.length)
  },
})
const tumbling = TumblingEventTimeWindows.of(100)
const sessions = EventTimeSessionWindows.withGap(100)

const operators: Readonly<Record<string, StreamOperator<null, never>>> = {
  'a keyed function': lists,
  'a keyed function that does not put back what it has changed': withoutPut,
  'a reduce': keyedProcessOperator(reduceFunction({ reduce: add }), 1),
  'an aggregate of windows': windowOperator(tumbling, sum, 1),
  'a reduce of windows': windowOperator(tumbling, reduced({ reduce: add }), 1),
  'a function over the elements of a window': windowOperator(tumbling, spoil, 1),
  'an aggregate of sessions': sessionWindowOperator(sessions, sum, 1),
  'a function over the elements of a session': sessionWindowOperator(sessions, spoil, 1),
  'a window join': windowJoinOperator(tumbling, { join: (left, right) => counter(add(left, right)).n }, 1),
}

/** Feeds records of one key, to both inputs. */
function feed<S>(harness: OperatorHarness<S, never>, ...ids: readonly number[]): void {
  for (const id of ids) {
    harness.processElement(record(id))
    harness.processElement(record(100 + id), 1)
  }
}

describe('state that is changed in place', () => {
  for (const [name, operator] of Object.entries(operators)) {
    it(`by ${name} stays in checkpoints what it was, before and after a restore`, () => {
      const open = (restored?: HarnessSnapshot) => new OperatorHarness(operator, { keyOf, ...(restored && { restored }) })
      const first = open()
      feed(first, 1, 2)
      const taken = first.snapshot(1)
      const before = structuredClone(taken)
      feed(first, 3)
      first.processWatermark(1_000)
      expect(taken).toEqual(before)
      const outcomes = [1, 2].map(() => {
        const again = open(taken)
        feed(again, 3)
        again.processWatermark(1_000)
        return again.values
      })
      expect(taken).toEqual(before)
      expect(outcomes[1]).toEqual(outcomes[0])
      expect(outcomes[0]).toEqual(first.values.slice(-(outcomes[0]?.length ?? 0)))
    })
  }

  it('does not reach what was emitted', () => {
    const reduce = new OperatorHarness(keyedProcessOperator(reduceFunction({ reduce: add }), 1), { keyOf })
    const given = [record(1), record(2), record(3)]
    for (const each of given) reduce.processElement(each)
    expect(reduce.values).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(given.map((each) => each.value)).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }])
  })

  it('is the same object within one call', () => {
    const same = new OperatorHarness(
      keyedProcessOperator(
        {
          processElement(_value, context) {
            context.put('counter', context.get('counter') ?? { n: 0 })
            context.collect(context.get('counter') === context.get('counter'))
          },
        },
        1,
      ),
      { keyOf },
    )
    feed(same, 1)
    expect(same.values).toEqual([true, true])
  })
})

describe('broadcast state that is changed in place', () => {
  const RULES = mapStateDescriptor('rules')
  const operator = broadcastProcessOperator(
    {
      processElement(_value, context) {
        const rules = context.getBroadcastState(RULES)
        for (const { value: rule } of rules.immutableEntries()) counter(rule).n += 1_000
        context.collect(counter(rules.get('all')).n)
      },
      processBroadcastElement(element, context) {
        const rules = context.getBroadcastState(RULES)
        const rule = rules.get('all')
        if (rule === undefined) rules.put('all', element)
        else counter(rule).n++
      },
    },
    ['rules'],
    1,
  )

  it('stays in checkpoints what it was, and in the elements that all subtasks share', () => {
    const first = new OperatorHarness(operator)
    const element = record(1)
    first.processElement(element, 1)
    const taken = first.snapshot(1)
    const before = structuredClone(taken)
    first.processElement(record(2), 1)
    first.processElement(record(3))
    expect(first.values).toEqual([2])
    for (const restored of [taken, taken]) {
      const again = new OperatorHarness(operator, { restored })
      again.processElement(record(2), 1)
      again.processElement(record(3))
      expect(again.values).toEqual([2])
    }
    expect([taken, element]).toEqual([before, record(1)])
  })

  it('is the same object within one call, whichever way it is asked for', () => {
    const changed = (context: BroadcastContext<Value> | KeyedReadOnlyContext<Value>) => {
      const [one, other] = [context.getBroadcastState(RULES).get('all'), context.getBroadcastState(RULES).get('all')]
      counter(one).n++
      context.collect(counter(other).n)
    }
    const fn = {
      processElement: (_value: Value, context: KeyedReadOnlyContext<Value>) => changed(context),
      processBroadcastElement(element: Value, context: BroadcastContext<Value>) {
        context.getBroadcastState(RULES).put('all', element)
        changed(context)
      },
    }
    const keyed = new OperatorHarness(keyedBroadcastProcessOperator(fn, ['rules'], 1), { keyOf: keyOf.slice(0, 1) })
    keyed.processElement(record(1), 1)
    keyed.processElement(record(2))
    expect(keyed.values).toEqual([2, 3])
  })
})

describe('objects of connectors that are changed in place', () => {
  it('are not those of a checkpoint: state of a writer', () => {
    const nothing = () => undefined
    const writer = {
      open: (_context: unknown, restored: readonly Value[]) => restored.map(counter),
      write: (state: Counter[]) => (state.length === 0 ? state.push({ n: 1 }) : state.forEach((each) => each.n++)),
      flush: nothing,
      prepareCommit: () => [],
      snapshot: (state: Counter[]) => state.map(value),
      busy: () => false,
      failure: nothing,
      answer: nothing,
    }
    const first = new OperatorHarness(sinkWriterOperator({ writer }, 1))
    first.processElement(record(1))
    const taken = first.snapshot(1)
    first.processElement(record(2))
    const again = new OperatorHarness(sinkWriterOperator({ writer }, 1), { restored: taken })
    again.processElement(record(2))
    expect(taken.state.lists[0]?.entries).toEqual([{ n: 1 }])
    expect(again.state.writer).toEqual([{ n: 2 }])
  })

  it('are not those of a checkpoint: committables', () => {
    const committer = committerOperator<null, Value, never>(
      {
        open: () => null,
        commit: (_state, committable) => counter(committable).n++,
        answer: () => 'committed',
        nameOf: () => 'one',
      },
      { retries: 0, checkpointing: true },
    )
    const first = new OperatorHarness(committer)
    for (const each of committableRecords(1, 0, [{ n: 1 }], 1)) first.processElement(each)
    const taken = first.snapshot(1)
    const before = structuredClone(taken)
    first.notifyComplete(1)
    const again = new OperatorHarness(committer, { restored: taken })
    expect(again.busy).toBe(true)
    expect(taken).toEqual(before)
  })

  it('are not those of who gave them: splits', () => {
    const reader = {
      open: () => new Array<{ split: string; offset: number }>(),
      addSplits: (state: { split: string; offset: number }[], splits: readonly { split: string; offset: number }[]) =>
        void state.push(...splits),
      noMoreSplits: () => undefined,
      snapshot: (state: readonly { split: string; offset: number }[]) => state,
      poll: (state: { split: string; offset: number }[]) => (state.forEach((each) => each.offset++), 'record' as const),
      answer: () => undefined,
    }
    const source = new OperatorHarness(sourceOperator({ splits: ['a'], reader }, 0))
    const given = [{ split: 'a', offset: 0 }]
    source.event({ type: 'add-splits', splits: given })
    const taken = source.snapshot(1)
    source.poll()
    expect([given, taken.state.lists[0]?.entries]).toEqual([[{ split: 'a', offset: 0 }], [{ split: 'a', offset: 0 }]])
  })
})
