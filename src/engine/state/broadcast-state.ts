/**
 * Broadcast state: maps of which every subtask keeps the whole (Flink: `HeapBroadcastState`, list state of mode BROADCAST). Every
 * subtask puts all of it into a snapshot. Nothing says that two subtasks take the elements in in the same order: where several of them
 * touch one key, what the state becomes must not depend on it.
 */
import { copyPlain, UserCodeError } from '../../world/index.js'
import type { ListEntry, OperatorContext, OperatorState } from '../operator.js'
import type { Key, Value } from '../record.js'
import { membersOf, listOf } from '../operators/members.js'
import type { GivenObjects } from './given-objects.js'
import { compareKeys } from './heap-keyed-state.js'

/** Names a map of broadcast state (Flink: `MapStateDescriptor`). */
export interface MapStateDescriptor {
  readonly name: string
}

/** A descriptor; two with the same name are the same state. */
export function mapStateDescriptor(name: string): MapStateDescriptor {
  return { name }
}

/** One entry of a map. */
export interface MapEntry {
  readonly key: Key
  readonly value: Value
}

/** The broadcast state of one subtask. What it holds is replaced, never changed, because snapshots hold on to it. */
export interface OperatorBroadcastState {
  /** Maps by name; entries sorted by key. */
  readonly maps: Map<string, readonly MapEntry[]>
  /** Identities of the elements that went into the maps, sorted; each subtask of several gets copies with identities of their own. */
  absorbed: readonly number[]
  /** How often an element was taken in: more than there are `absorbed` when a replay brings one again. */
  elements: number
  /** Under which key the history counts them. */
  readonly counter: string
  /** Whose state it is. */
  readonly subtask: number
}

/** List state that tells which elements a snapshot's maps hold; its one entry is `{ elements, absorbed, counter, subtask }`. */
export const BROADCAST_ELEMENTS = 'broadcast-elements'

/**
 * State under these descriptors, as it was in the snapshot; without one the maps are empty. A subtask that is given the copy of another
 * one counts anew, under a name that no other has: both may go on from that copy.
 */
export function openBroadcastState(
  names: readonly string[],
  restored: OperatorState | undefined,
  { subtask, restored: checkpoint = 0 }: Pick<OperatorContext, 'subtask' | 'restored'>,
): OperatorBroadcastState {
  const entriesOf = (name: string): readonly ListEntry[] => restored?.lists.find((list) => list.name === name)?.entries ?? []
  const entry = entriesOf(BROADCAST_ELEMENTS)[0]
  const { absorbed, elements, counter } = broadcastElements(entry) ?? { absorbed: [], elements: 0, counter: broadcastStateKey(subtask) }
  const counted = entry === undefined || broadcastElements(entry)?.subtask === subtask
  return {
    maps: new Map(names.map((name) => [name, entriesOf(name).flatMap(mapEntry)])),
    absorbed,
    elements: counted ? elements : 0,
    counter: counted ? counter : `${broadcastStateKey(subtask)} since checkpoint ${String(checkpoint)}`,
    subtask,
  }
}

/** Which elements the maps of a snapshot hold, from the entry of `BROADCAST_ELEMENTS`. */
export function broadcastElements(entry: ListEntry | undefined): Omit<OperatorBroadcastState, 'maps'> | undefined {
  const { elements, absorbed, counter, subtask } = membersOf(entry ?? null) ?? {}
  if (typeof elements !== 'number' || typeof counter !== 'string' || typeof subtask !== 'number') return undefined
  return { elements, absorbed: listOf(absorbed).filter((id) => typeof id === 'number'), counter, subtask }
}

function mapEntry(entry: ListEntry): MapEntry[] {
  const { key, value } = membersOf(entry) ?? {}
  return (typeof key === 'number' || typeof key === 'string') && value !== undefined ? [{ key, value }] : []
}

/** What goes into a checkpoint: the whole of it, at every subtask. */
export function snapshotBroadcastState({ maps, absorbed, elements, counter, subtask }: OperatorBroadcastState): OperatorState {
  const lists = [...maps].map(([name, entries]) => ({
    name,
    mode: 'BROADCAST' as const,
    entries: entries.map(({ key, value }): ListEntry => ({ key, value })),
  }))
  return { lists: [...lists, { name: BROADCAST_ELEMENTS, mode: 'BROADCAST', entries: [{ elements, absorbed, counter, subtask }] }] }
}

/** Notes that an element goes into the state; false when it had before. */
export function absorbElement(state: OperatorBroadcastState, id: number): boolean {
  state.elements++
  if (state.absorbed.includes(id)) return false
  state.absorbed = [...state.absorbed, id].sort((a, b) => a - b)
  return true
}

/** Under which key the history counts the elements that a subtask has taken in since the beginning. */
function broadcastStateKey(subtask: number): string {
  return `broadcast state ${String(subtask)}`
}

/** A map of broadcast state as the side that is not broadcast sees it (Flink: `ReadOnlyBroadcastState`). */
export interface ReadOnlyBroadcastState {
  get(key: Key): Value | undefined
  contains(key: Key): boolean
  /** All entries, sorted by key. */
  immutableEntries(): readonly MapEntry[]
}

/** A map as the broadcast side sees it (Flink: `BroadcastState`). Only here may it be changed: every subtask sees the same elements. */
export interface BroadcastState extends ReadOnlyBroadcastState {
  put(key: Key, value: Value): void
  remove(key: Key): void
  clear(): void
}

/**
 * One map of a subtask's broadcast state, in one call of user code. Throws a `UserCodeError` for a descriptor that the stream was not
 * broadcast with.
 */
export class BroadcastMap implements BroadcastState {
  constructor(
    private readonly state: OperatorBroadcastState,
    private readonly name: string,
    private readonly given: GivenObjects,
    vertex: string,
  ) {
    if (!state.maps.has(name)) {
      const known = [...state.maps.keys()].join(', ')
      throw new UserCodeError(`${vertex}: there is no broadcast state "${name}"; name it in the call of broadcast(), which has ${known}`)
    }
  }

  /**
   * User code may change in place what it gets, and other subtasks, snapshots and the restored checkpoint share it: an object is a copy
   * that has taken its place, the same one as long as the call lasts. (Flink: elements are serialized on their way, and a snapshot begins
   * with `HeapBroadcastState.deepCopy`.)
   */
  get(key: Key): Value | undefined {
    const value = this.entries.find((entry) => entry.key === key)?.value
    if (value === undefined) return undefined
    const own = this.given.own(value)
    if (own === value) return value
    this.state.maps.set(
      this.name,
      this.entries.map((entry) => (entry.key === key ? { key, value: own } : entry)),
    )
    return own
  }

  contains(key: Key): boolean {
    return this.entries.some((entry) => entry.key === key)
  }

  immutableEntries(): readonly MapEntry[] {
    return copyPlain(this.entries)
  }

  private get entries(): readonly MapEntry[] {
    return this.state.maps.get(this.name) ?? []
  }

  put(key: Key, value: Value): void {
    const others = this.entries.filter((entry) => entry.key !== key)
    this.state.maps.set(
      this.name,
      [...others, { key, value }].sort((a, b) => compareKeys(a.key, b.key)),
    )
  }

  remove(key: Key): void {
    this.state.maps.set(
      this.name,
      this.entries.filter((entry) => entry.key !== key),
    )
  }

  clear(): void {
    this.state.maps.set(this.name, [])
  }
}
