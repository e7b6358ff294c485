/**
 * Records as outside systems keep them: what a sink wrote, unchanged, so that a reader can say which record it sees.
 */
import { digestNumber, digestPlain, fold, hashPlain } from '../world/index.js'

/** Plain values, the same as those of the dataflow. */
export type StoredValue = number | string | boolean | null | readonly StoredValue[] | { readonly [name: string]: StoredValue }

/** A record with its identity; whoever stores it never changes it. */
export interface StoredRecord {
  readonly id: number
  readonly value: StoredValue
  /** Event time, µs. */
  readonly timestamp: number
}

/** What the history says of a record's content. */
export interface ShownContent {
  readonly key?: string
  readonly count?: number
  /** Of a value that is more than its key and its count. */
  readonly digest?: number
}

/** What a writer or a reader of a record shows of its content: so that it is seen if they differ. */
export function shownContent(value: StoredValue): ShownContent {
  const content = keyAndCount(value)
  const told = (content.key === undefined ? 0 : 1) + (content.count === undefined ? 0 : 1)
  if (told > 0 && value !== null && Object.keys(value).length === told) return content
  return { ...content, digest: hashPlain(value, SHOWN_SEED) }
}

const SHOWN_SEED = 0x5e3a

/** Members `key` and `count` of a record's value, where it has them. */
export function keyAndCount(value: StoredValue): { readonly key?: string; readonly count?: number } {
  if (value === null || typeof value !== 'object' || !isNamed(value)) return {}
  const { key, count } = value
  const name = typeof key === 'number' ? String(key) : key
  if (typeof name !== 'string') return typeof count === 'number' ? { count } : {}
  return typeof count === 'number' ? { key: name, count } : { key: name }
}

function isNamed(
  value: readonly StoredValue[] | { readonly [name: string]: StoredValue },
): value is { readonly [name: string]: StoredValue } {
  return !Array.isArray(value)
}

/** Folds records into a digest: identity, time and value of each, in order. */
export function digestRecords(digest: number, records: readonly StoredRecord[]): number {
  let h = fold(digest, records.length)
  for (const { id, timestamp, value } of records) h = digestPlain(digestNumber(digestNumber(h, id), timestamp), value)
  return h
}
