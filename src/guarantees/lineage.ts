import type { RecordId } from '../history/index.js'
import type { Timeline } from './timeline.js'

/** All records that the given ones were made of, themselves included, as far as the surviving timeline tells. */
export function withCauses(timeline: Timeline, ids: Iterable<RecordId>): Set<RecordId> {
  const causes = causesOf(timeline)
  const found = new Set(ids)
  // A set that grows while it is walked is walked to its new end: causes of causes are found, too.
  if (causes.size > 0) for (const id of found) for (const cause of causes.get(id) ?? []) found.add(cause)
  return found
}

function causesOf(timeline: Timeline): Map<RecordId, readonly RecordId[]> {
  const causes = new Map<RecordId, readonly RecordId[]>()
  for (const { lanes } of timeline.vertices.values()) {
    for (const { emitted } of lanes) {
      for (let at = 0; at < emitted.causes.length; at++) causes.set(emitted.ids[at] ?? 0, emitted.causes[at] ?? [])
    }
  }
  return causes
}
