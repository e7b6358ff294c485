import type { SnapshotContent } from '../../history/index.js'
import type { ListEntry } from '../operator.js'
import type { OperatorSnapshot } from './state-handle.js'

/** What a snapshot holds, in the words of the history; read from the stored content, never from live state. */
export function describeSnapshot({ state, keyed }: OperatorSnapshot): SnapshotContent {
  const offsets: [string, number][] = []
  const committables: string[] = []
  for (const list of state.lists) {
    if (list.name === 'splits') for (const entry of list.entries) addOffset(offsets, entry)
    if (list.name === 'committables') for (const entry of list.entries) addCommittable(committables, entry)
  }
  offsets.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const counts: [string, number][] = []
  const absorbed: number[] = []
  for (const { key, cells } of keyed?.entries ?? []) {
    for (const cell of cells) {
      absorbed.push(...cell.absorbed)
      if (typeof cell.values['count'] === 'number') counts.push([String(key), cell.values['count']])
    }
  }
  const sorted = Array.from(Float64Array.from(absorbed).sort())
  return {
    ...(offsets.length > 0 && { offsets }),
    ...(counts.length > 0 && { counts }),
    ...(keyed !== null && { absorbed: sorted }),
    ...(committables.length > 0 && { committables }),
  }
}

function member(entry: ListEntry, name: string): ListEntry | undefined {
  return isObject(entry) ? entry[name] : undefined
}

function isObject(entry: ListEntry): entry is { readonly [name: string]: ListEntry } {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
}

function addOffset(offsets: [string, number][], entry: ListEntry): void {
  const split = member(entry, 'split')
  const offset = member(entry, 'offset')
  if (typeof split === 'string' && typeof offset === 'number') offsets.push([split, offset])
}

function addCommittable(names: string[], entry: ListEntry): void {
  const name = member(entry, 'name')
  if (typeof name === 'string') names.push(name)
}
