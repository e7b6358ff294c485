import { describe, expect, it } from 'vitest'
import { Fingerprinter } from './fingerprint.js'

function of(state: unknown, seed = 0): string {
  const fingerprinter = new Fingerprinter(seed)
  fingerprinter.whole(state)
  return `${fingerprinter.high} ${fingerprinter.low}`
}

function followed(before: unknown, after: unknown): string {
  const fingerprinter = new Fingerprinter()
  fingerprinter.whole(before)
  fingerprinter.follow(before, fingerprinter.high, fingerprinter.low, after)
  return `${fingerprinter.high} ${fingerprinter.low}`
}

const different: unknown[] = [
  0, 1, 0.5, NaN, '', 'a', '1', true, false, null, [], {}, [0], [1], [0, 0], [[]], [[], []], [1, 2], [2, 1], ['ab', 'c'], ['a', 'bc'],
  { a: 1 }, { b: 1 }, { a: 1, b: 2 }, { a: 2, b: 1 }, { a: { b: 1 } }, { a: [1] }, { a: [1, 1] }, { a: [2, 2] }, [{ a: 1 }, { a: 1 }], [{ a: 2 }, { a: 2 }],
  new Map([['a', 1]]), new Map([['b', 1]]), Int32Array.of(1, 2), Int32Array.of(2, 1), Uint32Array.of(1, 2), Float64Array.of(1, 2),
] // prettier-ignore

describe('fingerprints', () => {
  it('differ where the content does', () => {
    expect(new Set(different.map((state) => of(state))).size).toBe(different.length)
  })

  it('are the same for the same content, whatever the order of members and whoever made it', () => {
    expect(of({ a: 1, b: [undefined, -0] })).toBe(of({ b: [undefined, 0], c: undefined, a: 1 }))
  })

  it('depend on the seed in both lanes', () => {
    const [high, low] = of([1], 1).split(' ')
    expect(of([1]).split(' ')).not.toContain(high)
    expect(of([1]).split(' ')).not.toContain(low)
  })

  it('of what came from another state are those of the whole state', () => {
    for (const before of different) {
      for (const after of different)
        expect(followed({ part: before, same: 1 }, { part: after, same: 1 })).toBe(of({ part: after, same: 1 }))
    }
  })

  it('follow members that come, go and change places', () => {
    const states: unknown[] = [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      { a: 1 },
      { a: 1, b: undefined },
      { a: undefined, b: 2, c: 3 },
      {},
      { constructor: 1 },
      JSON.parse('{"__proto__": 1}'),
    ]
    for (const before of states) for (const after of states) expect(followed(before, after)).toBe(of(after))
  })

  it.each([
    ['a function', () => 0],
    ['an instance', new Set([1])],
    ['a bigint', 1n],
    ['a symbol', Symbol('s')],
    ['a date', new Date(0)],
  ])('refuse %s', (_, value) => {
    expect(() => of({ a: [value] })).toThrow('plain data')
    expect(() => followed({ a: [1] }, { a: [value] })).toThrow('plain data')
  })
})
