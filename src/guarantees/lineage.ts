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

/**
 * An identity may be emitted twice and both times count: in at-least-once mode a window that has fired comes again, of the records that
 * were read again. Then it is made of both.
 */
function causesOf(timeline: Timeline): Map<RecordId, readonly RecordId[]> {
  const causes = new Map<RecordId, readonly RecordId[]>()
  for (const { lanes } of timeline.vertices.values()) {
    for (const { emitted } of lanes) {
      for (let at = 0; at < emitted.causes.length; at++) {
        const id = emitted.ids[at] ?? 0
        const before = causes.get(id)
        const made = emitted.causes[at] ?? []
        causes.set(id, before === undefined ? made : [...before, ...made])
      }
    }
  }
  return causes
}
