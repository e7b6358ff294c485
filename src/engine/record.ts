import { hashPlain, mix } from '../world/index.js'

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

/** Two seeds, one for each half of a derived identity. */
const HIGH_SEED = 0x1b873593
const LOW_SEED = 0x2e1b2138

/** Identity of what an operator (by its ordinal in the graph) makes of a cause, as its index-th output of that call. 51 bits. */
export function derivedIdentity(cause: number, operatorOrdinal: number, index: number): number {
  return identityOf(
    mix(mix(foldIdentity(HIGH_SEED, cause), operatorOrdinal), index),
    mix(mix(foldIdentity(LOW_SEED, cause), operatorOrdinal), index),
  )
}

/** Identity of a key group member that time brings about: a timer of this key at this time (µs), for its n-th firing. 51 bits. */
export function timerIdentity(key: Key, at: number, firing: number): number {
  return identityOf(mix(foldIdentity(hashPlain(key, HIGH_SEED), at), firing), mix(foldIdentity(hashPlain(key, LOW_SEED), at), firing))
}

/** Identity of a pair of records in the window that begins at `start`, µs: windows that overlap may hold a pair several times. 51 bits. */
export function pairIdentity(left: number, right: number, start: number): number {
  return identityOf(
    foldIdentity(foldIdentity(foldIdentity(HIGH_SEED, left), right), start),
    foldIdentity(foldIdentity(foldIdentity(LOW_SEED, left), right), start),
  )
}

/** Both halves of an integer below 2^53. */
function foldIdentity(hash: number, id: number): number {
  return mix(mix(hash, id), Math.floor(id / 0x1_0000_0000))
}

function identityOf(high: number, low: number): number {
  return DERIVED + (high >>> 0) * 0x8_0000 + (low >>> 13)
}

/** `split:offset` for a source identity, a short name for a derived one. */
export function formatIdentity(id: number): string {
  if (id >= DERIVED) return `~${(id - DERIVED).toString(36)}`
  return `${String(Math.floor(id / SPLIT_SPAN))}:${String(id % SPLIT_SPAN)}`
}
