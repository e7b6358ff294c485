import { assertNoInstance, assertPlain, NotPlainError } from './plain.js'

/** Deep copies of plain data: how a fork gets its own component before a step changes it. Fails with a `NotPlainError` on anything else. */
export function copyPlain<T>(value: T): T {
  return copy(value)
}

/** A copy of a value of somebody's. The error names the member that is no plain data by its path, and whose value it is. */
export function copyPlainOf<T>(owner: string, value: T): T {
  try {
    return copy(value)
  } catch (error) {
    if (error instanceof NotPlainError) assertPlain(value, `a value of ${owner}`)
    throw error
  }
}

function copy<T>(value: T): T
function copy(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return copyArray(value)
  if (value instanceof Map) return copyMap(value)
  if (value instanceof Uint32Array || value instanceof Int32Array || value instanceof Float64Array) return value.slice()
  assertNoInstance(value)
  const copied: Record<string, unknown> = { ...value }
  for (const name of Object.keys(copied)) {
    const member = copied[name]
    if (typeof member === 'object' && member !== null) copied[name] = copy<unknown>(member)
  }
  return copied
}

function copyArray(values: readonly unknown[]): unknown[] {
  const copied = values.slice()
  for (let i = 0; i < copied.length; i++) {
    const member = copied[i]
    if (typeof member === 'object' && member !== null) copied[i] = copy<unknown>(member)
  }
  return copied
}

function copyMap(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  const copied = new Map<unknown, unknown>()
  for (const [key, member] of map) copied.set(key, copy<unknown>(member))
  return copied
}
