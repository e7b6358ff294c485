import { describe, expect, it } from 'vitest'
import { assertPlain, freezePlain, NotPlainError } from './plain.js'

class Counter {
  count = 0
}

describe('assertPlain', () => {
  it('accepts plain data of every kind', () => {
    const value = {
      a: 1,
      b: 'x',
      c: null,
      d: undefined,
      e: [true, { f: [] }],
      g: new Map([['k', [1]]]),
      h: Int32Array.of(1),
      i: Float64Array.of(1),
    }
    expect(() => {
      assertPlain(value)
    }).not.toThrow()
  })

  const bare: unknown = Object.create(null)
  it.each([
    [{ a: { b: [0, () => 1] } }, 'state.a.b[1] is a function'],
    [{ a: new Counter() }, 'state.a is an instance of Counter'],
    [new Map([['k', { at: new Date(0) }]]), 'state.get(k).at is an instance of Date'],
    [new Map([[true, 1]]), 'state is a Map with a boolean for a key'],
    [{ s: new Set([1]) }, 'state.s is an instance of Set'],
    [[1n], 'state[0] is a bigint'],
    [{ p: Promise.resolve() }, 'state.p is an instance of Promise'],
    [{ bare }, 'state.bare is an object without a prototype'],
    [Symbol('s'), 'state is a symbol'],
    [{ bytes: new Uint8Array(1) }, 'state.bytes is an instance of Uint8Array'],
  ])('names the path to what is not plain: %o', (value, message) => {
    expect(() => {
      assertPlain(value, 'state')
    }).toThrow(NotPlainError)
    expect(() => {
      assertPlain(value, 'state')
    }).toThrow(message)
  })
})

describe('freezePlain', () => {
  it('freezes through objects, arrays and the members of Maps', () => {
    const inner = { x: [1] }
    const value = { list: [{ y: 1 }], map: new Map([['k', inner]]), bits: Int32Array.of(1) }
    freezePlain(value)
    expect([value, value.list, value.list[0], inner, inner.x].every((part) => Object.isFrozen(part))).toBe(true)
    expect(() => {
      inner.x.push(2)
    }).toThrow(TypeError)
  })

  it('leaves scalars alone', () => {
    for (const value of [1, 'x', null, undefined, true]) freezePlain(value)
    expect(Object.isFrozen(1)).toBe(true)
  })
})
