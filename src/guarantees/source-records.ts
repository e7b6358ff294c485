import type { RecordId } from '../history/index.js'
import type { EmittedLog } from './lane.js'
import { withCauses } from './lineage.js'
import { sourcesOf } from './operator-shapes.js'
import type { RunFacts } from './run-facts.js'
import { lanesOf } from './timeline.js'

/** Source records upstream of an operator: those that were emitted, and those of which only their split's size tells. */
export interface SourceRecords {
  /** `seq` of the newest emission that counts; 0 when it was taken back or never happened. */
  readonly ids: Map<RecordId, number>
  /** Records that a split is said to hold and whose identity nobody has seen. */
  readonly unseen: number
}

/** All records that the sources upstream of an operator took in, or should have. */
export function sourceRecords(facts: RunFacts, operator: string): SourceRecords {
  const ids = new Map<RecordId, number>()
  const offsets = new Map<string, Set<number>>()
  const sources = sourcesOf(facts.header, operator)
  for (const source of sources) {
    const { takenBack, lanes } = lanesOf(facts.timeline, source)
    collect(source, takenBack, ids, offsets, false)
    for (const lane of lanes) collect(source, lane.emitted, ids, offsets, true)
  }
  return { ids, unseen: facts.job.stopped ? 0 : addUnseen(facts, sources, ids, offsets) }
}

/** Every source emitted as many records, in the surviving timeline, as its splits are said to hold. Unknown is not all. */
export function allRead({ header, timeline, job }: RunFacts): boolean {
  if (header.splits === undefined || job.stopped) return false
  for (const { name, role } of header.operators) {
    if (role !== 'source') continue
    let missing = 0
    for (const { vertex, records } of header.splits) if (vertex === name) missing += records
    for (const lane of lanesOf(timeline, name).lanes) missing -= lane.out.n
    if (missing !== 0) return false
  }
  return true
}

function collect(source: string, log: EmittedLog, ids: Map<RecordId, number>, offsets: Map<string, Set<number>>, counts: boolean): void {
  let split = ''
  let seen: Set<number> | undefined
  for (let at = 0; at < log.ids.length; at++) {
    ids.set(log.ids[at] ?? 0, counts ? (log.seqs[at] ?? 0) : 0)
    const next = log.splits[at] ?? ''
    if (seen === undefined || next !== split) {
      split = next
      const name = `${source}/${split}`
      seen = offsets.get(name) ?? new Set()
      offsets.set(name, seen)
    }
    seen.add(log.offsets[at] ?? 0)
  }
}

/** Recorded identities are `split:offset`, so that records never emitted have a name; elsewhere only their number is known. */
function addUnseen(
  facts: RunFacts,
  sources: ReadonlySet<string>,
  ids: Map<RecordId, number>,
  offsets: ReadonlyMap<string, ReadonlySet<number>>,
): number {
  let unseen = 0
  for (const { vertex, split, records } of facts.header.splits ?? []) {
    if (!sources.has(vertex)) continue
    if (facts.header.origin !== 'recorded') unseen += Math.max(0, records - (offsets.get(`${vertex}/${split}`)?.size ?? 0))
    else for (let offset = 0; offset < records; offset++) addIfNew(ids, `${split}:${String(offset)}`)
  }
  return unseen
}

function addIfNew(ids: Map<RecordId, number>, id: RecordId): void {
  if (!ids.has(id)) ids.set(id, 0)
}

/** Source records upstream of an operator of which it has nothing and nothing ended on purpose: lost there, if they were owed. */
export function unaccounted(
  facts: RunFacts,
  operator: string,
  there: Iterable<RecordId>,
): { ids: RecordId[]; seqs: number[]; unseen: number } {
  const accounted = withCauses(facts.timeline, [...there, ...facts.timeline.ended])
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
