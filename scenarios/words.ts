/** The records that most stories read. */

/** A word, and its place in its split. */
export type Word = { readonly key: string; readonly at: number }

/** Words in all. */
const WORDS = 24

/** The record of a split at an offset. Splits begin with different words; event time goes up by a millisecond a record. */
export function word(split: string, offset: number): { value: Word; timestamp: number; key: string } {
  const key = `w${(offset * 5 + split.length + Number(split.at(-1))) % WORDS}`
  return { value: { key, at: offset }, timestamp: offset * 1000, key }
}
