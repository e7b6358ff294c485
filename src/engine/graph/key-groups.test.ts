import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intersectionOf, keyGroupOf, keyGroupRangeOf, ownerOf } from './key-groups.js'

const key = fc.oneof(fc.integer(), fc.string())
const sizes = fc
  .integer({ min: 1, max: 128 })
  .chain((maxParallelism) =>
    fc.record({ maxParallelism: fc.constant(maxParallelism), parallelism: fc.integer({ min: 1, max: maxParallelism }) }),
  )

describe('key groups', () => {
  it('take in every key, negative numbers among them', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 128 }), (one, maxParallelism) => {
        const group = keyGroupOf(one, maxParallelism)
        expect(Number.isInteger(group)).toBe(true)
        expect(group).toBeGreaterThanOrEqual(0)
        expect(group).toBeLessThan(maxParallelism)
        expect(keyGroupOf(one, maxParallelism)).toBe(group)
      }),
    )
  })

  it('are dealt to the subtasks in ranges, each group to one and a group to each', () => {
    fc.assert(
      fc.property(sizes, ({ parallelism, maxParallelism }) => {
        const owners = Array.from({ length: maxParallelism }, (_, group) => ownerOf(group, parallelism, maxParallelism))
        expect(owners).toEqual([...owners].sort((a, b) => a - b))
        expect([...new Set(owners)]).toEqual(Array.from({ length: parallelism }, (_, subtask) => subtask))
        const shares = [...new Set(owners)].map((subtask) => owners.filter((owner) => owner === subtask).length)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('spread keys that look alike', () => {
    const groups = Array.from({ length: 100 }, (_, n) => keyGroupOf(`w${n}`, 16))
    expect(new Set(groups).size).toBe(16)
  })
})

describe('key group ranges', () => {
  it('are those of Flink, computed by hand', () => {
    // start = (i·M + P - 1) div P, end = ((i + 1)·M - 1) div P
    const ranges = (parallelism: number, max: number) =>
      Array.from({ length: parallelism }, (_, subtask) => keyGroupRangeOf(subtask, parallelism, max)).map(({ start, end }) => [start, end])
    expect(ranges(1, 128)).toEqual([[0, 127]])
    expect(ranges(2, 128)).toEqual([
      [0, 63],
      [64, 127],
    ])
    expect(ranges(3, 128)).toEqual([
      [0, 42],
      [43, 85],
      [86, 127],
    ])
    expect(ranges(3, 16)).toEqual([
      [0, 5],
      [6, 10],
      [11, 15],
    ])
    expect(ranges(4, 10)).toEqual([
      [0, 2],
      [3, 4],
      [5, 7],
      [8, 9],
    ])
    expect(ranges(3, 3)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
  })

  it('hold the groups that a subtask owns, and no others', () => {
    fc.assert(
      fc.property(sizes, ({ parallelism, maxParallelism }) => {
        for (let subtask = 0; subtask < parallelism; subtask++) {
          const { start, end } = keyGroupRangeOf(subtask, parallelism, maxParallelism)
          for (let group = 0; group < maxParallelism; group++)
            expect(ownerOf(group, parallelism, maxParallelism) === subtask).toBe(start <= group && group <= end)
        }
      }),
    )
  })

  it('meet in what both have', () => {
    expect(intersectionOf({ start: 0, end: 63 }, { start: 43, end: 85 })).toEqual({ start: 43, end: 63 })
    expect(intersectionOf({ start: 64, end: 127 }, { start: 43, end: 64 })).toEqual({ start: 64, end: 64 })
    expect(intersectionOf({ start: 0, end: 42 }, { start: 43, end: 85 })).toBeNull()
  })
})
