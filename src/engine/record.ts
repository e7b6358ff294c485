import { mix } from '../world/index.js'

/** Keys of keyed streams. */
export type Key = number | string

/** What a user function sees and makes; plain data that nobody changes after it was emitted. */
export type Value = number | string | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/**
 * A record on its way through the job.
 *
 * `id` is its *identity*: for a record of a source the split and the offset; for every other the identity of what caused it, the
 * operator and the index within that call. A replay makes the same identities wherever the operator is deterministic, so that
 * duplicates and losses can be judged by identity alone.
 */
export interface StreamRecord {
  readonly id: number
  readonly value: Value
  /** Event time in µs; sources assign it. */
  readonly timestamp: number
}

/** Offsets of one split lie below this; a source identity is `split * SPLIT_SPAN + offset`. */
const SPLIT_SPAN = 2 ** 24
/** Identities of splits end here; derived ones lie above, so that they never meet. */
const DERIVED = 2 ** 44

/** Identity of a source record: split ordinals count over all sources of the job. */
export function sourceIdentity(splitOrdinal: number, offset: number): number {
  return splitOrdinal * SPLIT_SPAN + offset
}

/** Identity of what an operator (by its ordinal in the graph) makes of a cause, as its index-th output of that call. 51 bits. */
export function derivedIdentity(cause: number, operatorOrdinal: number, index: number): number {
  const low = cause | 0
  const high = Math.floor(cause / 0x1_0000_0000) | 0
  const a = mix(mix(mix(0x1b873593, low), high), operatorOrdinal * 31 + index)
  const b = mix(mix(mix(0x2e1b2138, high), low), index * 31 + operatorOrdinal)
  return DERIVED + (a >>> 0) * 0x8_0000 + (b >>> 13)
}

/** Identity of a key group member that time brings about: a timer of this key at this time, for its n-th firing. */
export function timerIdentity(key: Key, at: number, firing: number): number {
  const hash = typeof key === 'number' ? key : [...key].reduce((h, c) => mix(h, c.codePointAt(0) ?? 0), 0)
  return derivedIdentity(hash * SPLIT_SPAN + (at % SPLIT_SPAN), 0x7f, firing)
}

/** `split:offset` for a source identity, a short name for a derived one. */
export function formatIdentity(id: number): string {
  if (id >= DERIVED) return `~${(id - DERIVED).toString(36)}`
  return `${String(Math.floor(id / SPLIT_SPAN))}:${String(id % SPLIT_SPAN)}`
}
