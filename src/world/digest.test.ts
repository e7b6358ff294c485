import { describe, expect, it } from 'vitest'
import { digestPlain } from './digest.js'

const digest = (value: unknown): number => digestPlain(7, value)

describe('digest of plain data', () => {
  const values = [
    0,
    1,
    -1,
    2 ** 32,
    2 ** 32 + 1,
    2 ** 53 - 1,
    0.5,
    -Infinity,
    Infinity,
    NaN,
    '',
    'a',
    '0',
    true,
    false,
    null,
    undefined,
    [],
    [0],
    [0, 0],
    [[0], 0],
    [0, [0]],
    {},
    { a: 0 },
    { a: 0, b: 0 },
    { a: { b: 0 } },
    new Map([[1, 2]]),
    new Map([[2, 1]]),
    new Int32Array([4, 5]),
    new Int32Array([5, 4]),
    new Float64Array([0.25]),
  ]

  it('tells values apart', () => {
    expect(new Set(values.map(digest)).size).toBe(values.length)
  })

  it('is the same for equal values, and depends on what it is folded into', () => {
    for (const value of values) {
      expect(digest(structuredClone(value))).toBe(digest(value))
      expect(digestPlain(8, value)).not.toBe(digest(value))
    }
  })

  it('takes 0 and -0 for the same', () => {
    expect(digest(-0)).toBe(digest(0))
  })

  it('covers members in their order, by value and not by name', () => {
    expect(digest({ a: 1, b: 2 })).not.toBe(digest({ b: 2, a: 1 }))
    expect(digest({ a: 1, b: 2 })).toBe(digest({ c: 1, d: 2 }))
  })

  it('is the same for all NaNs, whatever bits they have', () => {
    const [quiet, other] = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0000n, 0x7ff8_0000_0000_0001n]).buffer)
    expect(digest([other])).toBe(digest([quiet]))
    expect(digest(other)).toBe(digest(NaN))
  })
})
