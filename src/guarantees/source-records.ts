import type { RecordId } from '../history/index.js'
import type { EmittedLog } from './lane.js'
import { withCauses } from './lineage.js'
import { sourcesOf, upstreamOf } from './operator-shapes.js'
import type { RunFacts } from './run-facts.js'
import { lanesOf } from './timeline.js'

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

/** What was emitted for operators only from which no way leads to this one. */
function sentElsewhere({ header, timeline }: RunFacts, operator: string): RecordId[] {
  const upstream = upstreamOf(header, operator)
  const elsewhere: RecordId[] = []
  for (const { lanes } of timeline.vertices.values()) {
    for (const { emitted } of lanes) {
      for (let at = 0; at < emitted.ids.length; at++) {
        const to = emitted.to[at]
        if (to !== undefined && to.length > 0 && !to.some((name) => upstream.has(name))) elsewhere.push(emitted.ids[at] ?? 0)
      }
    }
  }
  return elsewhere
}

/** What is in the state of operators upstream of this one whose code need not make anything of it. */
function absorbedForGood({ header, timeline }: RunFacts, operator: string): RecordId[] {
  const upstream = upstreamOf(header, operator)
  const selective = header.operators.filter((each) => each.selective === true && upstream.has(each.name))
  return selective.flatMap(({ name }) => lanesOf(timeline, name).lanes.flatMap(({ applied }) => applied.ids))
}

/**
 * Source records upstream of an operator of which it has nothing, that nothing ended on purpose, and that are not where code decides what
 * comes of them: lost there, if they were owed.
 */
export function unaccounted(
  facts: RunFacts,
  operator: string,
  there: Iterable<RecordId>,
): { ids: RecordId[]; seqs: number[]; unseen: number } {
  const accounted = withCauses(facts.timeline, [
    ...there,
    ...facts.timeline.ended,
    ...sentElsewhere(facts, operator),
    ...absorbedForGood(facts, operator),
  ])
  const { ids: records, unseen } = sourceRecords(facts, operator)
  const ids: RecordId[] = []
  const seqs: number[] = []
  for (const [id, seq] of records) {
    if (accounted.has(id)) continue
    ids.push(id)
    if (seq > 0) seqs.push(seq)
  }
  return { ids, seqs, unseen }
}
