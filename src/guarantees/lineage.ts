import type { HistoryEvent, RecordId } from '../history/index.js'

/** Where records came from, and which of them ended legitimately. An identity has the same causes in every attempt. */
export interface Lineage {
  readonly causes: Map<RecordId, readonly RecordId[]>
  /** Records whose path ended on purpose: filtered, late, a window still open at the end, unmatched in a join. */
  readonly ended: Set<RecordId>
}

/** A lineage before the first event. */
export function createLineage(): Lineage {
  return { causes: new Map(), ended: new Set() }
}

/** Takes one event in. */
export function stepLineage(lineage: Lineage, event: HistoryEvent): void {
  if (event.kind === 'emit') lineage.causes.set(event.id, event.causes)
  else if (event.kind === 'record-ended') lineage.ended.add(event.id)
}

/** All records that the given ones were made of, themselves included. */
export function withCauses(lineage: Lineage, ids: Iterable<RecordId>): Set<RecordId> {
  const found = new Set<RecordId>()
  for (const id of ids) collect(lineage, id, found)
  return found
}

function collect(lineage: Lineage, id: RecordId, found: Set<RecordId>): void {
  if (found.has(id)) return
  found.add(id)
  const causes = lineage.causes.get(id)
  if (causes !== undefined) for (const cause of causes) collect(lineage, cause, found)
}
