/**
 * Fingerprints of 64 bits, from the content of plain data alone: the same in every process. A fingerprint is a sum over all leaves
 * of the state, each mixed with the way to it, so that it can follow a step: what the step left as it was, the very same object,
 * is not even looked at. Addition and not exclusive or, by which equal parts cancel out; two lanes, both fed with everything.
 */
import { assertNoInstance, hashesOf, hashPlain, mix } from '../world/index.js'

/** Starts of the two lanes; another seed gives fingerprints that have nothing to do with the first. */
const LANES = [0x243f6a88, 0x13198a2e] as const

/** What keeps values of different types apart, added to the lane; all others are hashed with the seed as it is. */
const ARRAY = 0x51
const OBJECT = 0x52
const STRING = 0x53
const BOOLEAN = 0x54
const INTEGER = 0x55

/** Computes fingerprints of states; the last one is in `high` and `low`. */
export class Fingerprinter {
  high = 0
  low = 0
  private readonly startHigh: number
  private readonly startLow: number

  constructor(seed = 0) {
    this.startHigh = mix(LANES[0], seed)
    this.startLow = mix(LANES[1], seed)
  }

  /** Of the whole state. Fails with a `NotPlainError` when it is not plain data. */
  whole(state: unknown): void {
    this.high = 0
    this.low = 0
    this.add(state, this.startHigh, this.startLow, 1)
  }

  /** Of a state that came from another one, whose fingerprint is given: only what differs is read. */
  follow(before: unknown, high: number, low: number, after: unknown): void {
    this.high = high
    this.low = low
    this.replace(before, after, this.startHigh, this.startLow)
  }

  private replace(before: unknown, after: unknown, high: number, low: number): void {
    if (isArray(before) && isArray(after) && before.length === after.length) this.replaceElements(before, after, high, low)
    else if (isPlainObject(before) && isPlainObject(after)) this.replaceMembers(before, after, high, low)
    else {
      this.add(before, high, low, -1)
      this.add(after, high, low, 1)
    }
  }

  private replaceElements(before: readonly unknown[], after: readonly unknown[], high: number, low: number): void {
    for (let i = 0; i < after.length; i++) {
      if (before[i] !== after[i]) this.replace(before[i], after[i], mix(high, i), mix(low, i))
    }
  }

  private replaceMembers(before: Members, after: Members, high: number, low: number): void {
    // eslint-disable-next-line no-restricted-syntax -- plain objects inherit nothing that is walked, and no array of names is made
    for (const name in after) {
      const now = after[name]
      if (before[name] !== now) this.replaceMember(name, own(before, name), now, high, low)
    }
    // eslint-disable-next-line no-restricted-syntax -- plain objects inherit nothing that is walked, and no array of names is made
    for (const name in before) {
      if (own(after, name) === undefined && !Object.hasOwn(after, name)) this.replaceMember(name, before[name], undefined, high, low)
    }
  }

  private replaceMember(name: string, before: unknown, after: unknown, high: number, low: number): void {
    const { first, second } = hashesOf(name)
    const memberHigh = mix(mix(high, first), second)
    const memberLow = mix(mix(low, first), second)
    if (before === undefined && after === undefined) return
    if (before === undefined) this.add(after, memberHigh, memberLow, 1)
    else if (after === undefined) this.add(before, memberHigh, memberLow, -1)
    else this.replace(before, after, memberHigh, memberLow)
  }

  private add(value: unknown, high: number, low: number, sign: 1 | -1): void {
    if (typeof value === 'string') {
      const { first, second } = hashesOf(value)
      this.count(mix(mix(high + STRING, first), second), mix(mix(low + STRING, first), second), sign)
    } else if (typeof value === 'boolean') {
      this.count(mix(high + BOOLEAN, value ? 1 : 0), mix(low + BOOLEAN, value ? 1 : 0), sign)
    } else if (typeof value === 'number' && (value | 0) === value) {
      this.count(mix(high + INTEGER, value), mix(low + INTEGER, value), sign)
    } else if (isArray(value)) this.addElements(value, high, low, sign)
    else if (isPlainObject(value)) this.addMembers(value, high, low, sign)
    else this.count(hashPlain(value, high), hashPlain(value, low), sign)
  }

  private addElements(values: readonly unknown[], high: number, low: number, sign: 1 | -1): void {
    this.count(mix(high + ARRAY, values.length), mix(low + ARRAY, values.length), sign)
    for (let i = 0; i < values.length; i++) this.add(values[i], mix(high, i), mix(low, i), sign)
  }

  private addMembers(object: Members, high: number, low: number, sign: 1 | -1): void {
    this.count(mix(high, OBJECT), mix(low, OBJECT), sign)
    for (const name of Object.keys(object)) {
      const member = object[name]
      if (member === undefined) continue
      const { first, second } = hashesOf(name)
      this.add(member, mix(mix(high, first), second), mix(mix(low, first), second), sign)
    }
  }

  private count(high: number, low: number, sign: 1 | -1): void {
    this.high = (this.high + sign * high) | 0
    this.low = (this.low + sign * low) | 0
  }
}

/** A member that the object has itself, and not from `Object.prototype`, where there is nothing else but functions. */
function own(object: Members, name: string): unknown {
  const member = object[name]
  return (typeof member === 'function' || name === '__proto__') && !Object.hasOwn(object, name) ? undefined : member
}

type Members = Readonly<Record<string, unknown>>

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** An object with named members; fails with a `NotPlainError` on an instance of a class. */
function isPlainObject(value: unknown): value is Members {
  if (value === null || typeof value !== 'object') return false
  if (Object.getPrototypeOf(value) === Object.prototype) return true
  if (Array.isArray(value) || value instanceof Map || ArrayBuffer.isView(value)) return false
  assertNoInstance(value)
  return true
}
