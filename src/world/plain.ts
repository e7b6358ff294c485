/**
 * Plain data: what actor state, messages and timers are made of, so that a world can be copied, hashed, shown and replayed.
 */

/** Numbers, strings, booleans, null, arrays, typed arrays, Maps and plain objects of these; nothing that runs. */
export type Plain =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | ReadonlyMap<string | number, Plain>
  | Uint32Array
  | Int32Array
  | Float64Array
  | PlainObject

/** An object with named plain members. */
export interface PlainObject {
  readonly [name: string]: Plain
}

/** Thrown when a value that must be plain is not; names the path to the offending member. */
export class NotPlainError extends Error {
  constructor(path: string, found: string) {
    super(`${path} is ${found}: state, messages and timers hold plain data only`)
    this.name = 'NotPlainError'
  }
}

/**
 * Freezes a value through and through; used by test builds on everything that is sent. What is already frozen is taken to be
 * frozen inside. The content of Maps and typed arrays cannot be frozen: `hashPlain` before and after shows whether it changed.
 */
export function freezePlain(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return
  if (ArrayBuffer.isView(value)) return // V8 refuses to freeze typed arrays
  Object.freeze(value)
  if (value instanceof Map) for (const member of value.values()) freezePlain(member)
  else for (const member of Object.values(value)) freezePlain(member)
}

/** Fails with a `NotPlainError` unless the value is plain data. */
export function assertPlain(value: unknown, path = 'value'): void {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'undefined':
      return
    case 'object':
      if (value !== null) assertPlainObject(value, path)
      return
    default:
      throw new NotPlainError(path, `a ${typeof value}`)
  }
}

function assertPlainObject(value: object, path: string): void {
  if (value instanceof Uint32Array || value instanceof Int32Array || value instanceof Float64Array) return
  if (Array.isArray(value)) {
    value.forEach((member: unknown, i) => {
      assertPlain(member, `${path}[${String(i)}]`)
    })
  } else if (value instanceof Map) {
    for (const [key, member] of value) {
      if (typeof key !== 'string' && typeof key !== 'number') throw new NotPlainError(path, `a Map with a ${typeof key} for a key`)
      assertPlain(member, `${path}.get(${String(key)})`)
    }
  } else {
    assertNoInstance(value, path)
    for (const [name, member] of Object.entries(value)) assertPlain(member, `${path}.${name}`)
  }
}

/** Fails with a `NotPlainError` when an object is of a class. */
export function assertNoInstance(value: object, path = 'value'): void {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return
  throw new NotPlainError(path, prototype === null ? 'an object without a prototype' : `an instance of ${value.constructor.name}`)
}
