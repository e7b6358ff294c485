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
    [[0, 0]],
    {},
    { a: 0 },
    { a: 0, b: 0 },
    { a: { b: 0 } },
    { a: 0, b: { c: 0 } },
    { b: { a: 0, c: 0 } },
    new Map(),
    new Map([[1, 2]]),
    new Map([[2, 1]]),
    new Map<number, unknown>([
      [1, new Map([[2, 3]])],
      [4, 5],
    ]),
    new Map<number, unknown>([
      [
        1,
        new Map([
          [2, 3],
          [4, 5],
        ]),
      ],
    ]),
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

  const steps = Array.from({ length: 300 }, (_, step) => step)
  const bits = Array.from({ length: 32 }, (_, bit) => 1 << bit)
  const pairs = (from: readonly number[], by: (one: number, other: number) => unknown): unknown[] =>
    from.flatMap((one) => from.map((other) => by(one, other)))

  // As many collide by chance: 300^2 pairs, 2^32 digests.
  it.each([
    ['small numbers', pairs(steps, (a, b) => [a, b])],
    ['numbers around zero', pairs(steps, (a, b) => [a - 150, b - 150])],
    ['multiples of a thousand', pairs(steps, (a, b) => ({ id: a, timestamp: b * 1000 }))],
    ['numbers with high bits only', pairs(steps, (a, b) => [a << 23, b << 23])],
    ['identities above 32 bits', pairs(steps, (a, b) => [2 ** 44 + a * 0x8_0000, 2 ** 44 + b * 2 ** 20])],
    ['records', pairs(steps, (a, b) => ({ id: a, value: { key: `w${b % 30}`, count: b }, timestamp: 0 }))],
    ['single bits', bits.flatMap((c) => pairs(bits, (a, b) => [a, b, c]))],
  ])('tells %s apart, but for as many as chance brings together', (_, structures) => {
    const different = new Set(structures.map(digest)).size
    expect(structures.length - different).toBeLessThan(5)
  })
})
