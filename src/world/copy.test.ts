import { describe, expect, it } from 'vitest'
import { copyPlain } from './copy.js'

describe('copyPlain', () => {
  const value = () => ({
    n: 1,
    list: [{ a: 1 }, [2]],
    map: new Map([['k', { b: [3] }]]),
    ints: Int32Array.of(1),
    counts: Uint32Array.of(1),
    ratios: Float64Array.of(0.5),
    none: null,
    absent: undefined,
  })

  it('equals the original and shares nothing that can change', () => {
    const original = value()
    const copy = copyPlain(original)
    expect(copy).toEqual(original)
    copy.n = 2
    copy.list.push([9])
    Object.assign(copy.list[0] ?? {}, { a: 9 })
    copy.map.get('k')?.b.push(9)
    copy.map.set('l', { b: [] })
    copy.ints[0] = copy.counts[0] = copy.ratios[0] = 9
    expect(original).toEqual(value())
  })

  it('thaws what was frozen', () => {
    const frozen = Object.freeze({ list: Object.freeze([1]) })
    const copy: { list: readonly number[] } = copyPlain(frozen)
    expect([Object.isFrozen(copy), Object.isFrozen(copy.list)]).toEqual([false, false])
  })

  it('keeps the order of members, as code can see it', () => {
    expect(Object.keys(copyPlain({ z: 1, a: [2], m: 3 }))).toEqual(['z', 'a', 'm'])
  })

  it('refuses what is not plain', () => {
    expect(() => copyPlain({ when: new Date(0) })).toThrow('an instance of Date')
    expect(() => copyPlain([new Uint8Array(1)])).toThrow('an instance of Uint8Array')
  })
})
