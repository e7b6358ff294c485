import { describe, expect, it } from 'vitest'
import { derivedIdentity, pairIdentity, sourceIdentity, timerIdentity } from './record.js'

function distinct(ids: readonly number[]): number {
  for (const id of ids) expect(Number.isSafeInteger(id) && id >= 2 ** 44).toBe(true)
  return new Set(ids).size
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('the identity of what time brings about', () => {
  it('tells times apart that lie far from each other', () => {
    const times = [0, 1, 2, 3].flatMap((near) => upTo(40).map((far) => near + far * 2 ** 24))
    for (const key of ['user-7', 7]) expect(distinct(times.map((at) => timerIdentity(key, at, 0)))).toBe(times.length)
  })

  it('tells times apart that lie close to each other, whatever the key', () => {
    const keys = upTo(200).map((key) => `user-${key}`)
    const ids = keys.flatMap((key) => upTo(20).map((at) => timerIdentity(key, at, 0)))
    expect(distinct(ids)).toBe(4000)
  })

  it('tells keys apart, also a number from its digits', () => {
    const keys = [...upTo(100).flatMap((n) => [n, String(n), -n - 1, n + 0.5]), 2 ** 32, 2 ** 33, 2 ** 40 + 1, '', 'a', 'b', 'ab', 'ba']
    expect(distinct(keys.map((key) => timerIdentity(key, 5, 0)))).toBe(keys.length)
  })

  it('tells firings apart', () => {
    expect(distinct(upTo(50).map((firing) => timerIdentity('k', 5, firing)))).toBe(50)
  })
})

describe('the identity of what an operator makes', () => {
  it('tells operators and outputs apart, also many outputs of one call', () => {
    const ids = upTo(20).flatMap((ordinal) => upTo(200).map((index) => derivedIdentity(sourceIdentity(1, 9), ordinal, index)))
    expect(distinct(ids)).toBe(4000)
  })

  it('of a pair tells both sides and their order apart', () => {
    const sides = [...upTo(30).map((offset) => sourceIdentity(3, offset)), ...upTo(30).map((high) => 2 ** 44 + high * 2 ** 32 + 5)]
    const ids = sides.flatMap((left) => sides.map((right) => pairIdentity(left, right, 0)))
    expect(distinct(ids)).toBe(3600)
  })

  it('of a pair tells windows apart, those before time 0 too', () => {
    expect(distinct(upTo(1000).map((window) => pairIdentity(1, 2, (window - 500) * 3_000)))).toBe(1000)
    expect(distinct(upTo(1000).map((window) => pairIdentity(1, 2, (window - 500) * 2 ** 32)))).toBe(1000)
  })

  it('is the same each time', () => {
    expect(timerIdentity('k', 2 ** 41 + 3, 1)).toBe(timerIdentity('k', 2 ** 41 + 3, 1))
    expect(pairIdentity(1, 2, 3)).toBe(pairIdentity(1, 2, 3))
  })
})
