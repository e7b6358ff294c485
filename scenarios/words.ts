/** The records that most stories read. */
import type { Content } from '../src/connectors/index.js'

/** A word, and its place in its split. */
export type Word = { readonly key: string; readonly at: number }

/** Words of a vocabulary of this size. Splits begin with different ones; event time goes up by a millisecond a record. */
export function wordsOf(vocabulary: number): Content {
  const words = Array.from({ length: vocabulary }, (_, word) => `w${String(word)}`)
  return (split, offset) => {
    const key = words[(offset * 5 + Number(split.at(-1))) % vocabulary] ?? ''
    const value: Word = { key, at: offset }
    return { value, timestamp: offset * 1000, key }
  }
}
