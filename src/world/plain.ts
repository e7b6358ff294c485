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

/** Freezes a value through and through; used by test builds on everything that is sent or stored. */
export function freezePlain(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return
  if (ArrayBuffer.isView(value)) return // V8 refuses to freeze typed arrays; their owner must not touch them
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
      assertPlainObject(value, path)
      return
    default:
      throw new NotPlainError(path, `a ${typeof value}`)
  }
}

function assertPlainObject(value: object | null, path: string): void {
  if (value === null || value instanceof Uint32Array || value instanceof Int32Array || value instanceof Float64Array) return
  if (Array.isArray(value)) {
    value.forEach((member: unknown, i) => {
      assertPlain(member, `${path}[${i}]`)
    })
  } else if (value instanceof Map) {
    for (const [key, member] of value) assertPlain(member, `${path}.get(${String(key)})`)
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const [name, member] of Object.entries(value)) assertPlain(member, `${path}.${name}`)
  } else {
    throw new NotPlainError(path, `an instance of ${value.constructor.name}`)
  }
}
