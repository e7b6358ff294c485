/**
 * Hashing of plain data: integer arithmetic only, the same on every platform. One call gives one lane of 32 bits; two lanes
 * with different seeds are independent and make 64.
 */
import { NotPlainError } from './plain.js'

/** Mixes one integer into one 32-bit lane. Not symmetric; every bit of both reaches every bit of the result. */
export function mix(hash: number, value: number): number {
  let h = (Math.imul(hash, 0x9e3779b1) + (value | 0) + 0x6d2b79f5) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Folds one integer into a hash of many: two thirds of `mix`, and as good at telling sequences apart. Not symmetric. */
export function fold(hash: number, value: number): number {
  let h = (Math.imul(hash, 0x9e3779b1) + (value | 0) + 0x6d2b79f5) | 0
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return h ^ (h >>> 16)
}

/** 32-bit hash of a string. */
export function hashString(text: string): number {
  return hashesOf(text).first
}

/** Two independent hashes of one string, 32 bits each. */
export interface StringHashes {
  readonly first: number
  readonly second: number
}

/** Both hashes of a string, cached unless it is long: names and kinds are few, and V8 finds one faster than code can read it. */
export function hashesOf(text: string): StringHashes {
  const known = stringHashes.get(text)
  if (known !== undefined) return known
  const hashes = readString(text)
  if (text.length > CACHED_LENGTH) return hashes
  if (stringHashes.size === CACHED_STRINGS) stringHashes.clear()
  stringHashes.set(text, hashes)
  return hashes
}

/** A pure cache: it never changes a result, and begins anew when it is full. */
const stringHashes = new Map<string, StringHashes>()
const CACHED_STRINGS = 10_000
const CACHED_LENGTH = 100

/** FNV-1a, mixed with the length; and all characters mixed. */
function readString(text: string): StringHashes {
  let first = 0x811c9dc5
  let second = text.length
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i)
    first = Math.imul(first ^ character, 0x01000193)
    second = mix(second, character)
  }
  return { first: mix(first, text.length), second }
}

/** 32-bit hash of a number, doubles included; 0 and -0 are the same, as are all NaNs. */
export function hashNumber(value: number): number {
  return hashPlain(value, 0x51ed270b)
}

const float = new Float64Array(1)
const bits = new Int32Array(float.buffer)

/** Mixes all bits of a number that is no NaN: those may differ in bits that no code can see. */
function mixDouble(hash: number, value: number): number {
  float[0] = value
  return mix(mix(hash, bits[0] ?? 0), bits[1] ?? 0)
}

/** Folds all bits of a number that is no NaN. */
export function foldDouble(hash: number, value: number): number {
  float[0] = value
  return fold(fold(hash, bits[0] ?? 0), bits[1] ?? 0)
}

/** What keeps values of different types apart: added to the seed. */
const INTEGER = 1
const DOUBLE = 2
const STRING = 3
const BOOLEAN = 4
const NULL = 5
const UNDEFINED = 6
const ARRAY = 7
const MAP = 8
const INT32 = 9
const UINT32 = 10
const FLOAT64 = 11
const OBJECT = 12
const NOT_A_NUMBER = 13

/**
 * Hash of plain data by content, for a lane given by its seed. Members of objects commute (their order means nothing) and one
 * that is undefined counts as absent; arrays and Maps are hashed in order, because code can see it.
 */
export function hashPlain(value: unknown, seed: number): number {
  switch (typeof value) {
    case 'number':
      return hashDouble(value, seed)
    case 'string':
      return hashText(value, seed)
    case 'boolean':
      return mix(seed + BOOLEAN, value ? 1 : 0)
    case 'object':
      return value === null ? mix(seed + NULL, 0) : hashObject(value, seed)
    case 'undefined':
      return mix(seed + UNDEFINED, 0)
    default:
      throw new NotPlainError('value', `a ${typeof value}`)
  }
}

function hashDouble(value: number, seed: number): number {
  if ((value | 0) === value) return mix(seed + INTEGER, value)
  if (Number.isNaN(value)) return mix(seed + NOT_A_NUMBER, 0)
  return mixDouble(seed + DOUBLE, value)
}

function hashText(text: string, seed: number): number {
  const { first, second } = hashesOf(text)
  return mix(mix(seed + STRING, first), second)
}

function hashObject(value: object, seed: number): number {
  if (Array.isArray(value)) return hashSequence(value, seed + ARRAY, seed)
  if (value instanceof Map) return hashMap(value, seed)
  if (ArrayBuffer.isView(value)) return hashTyped(value, seed)
  return hasMembers(value) ? hashMembers(value, seed) : mix(seed + OBJECT, 0)
}

/** Every object has members that can be looked up by name. */
export function hasMembers(value: object): value is Readonly<Record<string, unknown>> {
  return value !== null
}

function hashMembers(value: Readonly<Record<string, unknown>>, seed: number): number {
  let sum = 0
  for (const name of Object.keys(value)) {
    const member = value[name]
    if (member !== undefined) sum = (sum + mix(hashText(name, seed), hashPlain(member, seed))) | 0
  }
  return mix(seed + OBJECT, sum)
}

function hashSequence(values: readonly unknown[], start: number, seed: number): number {
  let h = start
  for (const member of values) h = mix(h, hashPlain(member, seed))
  return mix(h, values.length)
}

function hashMap(map: ReadonlyMap<unknown, unknown>, seed: number): number {
  let h = seed + MAP
  for (const [key, member] of map) h = mix(mix(h, hashPlain(key, seed)), hashPlain(member, seed))
  return mix(h, map.size)
}

function hashTyped(values: ArrayBufferView, seed: number): number {
  if (values instanceof Int32Array) return hashIntegers(values, seed + INT32)
  if (values instanceof Uint32Array) return hashIntegers(values, seed + UINT32)
  if (!(values instanceof Float64Array)) throw new NotPlainError('value', `an instance of ${values.constructor.name}`)
  let h = seed + FLOAT64
  for (const member of values) h = mix(h, hashDouble(member, seed))
  return mix(h, values.length)
}

function hashIntegers(values: Int32Array | Uint32Array, start: number): number {
  let h = start
  for (const member of values) h = mix(h, member)
  return mix(h, values.length)
}

/** Sixteen hexadecimal digits of a two-lane hash. */
export function formatHash(high: number, low: number): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}
