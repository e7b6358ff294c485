import type { EventOf, HistoryHeader, RecordId } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * On its way a record keeps its key and its count: what state absorbed under an identity came with the key with which the source emitted
 * it, and a sink writes it as state, or else the source, handed it on. Records that are used again while others still hold them, or a
 * channel that mixes them up, break that. What a user's function makes of them no history tells. So only a few records are judged where
 * nearly all others, some with the same key or count among them, came as they had been. Only recordings tell of what was emitted
 * and written independently of each other.
 */
export interface HandedOn {
  readonly recorded: boolean
  /** What the source and what state told of each record. */
  readonly emitted: Map<RecordId, string>
  readonly applied: Map<RecordId, Told>
  /** What came to each operator with state, and to sinks. */
  readonly arrivals: Map<string, Arrival[]>
}

interface Told {
  readonly keys: string[]
  readonly counts: number[]
  readonly seqs: number[]
}

interface Arrival {
  readonly id: RecordId
  readonly key: string | undefined
  readonly count: number | undefined
  readonly seq: number
  readonly sink: boolean
}

/** Of so many that came as they had been one may be different, so that it is no function's doing. */
const UNCHANGED_FOR_ONE = 50

/** Keys and counts are handed on as they are. */
export const handedOn: Oracle<HandedOn> = {
  name: 'handed-on',
  init: ({ origin }: HistoryHeader) => ({ recorded: origin === 'recorded', emitted: new Map(), applied: new Map(), arrivals: new Map() }),
  step: {
    'source-emit': (state, { id, key }) => {
      if (state.recorded && key !== undefined) state.emitted.set(id, key)
    },
    'state-apply': (state, event) => {
      if (state.recorded) stepApply(state, event)
    },
    'sink-write': (state, { vertex, id, key, count, seq }) => {
      if (state.recorded) arrivalsOf(state, vertex).push({ id, key, count, seq, sink: true })
    },
  },
  verdict: (state) => ruleVerdict([...state.arrivals].flatMap(([vertex, arrivals]) => changedOnTheWay(state, vertex, arrivals))),
}

function stepApply(state: HandedOn, { vertex, id, key, count, seq }: EventOf<'state-apply'>): void {
  let told = state.applied.get(id)
  if (told === undefined) state.applied.set(id, (told = { keys: [], counts: [], seqs: [] }))
  told.keys.push(key)
  told.seqs.push(seq)
  if (count !== undefined) told.counts.push(count)
  arrivalsOf(state, vertex).push({ id, key, count: undefined, seq, sink: false })
}

function arrivalsOf({ arrivals }: HandedOn, vertex: string): Arrival[] {
  let found = arrivals.get(vertex)
  if (found === undefined) arrivals.set(vertex, (found = []))
  return found
}

function changedOnTheWay(state: HandedOn, vertex: string, arrivals: readonly Arrival[]): Finding[] {
  const keys = (arrival: Arrival): readonly string[] => {
    const applied = arrival.sink ? state.applied.get(arrival.id) : undefined
    if (applied !== undefined) return applied.keys
    const key = state.emitted.get(arrival.id)
    return key === undefined ? [] : [key]
  }
  const counts = ({ id, sink }: Arrival): readonly number[] => (sink ? (state.applied.get(id)?.counts ?? []) : [])
  return [
    ...finding(
      state,
      'key-on-the-way',
      `records came to ${vertex} with another key than they had before`,
      exceptions(arrivals, (each) => each.key, keys),
    ),
    ...finding(
      state,
      'count-on-the-way',
      `records came to ${vertex} with another count than state gave them`,
      exceptions(arrivals, (each) => each.count, counts),
    ),
  ]
}

/** The few that came otherwise than they had been. */
function exceptions<V>(
  arrivals: readonly Arrival[],
  valueOf: (arrival: Arrival) => V | undefined,
  toldOf: (arrival: Arrival) => readonly V[],
): Arrival[] {
  const kept = new Set<V>()
  const changed: Arrival[] = []
  let compared = 0
  for (const arrival of arrivals) {
    const value = valueOf(arrival)
    const told = toldOf(arrival)
    if (value === undefined || told.length === 0) continue
    compared++
    if (told.includes(value)) kept.add(value)
    else changed.push(arrival)
  }
  const few = changed.length * UNCHANGED_FOR_ONE <= compared
  return few && changed.every((each) => toldOf(each).some((value) => kept.has(value))) ? changed : []
}

function finding({ applied }: HandedOn, rule: string, what: string, changed: readonly Arrival[]): Finding[] {
  if (changed.length === 0) return []
  const evidence = changed.flatMap(({ id, seq, sink }) => [...(sink ? (applied.get(id)?.seqs ?? []) : []), seq])
  return [{ ...broken(rule, `${String(changed.length)} ${what}`, evidence), records: changed.map(({ id }) => id) }]
}
