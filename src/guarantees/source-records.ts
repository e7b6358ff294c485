import type { RecordId } from '../history/index.js'
import type { EmittedLog } from './lane.js'
import { withCauses } from './lineage.js'
import { sourcesOf, upstreamOf } from './operator-shapes.js'
import type { RunFacts } from './run-facts.js'
import { lanesOf, type VertexLanes } from './timeline.js'

/** Source records upstream of an operator: those that were emitted, and those of which only their split's size tells. */
export interface SourceRecords {
  /** `seq` of the newest emission, whether or not it was taken back; 0 when none is known. */
  readonly ids: Map<RecordId, number>
  /** Records that a split is said to hold and whose identity nobody has seen. */
  readonly unseen: number
}

/** All records that the sources upstream of an operator took in, or should have. */
export function sourceRecords(facts: RunFacts, operator: string): SourceRecords {
  const ids = new Map<RecordId, number>()
  const sources = sourcesOf(facts.header, operator)
  for (const source of sources) {
    const { takenBack, lanes } = lanesOf(facts.timeline, source)
    collect(takenBack, ids)
    for (const lane of lanes) collect(lane.emitted, ids)
  }
  return { ids, unseen: facts.job.stopped ? 0 : addUnseen(facts, sources, ids) }
}

/** Every source emitted as many records, in the surviving timeline, as its splits are said to hold. Unknown is not all. */
export function allRead({ header, timeline, job }: RunFacts): boolean {
  if (header.splits === undefined || job.stopped) return false
  for (const { name, role } of header.operators) {
    if (role !== 'source') continue
    let missing = 0
    for (const { vertex, records } of header.splits) if (vertex === name) missing += records
    for (const lane of lanesOf(timeline, name).lanes) missing -= tookIn(lane.emitted)
    if (missing !== 0) return false
  }
  return true
}

/** Records that a source took in; copies of them are none. */
function tookIn({ splits }: EmittedLog): number {
  let records = 0
  for (const split of splits) if (split !== '') records++
  return records
}

function collect(log: EmittedLog, ids: Map<RecordId, number>): void {
  for (let at = 0; at < log.ids.length; at++) if (log.splits[at] !== '') ids.set(log.ids[at] ?? 0, log.seqs[at] ?? 0)
}

/** Recorded identities are `split:offset`, so that records never emitted have a name; elsewhere only their number is known. */
function addUnseen({ header }: RunFacts, sources: ReadonlySet<string>, ids: Map<RecordId, number>): number {
  let held = 0
  for (const { vertex, split, records } of header.splits ?? []) {
    if (!sources.has(vertex)) continue
    held += records
    if (header.origin !== 'recorded') continue
    for (let offset = 0; offset < records; offset++) addIfNew(ids, `${split}:${String(offset)}`)
  }
  return Math.max(0, held - ids.size)
}

function addIfNew(ids: Map<RecordId, number>, id: RecordId): void {
  if (!ids.has(id)) ids.set(id, 0)
}

/** What operators on the way to this one emitted for others only, or for nobody. What copies of follow is told by them. */
function sentElsewhere({ header, timeline }: RunFacts, operator: string): RecordId[] {
  const upstream = upstreamOf(header, operator)
  const elsewhere: RecordId[] = []
  for (const name of upstream) {
    for (const { emitted } of lanesOf(timeline, name).lanes) {
      for (let at = 0; at < emitted.ids.length; at++) {
        const to = emitted.to[at]
        if (to !== undefined && to.length > 0 && !to.some((other) => upstream.has(other))) elsewhere.push(emitted.ids[at] ?? 0)
      }
    }
  }
  return elsewhere
}

/** What is in the state of operators upstream of this one whose code need not make anything of it. */
function absorbedForGood(facts: RunFacts, operator: string): RecordId[] {
  return selectiveUpstream(facts, operator).flatMap((name) => lanesOf(facts.timeline, name).lanes.flatMap(({ applied }) => applied.ids))
}

function selectiveUpstream({ header }: RunFacts, operator: string): string[] {
  const upstream = upstreamOf(header, operator)
  return header.operators.flatMap(({ name, selective }) => (selective === true && upstream.has(name) ? [name] : []))
}

/** Records that ended on purpose on the way to an operator: what ends on another way is owed to this one all the same. */
function endedOnTheWay({ header, timeline }: RunFacts, operator: string): RecordId[] {
  return [...upstreamOf(header, operator)].flatMap((name) => {
    const vertex = lanesOf(timeline, name)
    return [...vertex.ended, ...endedUnderAll(vertex)]
  })
}

/** Records that ended under every key under which the operator holds them: in all the windows that they are in. */
function endedUnderAll({ lanes, endedUnder }: VertexLanes): RecordId[] {
  if (endedUnder.size === 0) return []
  const there = new Set<RecordId>()
  const elsewhere = new Set<RecordId>()
  for (const { applied } of lanes) {
    for (let at = 0; at < applied.ids.length; at++) {
      const id = applied.ids[at] ?? 0
      there.add(id)
      if (endedUnder.get(id)?.has(applied.keys[at] ?? '') !== true) elsewhere.add(id)
    }
  }
  return [...endedUnder.keys()].filter((id) => there.has(id) && !elsewhere.has(id))
}

/** What is in an operator, with all it was made of, and what else has come to an end that asks for nothing there. */
export function accountedFor(facts: RunFacts, operator: string, there: Iterable<RecordId>): Set<RecordId> {
  const atRest = [...endedOnTheWay(facts, operator), ...sentElsewhere(facts, operator), ...absorbedForGood(facts, operator)]
  return withCauses(facts.timeline, [...there, ...atRest])
}

/**
 * What operators upstream of this one hold that must make something of all that they absorb, and have not. Where a source record also
 * came to a function that need not, nothing else tells of it. With the `seq` of the absorption.
 */
export function unusedRecords(facts: RunFacts, operator: string): Map<RecordId, number> {
  const { header, timeline } = facts
  const found = new Map<RecordId, number>()
  if (selectiveUpstream(facts, operator).length === 0) return found
  const upstream = upstreamOf(header, operator)
  const ended = new Set(endedOnTheWay(facts, operator))
  for (const { name, role, stateful, selective } of header.operators) {
    if (role !== 'operator' || stateful !== true || selective === true || !upstream.has(name)) continue
    const { lanes } = lanesOf(timeline, name)
    const used = new Set(lanes.flatMap(({ emitted }) => emitted.causes.flat()))
    for (const { applied } of lanes) {
      for (let at = 0; at < applied.ids.length; at++) {
        const id = applied.ids[at] ?? 0
        if (!used.has(id) && !ended.has(id)) found.set(id, applied.seqs[at] ?? 0)
      }
    }
  }
  return found
}

/**
 * What operators upstream of this one have put out whose code decides what comes of their records, and of which it has nothing: that the
 * records arrived there tells nothing of it. With the `seq` of each emission.
 */
export function unaccountedEmissions(facts: RunFacts, operator: string, accounted: ReadonlySet<RecordId>): Map<RecordId, number> {
  const found = new Map<RecordId, number>()
  for (const name of selectiveUpstream(facts, operator)) {
    for (const { emitted } of lanesOf(facts.timeline, name).lanes) {
      for (let at = 0; at < emitted.ids.length; at++) {
        const id = emitted.ids[at] ?? 0
        // What goes to nobody is not owed; copies of it that do are emissions of their own.
        if (emitted.to[at]?.length !== 0 && !accounted.has(id)) found.set(id, emitted.seqs[at] ?? 0)
      }
    }
  }
  return found
}

/**
 * Source records upstream of an operator of which it has nothing, that nothing ended on purpose, and that are not where code decides what
 * comes of them: lost there, if they were owed.
 */
export function unaccounted(facts: RunFacts, operator: string, accounted: ReadonlySet<RecordId>): SourceRecords {
  const { ids, unseen } = sourceRecords(facts, operator)
  return { ids: new Map([...ids].filter(([id]) => !accounted.has(id))), unseen }
}
