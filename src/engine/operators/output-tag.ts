import type { Value } from '../record.js'

/** Names a side output and the type of what goes there (Flink: `OutputTag`). */
export interface OutputTag<R extends Value> {
  readonly id: string
  /** Never set: it ties the type to the tag. */
  readonly carries?: R
}

/** A tag; two with the same id are the same side output. */
export function outputTag<R extends Value>(id: string): OutputTag<R> {
  return { id }
}
