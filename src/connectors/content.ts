import type { Value } from '../engine/record.js'
import type { StoredRecord } from '../systems/index.js'
import { refusePromise } from '../world/index.js'

/** What a source's splits hold: a pure function of the position, so that a replay reads the same. Timestamps are µs of event time. */
export type Content = (split: string, offset: number) => { readonly value: Value; readonly timestamp: number; readonly key?: string }

/** What a split holds at a position. */
export function contentAt(content: Content, split: string, offset: number): ReturnType<Content> {
  return refusePromise(content(split, offset), 'content')
}

/** The first `count` records of a split, to be put into a partition or a file. Their identity there is their position. */
export function recordsOf(content: Content, split: string, count: number): readonly StoredRecord[] {
  const records: StoredRecord[] = []
  for (let offset = 0; offset < count; offset++) {
    const { value, timestamp } = contentAt(content, split, offset)
    records.push({ id: offset, value, timestamp })
  }
  return records
}
