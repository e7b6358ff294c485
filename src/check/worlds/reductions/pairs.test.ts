import { describe, expect, it } from 'vitest'
import { NotInterchangeable, Pairs } from './pairs.js'

const lack = (): string => 'no'

describe('what stands for what', () => {
  it('is one for one, and told once', () => {
    const pairs = new Pairs()
    expect([pairs.pair(1, 2, lack), pairs.pair(1, 2, lack), pairs.pair(2, 1, lack), pairs.pair(3, 3, lack)]).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect([1, 2, 3].map((number) => pairs.image(number, lack))).toEqual([2, 1, 3])
  })

  it('has nothing for what is not known, and nothing for nothing', () => {
    const pairs = new Pairs()
    expect(pairs.image(0, lack)).toBe(0)
    expect(pairs.pair(0, 0, lack)).toBe(false)
    expect(() => pairs.image(1, lack)).toThrow(NotInterchangeable)
  })

  it.each([
    [1, 3],
    [3, 2],
    [0, 4],
    [4, 0],
  ])('has no second partner on either side: %i for %i', (number, image) => {
    const pairs = new Pairs()
    pairs.pair(1, 2, lack)
    expect(() => pairs.pair(number, image, lack)).toThrow('no')
  })
})
