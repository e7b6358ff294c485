/**
 * Keyed state on the heap with copy-on-write snapshots (Flink: `HeapKeyedStateBackend`, `CopyOnWriteStateMap`).
 *
 * A snapshot is a *view*: its synchronous part notes which keys exist, its asynchronous part writes them out piece by piece while
 * records go on changing the table. Whoever changes an entry first puts the old one aside for every view that has not written it.
 */
import type { Key, Value } from '../record.js'

/** Values of one namespace (a window, or 0) of one key. Never changed while a snapshot is being written: a copy takes its place. */
export interface Cell {
  readonly namespace: number
  readonly values: Record<string, Value>
  /** Identities absorbed; only the first `absorbedCount` belong to this cell (the array is shared with newer ones, which append). */
  readonly absorbed: number[]
  absorbedCount: number
}

/**
 * Namespace of what is kept with a key for the identities of records, and is no state of the job. Flink does not hold it: it has no size,
 * and to write it takes no time. No window begins there.
 */
export const NOTES = Number.MIN_SAFE_INTEGER + 1

/** Cells of one key, sorted by namespace. */
export type KeyEntry = readonly Cell[]

/** An event-time timer. */
export interface KeyTimer {
  readonly timestamp: number
  readonly key: Key
  readonly namespace: number
  /** Which firing of this key's timer at this time it is: 0 for the first. What comes of each is told apart by it. */
  readonly firing: number
}

export interface HeapKeyedState {
  readonly table: Map<Key, KeyEntry>
  /** Sorted by (timestamp, key, namespace). */
  timers: readonly KeyTimer[]
  views: SnapshotView[]
}

/** A snapshot that is being written out. */
export interface SnapshotView {
  readonly checkpoint: number
  readonly keys: readonly Key[]
  /** Keys before this index are written. */
  position: number
  /** Entries as they were at the synchronous part, for keys changed since and not yet written. */
  readonly saved: Map<Key, KeyEntry>
  readonly timers: readonly KeyTimer[]
  readonly written: WrittenEntry[]
}

/** One key as it is written to a state handle; all of it is the handle's own. */
export interface WrittenEntry {
  readonly key: Key
  readonly cells: readonly {
    readonly namespace: number
    readonly values: Readonly<Record<string, Value>>
    readonly absorbed: readonly number[]
  }[]
}

/** Keyed state of one operator subtask in a checkpoint. */
export interface KeyedSnapshot {
  readonly entries: readonly WrittenEntry[]
  readonly timers: readonly KeyTimer[]
}

/** Keyed state with what was restored; empty without. */
export function openKeyedState({ entries, timers }: KeyedSnapshot = { entries: [], timers: [] }): HeapKeyedState {
  const table = new Map<Key, KeyEntry>()
  for (const { key, cells } of entries) {
    table.set(
      key,
      cells.map(({ namespace, values, absorbed }) => ({
        namespace,
        values: copyValues(values),
        absorbed: [...absorbed],
        absorbedCount: absorbed.length,
      })),
    )
  }
  return { table, timers, views: [] }
}

/** What it holds now, sorted by key. */
export function entriesNow({ table }: HeapKeyedState): { readonly key: Key; readonly cells: KeyEntry }[] {
  const keys = [...table.keys()].sort(compareKeys)
  return keys.map((key) => ({ key, cells: table.get(key) ?? [] }))
}

/** What it holds now, as a snapshot would. */
export function contentNow(state: HeapKeyedState): KeyedSnapshot {
  return { entries: entriesNow(state).map(({ key, cells }) => ({ key, cells: cells.map(writeCell) })), timers: state.timers }
}

/** Puts a key's entry in place; the one it replaces stays visible to the snapshots that still need it. */
export function putEntry(state: HeapKeyedState, key: Key, entry: KeyEntry): void {
  for (const view of state.views) {
    const old = state.table.get(key)
    if (old !== undefined && !view.saved.has(key)) view.saved.set(key, old)
  }
  if (entry.length > 0) state.table.set(key, entry)
  else state.table.delete(key)
}

/** The synchronous part: a view of everything there is now. */
export function takeView(state: HeapKeyedState, checkpoint: number): void {
  const keys = [...state.table.keys()].sort(compareKeys)
  state.views.push({ checkpoint, keys, position: 0, saved: new Map(), timers: state.timers, written: [] })
}

/** One piece of the asynchronous part: writes out up to `keys` keys of the view that hold state; true when it is through. */
export function writePiece(state: HeapKeyedState, view: SnapshotView, keys: number): boolean {
  for (let written = 0; view.position < view.keys.length; view.position++) {
    const key = view.keys[view.position]
    const entry = key === undefined ? undefined : (view.saved.get(key) ?? state.table.get(key))
    if (key === undefined || entry === undefined) continue
    if (holdsState(entry) && written++ === keys) return false
    view.written.push({ key, cells: entry.map(writeCell) })
  }
  return true
}

/** Whether a key holds anything but notes. */
export function holdsState(cells: readonly { readonly namespace: number }[]): boolean {
  return cells.length > 1 || cells[0]?.namespace !== NOTES
}

function writeCell(cell: Cell): WrittenEntry['cells'][number] {
  return { namespace: cell.namespace, values: copyValues(cell.values), absorbed: cell.absorbed.slice(0, cell.absorbedCount) }
}

/**
 * Name by name: copies of copies that are spread have several hidden classes, and every record reads one (see "Speed" in docs/world.md).
 */
export function copyValues(values: Readonly<Record<string, Value>>): Record<string, Value> {
  const copy: Record<string, Value> = {}
  for (const [name, value] of Object.entries(values)) copy[name] = value
  return copy
}

/** Ends a view: its snapshot was written, or was given up. */
export function releaseView(state: HeapKeyedState, checkpoint: number): void {
  state.views = state.views.filter((view) => view.checkpoint !== checkpoint)
}

/** Total order of keys, independent of locale: numbers first, then strings by code unit. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** Order in which timers fire: by time, then key, then namespace. */
export function compareTimers(a: KeyTimer, b: KeyTimer): number {
  return a.timestamp - b.timestamp || compareKeys(a.key, b.key) || a.namespace - b.namespace
}
