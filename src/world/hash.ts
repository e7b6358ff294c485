/**
 * Hashing of plain data. Two lanes of 32 bits make 64; everything is integer arithmetic, the same on every platform.
 */

/** Mixes one integer into one 32-bit lane (the finaliser of MurmurHash3 over a multiply-add). */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x9e3779b1)
  h ^= h >>> 15
  h = Math.imul(h, 0x85ebca6b)
  return (h ^ (h >>> 13)) | 0
}

/** Hash of a string, cached: names and kinds are few. */
export function hashString(text: string): number {
  const known = stringHashes.get(text)
  if (known !== undefined) return known
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = mix(h, text.length)
  if (stringHashes.size < 10_000) stringHashes.set(text, h)
  return h
}

/** A pure cache: it never changes a result. */
const stringHashes = new Map<string, number>()

/** 32-bit hash of a number, doubles included. */
export function hashNumber(value: number): number {
  if ((value | 0) === value) return mix(0x51ed270b, value | 0)
  float[0] = value
  return mix(mix(0x2545f491, bits[0] ?? 0), bits[1] ?? 0)
}
const float = new Float64Array(1)
const bits = new Int32Array(float.buffer)

/**
 * Hash of plain data by content, for a lane given by its seed. Members of objects commute (their order means nothing);
 * arrays and Maps are hashed in order, because code can see it.
 */
export function hashPlain(value: unknown, seed: number): number {
  switch (typeof value) {
    case 'number':
      return mix(seed, hashNumber(value))
    case 'string':
      return mix(mix(seed, 3), hashString(value))
    case 'boolean':
      return mix(seed, value ? 5 : 7)
    case 'object':
      return value === null ? mix(seed, 11) : hashObject(value, seed)
    default:
      return mix(seed, 13)
  }
}

function hashObject(value: object, seed: number): number {
  let h = seed
  if (Array.isArray(value)) {
    for (const member of value) h = mix(h, hashPlain(member, seed))
    return mix(h, value.length)
  }
  if (value instanceof Map) {
    for (const [key, member] of value) h = mix(mix(h, hashPlain(key, seed)), hashPlain(member, seed))
    return mix(h, value.size + 17)
  }
  if (value instanceof Uint32Array || value instanceof Int32Array || value instanceof Float64Array) {
    for (const member of value) h = mix(h, hashNumber(member))
    return mix(h, value.length + 19)
  }
  let sum = 0
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) sum = (sum + mix(hashPlain(member, seed), hashString(name))) | 0
  }
  return mix(h, sum)
}

/** Sixteen hexadecimal digits of a two-lane hash. */
export function formatHash(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
