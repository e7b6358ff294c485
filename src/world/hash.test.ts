import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyPlain } from './copy.js'
import { fold, formatHash, hashNumber, hashPlain, hashString, mix } from './hash.js'

const SEED_A = 0x243f6a88
const SEED_B = 0x13198a2e

/** Plain data of all kinds, without NaN and -0, which have tests of their own. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.double({ noNaN: true }).map((x) => x + 0),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.uniqueArray(fc.tuple(fc.string(), tie('value')), { maxLength: 4, selector: ([key]) => key }).map((entries) => new Map(entries)),
    fc.int32Array({ maxLength: 4 }),
  ),
})).value

function ones(bits: number): number {
  let count = 0
  for (let rest = bits >>> 0; rest !== 0; rest &= rest - 1) count++
  return count
}

describe('mix', () => {
  it('is not symmetric: small integers in exchanged roles differ', () => {
    for (let a = 0; a < 50; a++) for (let b = 0; b < a; b++) expect(mix(a, b)).not.toBe(mix(b, a))
  })

  it('changes about half of the bits of its result for any one bit of either argument', () => {
    let flips = 0
    for (let i = 0; i < 1000; i++) {
      const [hash, value] = [mix(1, i), mix(2, i)]
      const bit = 1 << (i % 32)
      flips += ones(mix(hash, value) ^ mix(hash ^ bit, value)) + ones(mix(hash, value) ^ mix(hash, value ^ bit))
    }
    expect(flips / 2000).toBeGreaterThan(15)
    expect(flips / 2000).toBeLessThan(17)
  })

  it('is the same everywhere', () => {
    expect([mix(0, 0), mix(1, 2), mix(-1, 2 ** 31), mix(0x6a09e667, -7)]).toEqual([-999191120, 177893859, -901621724, -1787032441])
  })
})

describe('fold', () => {
  it('makes different hashes of different integers, and of different hashes', () => {
    const integers = Array.from({ length: 5_000 }, (_, i) => Math.imul(i, 0x9e3779b1))
    expect(new Set(integers.map((value) => fold(7, value))).size).toBe(integers.length)
    expect(new Set(integers.map((hash) => fold(hash, 7))).size).toBe(integers.length)
  })

  it('is not symmetric, and tells pairs of small integers apart', () => {
    const small = Array.from({ length: 100 }, (_, i) => i)
    expect(new Set(small.flatMap((a) => small.map((b) => fold(a, b)))).size).toBe(10_000)
  })

  it('leaves no hash as it was when it folds zeros', () => {
    let hash = 0
    const seen = new Set<number>()
    for (let i = 0; i < 10_000; i++) seen.add((hash = fold(hash, 0)))
    expect(seen.size).toBe(10_000)
  })

  it('is the same everywhere', () => {
    expect([fold(0, 0), fold(1, 2), fold(-1, 2 ** 31), fold(0x6a09e667, -7)]).toEqual([-167905572, 124576227, 495682415, 632300769])
  })
})

describe('hashPlain', () => {
  it('is the same everywhere', () => {
    const value = {
      id: 7,
      name: 'task',
      ratio: 0.1,
      list: [1, 'two', null, true],
      map: new Map([['k', { v: -1 }]]),
      bits: Int32Array.of(1, -2),
    }
    expect(formatHash(hashPlain(value, SEED_A), hashPlain(value, SEED_B))).toBe('d2e7c6d54d9e3c09')
  })

  it('tells values of different types and structure apart', () => {
    const values = [
      0,
      1,
      -1,
      '0',
      '1',
      '',
      true,
      false,
      null,
      undefined,
      0.5,
      2 ** 31,
      2 ** 40,
      Infinity,
      -Infinity,
      NaN,
      [],
      [0],
      [[0]],
      [0, 0],
      {},
      { a: 0 },
    ]
    const more = [
      { b: 0 },
      { a: { b: 0 } },
      { a: '0' },
      new Map(),
      new Map([['a', 0]]),
      new Map([[0, 'a']]),
      Int32Array.of(0),
      Uint32Array.of(0),
      Float64Array.of(0),
    ]
    const hashes = [...values, ...more].map((value) => hashPlain(value, SEED_A))
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('takes no notice of the order of members and of undefined ones, but of the order in arrays and Maps', () => {
    expect(hashPlain({ a: 1, b: [2], c: undefined }, 1)).toBe(hashPlain({ b: [2], a: 1 }, 1))
    expect(hashPlain([1, 2], 1)).not.toBe(hashPlain([2, 1], 1))
    expect(
      hashPlain(
        new Map([
          [1, 1],
          [2, 2],
        ]),
        1,
      ),
    ).not.toBe(
      hashPlain(
        new Map([
          [2, 2],
          [1, 1],
        ]),
        1,
      ),
    )
    expect(hashPlain({ a: 1, b: 2 }, 1)).not.toBe(hashPlain({ a: 2, b: 1 }, 1))
  })

  it('takes 0 and -0 for the same, and all NaNs', () => {
    expect(hashPlain(-0, 5)).toBe(hashPlain(0, 5))
    const oddNaN = new Float64Array(new Int32Array([1, 0x7ff80000]).buffer)[0]
    expect(hashPlain(oddNaN, 5)).toBe(hashPlain(NaN, 5))
  })

  it('is equal for copies and depends on its seed', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(hashPlain(copyPlain(value), SEED_A)).toBe(hashPlain(value, SEED_A))
        expect(hashPlain(value, SEED_A)).not.toBe(hashPlain(value, SEED_B))
      }),
    )
  })

  it('differs when anything inside is replaced', () => {
    fc.assert(
      fc.property(plain, fc.integer(), (value, other) => {
        expect(hashPlain([value, { x: [other] }], SEED_A)).not.toBe(hashPlain([value, { x: [other + 1] }], SEED_A))
      }),
    )
  })

  it('gives two independent lanes: of 200,000 small structures a few collide in each and none in both', () => {
    const count = 200_000
    const high = new Set<number>()
    const both = new Set<string>()
    for (let i = 0; i < count; i++) {
      const value = { from: i % 20, to: Math.floor(i / 20) % 20, offset: [Math.floor(i / 400)] }
      const lanes = [hashPlain(value, SEED_A), hashPlain(value, SEED_B)] as const
      high.add(lanes[0])
      both.add(formatHash(...lanes))
    }
    expect(both.size).toBe(count)
    expect(high.size).toBeGreaterThan(count - 30) // 4.7 expected at random
  })

  it('fails on what is not plain', () => {
    expect(() => hashPlain({ f: () => 1 }, 0)).toThrow('a function')
    expect(() => hashPlain(new Uint8Array(1), 0)).toThrow('an instance of Uint8Array')
  })
})

describe('hashes of leaves', () => {
  it('are the same everywhere, cached or not', () => {
    expect([hashString(''), hashString('a'), hashString('a'), hashString('checkpoint-trigger')]).toEqual([
      -235611895, 681098219, 681098219, 1784037099,
    ])
    expect([hashNumber(0), hashNumber(-1), hashNumber(0.1), hashNumber(2 ** 52)]).toEqual([-1807676198, 1556162175, 141910909, 122756301])
  })

  it('stay right beyond the cache', () => {
    const first = hashString('late comer')
    for (let i = 0; i < 12_000; i++) hashString(`filler ${String(i)}`)
    expect(hashString('late comer')).toBe(first)
    expect(hashString('filler 11999')).toBe(hashString('filler ' + '11999'))
  })
})

describe('formatHash', () => {
  it('writes sixteen digits', () => {
    expect(formatHash(0, -1)).toBe('00000000ffffffff')
    expect(formatHash(0xabc, 1)).toBe('00000abc00000001')
  })
})
