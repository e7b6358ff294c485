import { describe, expect, it } from 'vitest'
import type { Key, Value } from '../record.js'
import { describeValues } from './snapshot-content.js'

type Cells = Parameters<typeof describeValues>[0][number]['cells']

const cell = (namespace: number, values: Readonly<Record<string, Value>>): Cells[number] => ({ namespace, values })
const digestOf = (...cells: Cells): number => describeValues([{ key: 'k', cells }])[0]?.[1] ?? 0

describe('values in a snapshot', () => {
  it('are told apart by all that is kept under a key', () => {
    const digest = digestOf(cell(0, { count: 1, sum: 5 }))
    expect(digestOf(cell(0, { sum: 5, count: 1 }))).toBe(digest)
    expect(digestOf(cell(0, { count: 1, sum: 6 }))).not.toBe(digest)
    expect(digestOf(cell(0, { count: 1 }))).not.toBe(digest)
    expect(digestOf(cell(0, { count: 2, sum: 5 }))).not.toBe(digest)
  })

  it('are told apart by the windows in which they are', () => {
    const digest = digestOf(cell(1, { sum: 5 }), cell(2, { sum: 6 }))
    expect(digestOf(cell(1, { sum: 6 }), cell(2, { sum: 5 }))).not.toBe(digest)
    expect(digestOf(cell(1, { sum: 5 }), cell(3, { sum: 6 }))).not.toBe(digest)
    expect(digestOf(cell(1, { sum: 5 }))).not.toBe(digest)
  })

  it('have names of their own for keys that read alike', () => {
    const keys: Key[] = [1, '1', '"1"', 'a', '']
    expect(describeValues(keys.map((key) => ({ key, cells: [] }))).map(([name]) => name)).toEqual(['1', '"1"', '"\\"1\\""', 'a', ''])
  })
})
