/** Entries by key in the order of their keys: two ways that saw the same are in the same state, whatever came first. */
export type SortedEntries<V> = [key: string, value: V][]

/** The value of a key; undefined when it has none. */
export function valueAt<V>(entries: SortedEntries<V>, key: string): V | undefined {
  for (const [known, value] of entries) if (known === key) return value
  return undefined
}

/** Gives a key a value. */
export function putSorted<V>(entries: SortedEntries<V>, key: string, value: V): void {
  const place = entries.findIndex(([known]) => known >= key)
  if (place < 0) entries.push([key, value])
  else if (entries[place]?.[0] === key) entries[place] = [key, value]
  else entries.splice(place, 0, [key, value])
}

/** Adds a name to a sorted list, once. */
export function addSorted(names: string[], name: string): void {
  const place = names.findIndex((known) => known >= name)
  if (place < 0) names.push(name)
  else if (names[place] !== name) names.splice(place, 0, name)
}

/** Takes a key out, if it is there. */
export function removeSorted(entries: SortedEntries<unknown>, key: string): void {
  const place = entries.findIndex(([known]) => known === key)
  if (place >= 0) entries.splice(place, 1)
}

/** A checkpoint as a key: names of equal length sort like numbers. */
export function checkpointKey(checkpoint: number): string {
  return String(checkpoint).padStart(6, '0')
}
