/** What an event of a history is about, and where it happened. */
import type { HistoryEvent } from '../history/index.js'

/** The checkpoint that it names, if it names one. */
export function checkpointOf(event: HistoryEvent): number[] {
  return 'checkpoint' in event && event.checkpoint !== undefined ? [event.checkpoint] : []
}

/** The subtask in which it happened, as `vertex/subtask`; empty where it is none of a subtask. */
export function placeOf(event: HistoryEvent): string {
  return 'vertex' in event && 'subtask' in event ? `${event.vertex}/${String(event.subtask)}` : ''
}
