import type { RecordId } from '../history/index.js'

/**
 * A sum over records that does not depend on their order: equal bags of records have equal sums, and unequal ones differ
 * except for one chance in 2^64 or so. It lets a cut be compared in a few additions; the sets are built only when it differs.
 */
export interface RecordSum {
  n: number
  a: number
  b: number
}

/** The sum over nothing. */
export function emptySum(): RecordSum {
  return { n: 0, a: 0, b: 0 }
}

function mix(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193)
  return h
}

/** Adds one record. Integers above 32 bits are taken whole. */
export function addToSum(sum: RecordSum, id: RecordId): void {
  const low = typeof id === 'number' ? id | 0 : hashText(id)
  const high = typeof id === 'number' ? (id / 4294967296) | 0 : id.length
  sum.n++
  sum.a = (sum.a + mix(low ^ Math.imul(high, 0x27d4eb2f))) | 0
  sum.b = (sum.b + mix(low + 0x7f4a7c15 + Math.imul(high, 0x165667b1))) | 0
}

/** Adds another sum, as when two bags are poured together. */
export function addSum(sum: RecordSum, other: RecordSum): void {
  sum.n += other.n
  sum.a = (sum.a + other.a) | 0
  sum.b = (sum.b + other.b) | 0
}

/** Takes another sum away, of records that are all in this one. */
export function subtractSum(sum: RecordSum, other: RecordSum): void {
  sum.n -= other.n
  sum.a = (sum.a - other.a) | 0
  sum.b = (sum.b - other.b) | 0
}

/** A copy that later additions do not change. */
export function copySum(sum: RecordSum): RecordSum {
  return { n: sum.n, a: sum.a, b: sum.b }
}

/** Puts `sum` back to what `other` was. */
export function resetSum(sum: RecordSum, other: RecordSum | undefined): void {
  sum.n = other === undefined ? 0 : other.n
  sum.a = other === undefined ? 0 : other.a
  sum.b = other === undefined ? 0 : other.b
}

/** True when both were summed over the same bag of records. */
export function sameSum(one: RecordSum, other: RecordSum): boolean {
  return one.n === other.n && one.a === other.a && one.b === other.b
}
