/** Deep copies of plain data: how a fork gets its own component before a step changes it. */
export function copyPlain<T>(value: T): T {
  return copy(value)
}

function copy<T>(value: T): T
function copy(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((member) => copy<unknown>(member))
  if (value instanceof Map) {
    const copied = new Map<unknown, unknown>()
    for (const [key, member] of value) copied.set(key, copy<unknown>(member))
    return copied
  }
  if (value instanceof Uint32Array || value instanceof Int32Array || value instanceof Float64Array) return value.slice()
  const copied: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) copied[name] = copy<unknown>(member)
  return copied
}
