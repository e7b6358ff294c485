import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areDistinct } from './distinct.js'

describe('whether records are distinct', () => {
  const ids = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.maxSafeInteger(), fc.constantFrom('0:1', '0:2', '1:1'))

  it('is what a set says', () => {
    fc.assert(
      fc.property(fc.array(fc.array(ids, { maxLength: 8 }), { maxLength: 4 }), (columns) => {
        const all = columns.flat()
        expect(areDistinct(columns)).toBe(new Set(all).size === all.length)
      }),
    )
  })

  it('holds for none at all', () => {
    expect(areDistinct([])).toBe(true)
    expect(areDistinct([[], []])).toBe(true)
  })
})
