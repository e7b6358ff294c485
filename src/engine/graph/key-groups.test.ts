import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyGroupOf, ownerOf } from './key-groups.js'

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
