import type { SnapshotContent } from '../../history/index.js'
import { listOf, membersOf } from '../operators/members.js'
import { hashPlain, mix } from '../../world/index.js'
import { BROADCAST_ELEMENTS, broadcastElements } from '../state/broadcast-state.js'
import type { ListEntry } from '../operator.js'
import type { Key, Value } from '../record.js'
import type { KeyedSnapshot } from '../state/heap-keyed-state.js'
import type { OperatorSnapshot } from './state-handle.js'

/**
 * What a snapshot holds, in the words of the history; read from the stored content, never from live state.
 * @param reader the subtask that restores it; absent: the one that took it
 */
export function describeSnapshot({ state, keyed, subtask }: OperatorSnapshot, reader = subtask): SnapshotContent {
  const offsets: [string, number][] = []
  const committables: string[] = []
  for (const list of state.lists) {
    if (list.name === 'splits') for (const entry of list.entries) addOffset(offsets, entry)
    if (list.name === 'committables')
      for (const entry of list.entries) for (const one of listOf(membersOf(entry)?.['committables'])) addCommittable(committables, one)
  }
  const content: Writable<SnapshotContent> = {}
  if (offsets.length > 0) content.offsets = offsets.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (keyed !== null) describeKeyed(keyed, content)
  for (const list of state.lists) if (list.name === BROADCAST_ELEMENTS) addBroadcast(content, list.entries[0], reader)
  if (committables.length > 0) content.committables = committables
  return content
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The timers of keyed state, in the order in which they fire. */
export function describeTimers(keyed: KeyedSnapshot | null | undefined): readonly string[] {
  return keyed?.timers.map(({ key, namespace, timestamp }) => `${String(key)}@${String(namespace)}#${String(timestamp)}`) ?? []
}

/** Counts and values by key, and what was absorbed: this touches every record in the state, at every checkpoint. */
function describeKeyed({ entries }: KeyedSnapshot, content: Writable<SnapshotContent>): void {
  const counts: [string, number][] = []
  const all: number[] = []
  for (const { key, cells } of entries) {
    for (const { values, absorbed } of cells) {
      for (const id of absorbed) all.push(id)
      const count = values['count']
      if (typeof count === 'number') counts.push([String(key), count])
    }
  }
  if (counts.length > 0) content.counts = counts
  content.absorbed = all
  if (entries.length > 0) content.values = describeValues(entries)
}

/** A key with its values, by namespace. */
interface KeyedValues {
  readonly key: Key
  readonly cells: readonly { readonly namespace: number; readonly values: Readonly<Record<string, Value>> }[]
}

/** What is kept under each key, in the order of the keys, as digests. */
export function describeValues(entries: readonly KeyedValues[]): [key: string, digest: number][] {
  return entries.map(({ key, cells }) => [keyInWords(key), digestOfCells(cells)])
}

/** Keys of both types may stand side by side: a string that reads like a number is put in quotation marks. */
function keyInWords(key: Key): string {
  if (typeof key === 'number') return String(key)
  return key.startsWith('"') || String(Number(key)) === key ? JSON.stringify(key) : key
}

function digestOfCells(cells: KeyedValues['cells']): number {
  let digest = cells.length
  for (const { namespace, values } of cells) digest = mix(mix(digest, hashPlain(namespace, VALUES_SEED)), hashPlain(values, VALUES_SEED))
  return digest
}

const VALUES_SEED = 0x7a1e5

/**
 * What went into broadcast state, beside what is in keyed state. Who restores the copy of another subtask does not go on with its count.
 */
function addBroadcast(content: Writable<SnapshotContent>, entry: ListEntry | undefined, reader: number): void {
  const state = broadcastElements(entry)
  if (state === undefined) return
  const { elements, absorbed, counter, subtask } = state
  content.absorbed = [...(content.absorbed ?? []), ...absorbed]
  content.broadcast = { counter, absorbed }
  if (elements > 0 && subtask === reader) content.counts = [...(content.counts ?? []), [counter, elements]]
}

function addOffset(offsets: [string, number][], entry: ListEntry): void {
  const { split, offset } = membersOf(entry) ?? {}
  if (typeof split === 'string' && typeof offset === 'number') offsets.push([split, offset])
}

function addCommittable(names: string[], entry: ListEntry): void {
  const { name } = membersOf(entry) ?? {}
  if (typeof name === 'string') names.push(name)
}
