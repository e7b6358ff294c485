import type { HistoryFact } from '../history/index.js'

/**
 * Adding a checkpoint to the store may end in an unknown way: the coordinator then reports it aborted, although it may be in the
 * store, or come there later, and a later JobManager may restore it (`PossibleInconsistentStateException`). Nobody is told that it
 * completed.
 */
export function leavesFateUnknown(event: HistoryFact): boolean {
  return event.kind === 'checkpoint-aborted' && event.reason.startsWith('POSSIBLE_INCONSISTENT_STATE')
}
