import type { HistoryEvent, ObservationPoint, RecordId } from './event.js'
import type { HistoryHeader } from './header.js'
import { type FinalCounts, createFinalCounts, largestError, stepFinalCounts } from './final-counts.js'

/** What one reader saw: how many records, how many different ones, the rest, and how many of the input it never saw. */
export interface OutputCounts {
  readonly records: number
  readonly distinct: number
  readonly duplicated: number
  readonly lost: number
}

/** How much of everything happened in a history, over all its jobs and attempts. */
export interface HistoryCounts {
  /** Records that sources handed to the network, replays included. */
  readonly emitted: number
  /** Records that operators took in, replays included. */
  readonly processed: number
  /** Records handed to sinks, replays included. */
  readonly written: number
  /** Records that the outside sees; where several readers looked, what the most careful one sees. */
  readonly visible: number
  readonly duplicated: number
  readonly lost: number
  /** Largest error of a key's final count against the different records that have this key. */
  readonly keyedStateMaxError: number
  readonly checkpointsCompleted: number
  readonly readCommitted?: OutputCounts
  readonly readUncommitted?: OutputCounts
}

/** A count in the making; plain data. */
export interface CountsState {
  readonly header: HistoryHeader
  emitted: number
  processed: number
  written: number
  checkpointsCompleted: number
  /** Different source records, per split (`vertex/split`). */
  readonly input: Map<string, Set<RecordId>>
  /** What records with an identity of their own were made of. */
  readonly causes: Map<RecordId, readonly RecordId[]>
  readonly ended: Set<RecordId>
  /** Times each record was seen, per observation point and sink. */
  readonly seen: Map<ObservationPoint, Map<string, Map<RecordId, number>>>
  readonly finalCounts: FinalCounts
}

/** Nothing counted yet. */
export function createCounts(header: HistoryHeader): CountsState {
  return {
    header,
    emitted: 0,
    processed: 0,
    written: 0,
    checkpointsCompleted: 0,
    input: new Map(),
    causes: new Map(),
    ended: new Set(),
    seen: new Map(),
    finalCounts: createFinalCounts(),
  }
}

/** Takes one event in. */
export function stepCounts(state: CountsState, event: HistoryEvent): void {
  stepFinalCounts(state.finalCounts, event)
  switch (event.kind) {
    case 'source-emit':
      state.emitted++
      entry(state.input, `${event.vertex}/${event.split}`, newSet).add(event.id)
      return
    case 'emit':
      state.causes.set(event.id, event.causes)
      return
    case 'state-apply':
    case 'process':
      state.processed++
      return
    case 'record-ended':
      state.ended.add(event.id)
      return
    case 'sink-write':
      state.written++
      return
    case 'checkpoint-completed':
      state.checkpointsCompleted++
      return
    case 'visible': {
      const times = entry(entry(state.seen, event.at, newSinks), event.vertex, newTimes)
      times.set(event.id, (times.get(event.id) ?? 0) + 1)
      return
    }
    default:
  }
}

/** The numbers so far. */
export function countsSoFar(state: CountsState): HistoryCounts {
  const committed = state.seen.has('read_committed') || observes(state.header, 'read_committed')
  const uncommitted = state.seen.has('read_uncommitted') || observes(state.header, 'read_uncommitted')
  const careful: readonly ObservationPoint[] = committed ? ['read_committed'] : [...state.seen.keys()]
  const { records, duplicated, lost } = outputOf(state, careful)
  return {
    emitted: state.emitted,
    processed: state.processed,
    written: state.written,
    visible: records,
    duplicated,
    lost,
    keyedStateMaxError: largestError(state.finalCounts),
    checkpointsCompleted: state.checkpointsCompleted,
    ...(committed ? { readCommitted: outputOf(state, ['read_committed']) } : {}),
    ...(uncommitted ? { readUncommitted: outputOf(state, ['read_uncommitted']) } : {}),
  }
}

/** Counts a whole history. */
export function countHistory(header: HistoryHeader, events: Iterable<HistoryEvent>): HistoryCounts {
  const state = createCounts(header)
  for (const event of events) stepCounts(state, event)
  return countsSoFar(state)
}

function observes(header: HistoryHeader, at: ObservationPoint): boolean {
  return header.operators.some((operator) => operator.observed?.includes(at) === true)
}

function outputOf(state: CountsState, points: readonly ObservationPoint[]): OutputCounts {
  let records = 0
  let distinct = 0
  const accounted = new Set<RecordId>(state.ended)
  for (const at of points) {
    for (const times of (state.seen.get(at) ?? new Map<string, Map<RecordId, number>>()).values()) {
      distinct += times.size
      for (const [id, number] of times) {
        records += number
        accounted.add(id)
      }
    }
  }
  return { records, distinct, duplicated: records - distinct, lost: lostOf(state, withCauses(state, accounted)) }
}

/** Input of which nothing is seen. Where the header tells how much a split holds, what was never emitted belongs to it, too. */
function lostOf(state: CountsState, accounted: ReadonlySet<RecordId>): number {
  let lost = 0
  for (const ids of state.input.values()) {
    for (const id of ids) if (!accounted.has(id)) lost++
  }
  for (const { vertex, split, records } of state.header.splits ?? []) {
    lost += Math.max(0, records - (state.input.get(`${vertex}/${split}`)?.size ?? 0))
  }
  return lost
}

function withCauses(state: CountsState, ids: ReadonlySet<RecordId>): ReadonlySet<RecordId> {
  if (state.causes.size === 0) return ids
  const found = new Set(ids)
  // A set that grows while it is walked is walked to its new end: causes of causes are found, too.
  for (const id of found) for (const cause of state.causes.get(id) ?? []) found.add(cause)
  return found
}

const newSet = (): Set<RecordId> => new Set()
const newTimes = (): Map<RecordId, number> => new Map()
const newSinks = (): Map<string, Map<RecordId, number>> => new Map()

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
