import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VisitedStates } from './visited-states.js'

describe('VisitedStates', () => {
  it('knows exactly what was added, also where only one half of the hash is equal', () => {
    const small = fc.integer({ min: -3, max: 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { maxLength: 200 }), (hashes) => {
        const visited = new VisitedStates()
        const model = new Set<string>()
        for (const [high, low] of hashes) {
          const isNew = !model.has(`${high} ${low}`)
          expect(visited.add(high, low, -1, 0)).toBe(isNew ? model.size : -1)
          model.add(`${high} ${low}`)
          expect(visited.size).toBe(model.size)
        }
      }),
    )
  })

  it('grows without forgetting', () => {
    const visited = new VisitedStates()
    const hash = (i: number): [number, number] => [Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b) ^ i]
    for (let i = 0; i < 10_000; i++) expect(visited.add(...hash(i), i - 1, i % 7)).toBe(i)
    for (let i = 0; i < 10_000; i++) expect(visited.add(...hash(i), -1, 0)).toBe(-1)
    expect(visited.ordinalsTo(9_999)).toEqual(Array.from({ length: 10_000 }, (_, i) => i % 7))
  })

  it('finds the way from the start', () => {
    const visited = new VisitedStates()
    visited.add(1, 0, -1, 4)
    visited.add(2, 0, 0, 5)
    visited.add(3, 0, 0, 6)
    visited.add(4, 0, 1, 7)
    expect([visited.ordinalsTo(0), visited.ordinalsTo(2), visited.ordinalsTo(3), visited.ordinalsTo(-1)]).toEqual([
      [4],
      [4, 6],
      [4, 5, 7],
      [],
    ])
  })
})
