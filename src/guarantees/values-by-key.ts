import type { SnapshotContent } from '../history/index.js'

/** What is kept under each key, as digests; sorted by key, in the order of the state. */
export type ValuesByKey = NonNullable<SnapshotContent['values']>

/** Keys under which one has other values than the other, or none. */
export function differingKeys(one: ValuesByKey, other: ValuesByKey): string[] {
  return [...new Set([...foreignKeys(one, other), ...foreignKeys(other, one)])]
}

/** Keys under which `given` has values that `known` does not have under them. Nearly always both are the same, in the same order. */
export function foreignKeys(known: ValuesByKey, given: ValuesByKey): string[] {
  if (known.length === given.length && known.every(([key, digest], at) => given[at]?.[0] === key && given[at]?.[1] === digest)) return []
  const digests = new Map(known)
  return given.filter(([key, digest]) => digests.get(key) !== digest).map(([key]) => key)
}
