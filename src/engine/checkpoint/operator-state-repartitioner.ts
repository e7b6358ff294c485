/**
 * How operator list state is dealt out anew when the parallelism has changed (Flink: `RoundRobinOperatorStateRepartitioner`). It is
 * decided by the names, modes and lengths of lists alone; nobody reads their content.
 */
import type { Redistribution } from '../operator.js'

/** What a handle tells of a list: how it is dealt out, and how many entries it has (Flink: `OperatorStateHandle.StateMetaInfo`). */
export interface ListMeta {
  readonly name: string
  readonly mode: Redistribution
  readonly entries: number
}

/** Entries of one list of one former subtask: from `start` up to, and without, `end`. */
export interface ListSlice {
  /** The former subtask. */
  readonly from: number
  readonly name: string
  readonly start: number
  readonly end: number
}

/** A list of a former subtask. */
interface OldList {
  readonly from: number
  readonly entries: number
}

/**
 * What each new subtask gets, in the order of the former ones.
 * @param lists by former subtask
 * @param parallelism the new one
 */
export function repartition(lists: readonly (readonly ListMeta[])[], parallelism: number): readonly (readonly ListSlice[])[] {
  const assigned = Array.from({ length: parallelism }, (): ListSlice[] => [])
  let first = 0
  for (const { name, mode, old } of byName(lists)) {
    if (mode === 'SPLIT') first = split(assigned, name, old, first)
    else if (mode === 'UNION') for (const slices of assigned) slices.push(...old.map((list) => whole(name, list)))
    else broadcast(assigned, name, old)
  }
  return assigned
}

function byName(lists: readonly (readonly ListMeta[])[]) {
  const named = new Map<string, { readonly name: string; readonly mode: Redistribution; readonly old: OldList[] }>()
  for (const [from, ofSubtask] of lists.entries()) {
    for (const { name, mode, entries } of ofSubtask) {
      const found = named.get(name) ?? { name, mode, old: [] }
      named.set(name, found)
      found.old.push({ from, entries })
    }
  }
  return named.values()
}

function whole(name: string, { from, entries }: OldList): ListSlice {
  return { from, name, start: 0, end: entries }
}

/**
 * All entries in their old order, dealt in runs as equal as can be; who gets the odd ones goes round, so that the states of several names
 * do not load the same subtask. Returns whose turn it is next.
 */
function split(assigned: readonly ListSlice[][], name: string, old: readonly OldList[], first: number): number {
  const parallelism = assigned.length
  const total = old.reduce((sum, { entries }) => sum + entries, 0)
  const odd = total % parallelism
  let position = 0
  for (let turn = 0; turn < parallelism; turn++) {
    const run = Math.floor(total / parallelism) + (turn < odd ? 1 : 0)
    assigned[(first + turn) % parallelism]?.push(...slicesOf(name, old, position, position + run))
    position += run
  }
  return (first + odd) % parallelism
}

/** The entries from `start` up to `end` of all old lists, one behind the other. */
function slicesOf(name: string, old: readonly OldList[], start: number, end: number): ListSlice[] {
  const slices: ListSlice[] = []
  let before = 0
  for (const { from, entries } of old) {
    const slice = { from, name, start: Math.max(0, start - before), end: Math.min(entries, end - before) }
    if (slice.start < slice.end) slices.push(slice)
    before += entries
  }
  return slices
}

/** Everyone has had the same: one copy is as good as another. */
function broadcast(assigned: readonly ListSlice[][], name: string, old: readonly OldList[]): void {
  for (const [subtask, slices] of assigned.entries()) {
    const copy = old[subtask % old.length]
    if (copy !== undefined) slices.push(whole(name, copy))
  }
}
