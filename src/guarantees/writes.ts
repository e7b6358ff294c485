import type { RecordId } from '../history/index.js'
import type { WrittenLog } from './lane.js'
import type { VertexLanes } from './timeline.js'

/** A place in a log of writes. */
export interface Write {
  readonly log: WrittenLog
  readonly at: number
}

/** All writes of a sink by record, also those that recoveries took back: what they wrote may be visible. */
export function writesOf({ lanes, withdrawn }: VertexLanes): Map<RecordId, Write[]> {
  const writes = new Map<RecordId, Write[]>()
  for (const log of [...lanes.map((lane) => lane.written), withdrawn.written]) {
    log.ids.forEach((id, at) => {
      const same = writes.get(id)
      if (same === undefined) writes.set(id, [{ log, at }])
      else same.push({ log, at })
    })
  }
  return writes
}
