import { describe, expect, it } from 'vitest'
import { derivedIdentity, type Value } from '../record.js'
import { coFlatMapOperator } from './co-flat-map.js'
import { filterOperator } from './filter.js'
import { flatMapOperator } from './flat-map.js'
import { mapOperator } from './map.js'
import { OperatorHarness } from './operator-harness.js'
import { outputTag } from './output-tag.js'
import { processOperator } from './process.js'

const record = (id: number, value: Value, timestamp = 0) => ({ id, value, timestamp })

describe('map', () => {
  it('makes one record of each, derived from it', () => {
    const doubled = new OperatorHarness(mapOperator({ map: (value) => Number(value) * 2 }, 3))
    doubled.processElement(record(9, 21, 77))
    const id = derivedIdentity(9, 3, 0)
    expect(doubled.context.output).toEqual([{ id, value: 42, timestamp: 77 }])
    expect(doubled.context.facts).toEqual([{ kind: 'emit', id, causes: [9], vertex: 'Operator', subtask: 0, attempt: 0, seq: 0, t: 0 }])
  })

  it('passes watermarks on', () => {
    const same = new OperatorHarness(mapOperator({ map: (value) => value }, 3))
    same.processWatermark(5)
    expect(same.context.watermarks).toEqual([5])
  })
})

describe('filter', () => {
  it('lets records through as they are, and says which have ended', () => {
    const even = new OperatorHarness(filterOperator({ filter: (value) => Number(value) % 2 === 0 }))
    for (const value of [1, 2, 3]) even.processElement(record(value, value))
    expect(even.context.output).toEqual([record(2, 2)])
    expect(even.facts('record-ended').map(({ id, why }) => [id, why])).toEqual([
      [1, 'filtered'],
      [3, 'filtered'],
    ])
  })
})

describe('flat map', () => {
  const words = () =>
    new OperatorHarness(
      flatMapOperator(
        {
          flatMap(value, out) {
            if (typeof value === 'string') for (const word of value.split(' ')) if (word !== '') out.collect(word)
          },
        },
        3,
      ),
    )

  it('numbers what it makes of a record', () => {
    const split = words()
    split.processElement(record(9, 'a b'))
    expect(split.context.output.map(({ id, value }) => [id, value])).toEqual([
      [derivedIdentity(9, 3, 0), 'a'],
      [derivedIdentity(9, 3, 1), 'b'],
    ])
    expect(split.facts('record-ended')).toEqual([])
  })

  it('ends a record of which nothing is made', () => {
    const split = words()
    split.processElement(record(9, ''))
    expect(split.facts('record-ended')).toMatchObject([{ id: 9, why: 'filtered' }])
  })
})

describe('process', () => {
  it('knows event time, and reaches side outputs', () => {
    const late = outputTag<Value>('late')
    const sorted = new OperatorHarness(
      processOperator(
        {
          processElement(value, context) {
            if (context.timestamp <= context.watermark) context.output(late, value)
            else context.collect(value, context.timestamp + 1)
          },
        },
        3,
      ),
    )
    sorted.processElement(record(1, 'a', 10))
    sorted.processWatermark(10)
    sorted.processElement(record(2, 'b', 10))
    expect(sorted.context.output).toMatchObject([{ value: 'a', timestamp: 11 }])
    expect(sorted.context.sideOutput).toMatchObject([{ tag: 'late', record: { value: 'b' } }])
    expect(sorted.facts('record-ended')).toEqual([])
  })
})

describe('co flat map', () => {
  it('has a function for each input', () => {
    const merged = new OperatorHarness(
      coFlatMapOperator(
        {
          flatMap1: (value, out) => {
            out.collect(['first', value])
          },
          flatMap2: (value, out) => {
            out.collect(['second', value])
          },
        },
        3,
      ),
    )
    merged.processElement(record(1, 'a'), 1)
    merged.processElement(record(2, 'b'), 0)
    expect(merged.values).toEqual([
      ['second', 'a'],
      ['first', 'b'],
    ])
  })
})
