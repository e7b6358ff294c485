/**
 * What a sink's writer sends to its committer, in line with the barriers (Flink: `CommittableSummary`, `CommittableWithLineage`):
 * first how many committables of a checkpoint come from this subtask, then each of them.
 */
import { derivedIdentity, type StreamRecord, type Value } from '../record.js'
import { membersOf } from './members.js'

/** A summary announces `count` committables; the others carry one each. */
export type CommittableMessage =
  | { readonly type: 'summary'; readonly checkpoint: number; readonly subtask: number; readonly count: number }
  | { readonly type: 'committable'; readonly checkpoint: number; readonly subtask: number; readonly committable: Value }

/** The messages of one writer for one checkpoint, as records. They have no event time. */
export function committableRecords(
  checkpoint: number,
  subtask: number,
  committables: readonly Value[],
  ordinal: number,
): readonly StreamRecord[] {
  const summary: CommittableMessage = { type: 'summary', checkpoint, subtask, count: committables.length }
  const messages = committables.map((committable): CommittableMessage => ({ type: 'committable', checkpoint, subtask, committable }))
  const cause = derivedIdentity(checkpoint, ordinal, subtask)
  return [summary, ...messages].map((value, index) => ({ id: derivedIdentity(cause, ordinal, index), value, timestamp: 0 }))
}

/** Reads a message back; a committer is fed by its writer only, so anything else is a defect of the job graph. */
export function readCommittableMessage(value: Value): CommittableMessage {
  const { type, checkpoint, subtask, count, committable } = membersOf(value) ?? {}
  if (typeof checkpoint === 'number' && typeof subtask === 'number') {
    if (type === 'summary' && typeof count === 'number') return { type, checkpoint, subtask, count }
    if (type === 'committable' && committable !== undefined) return { type, checkpoint, subtask, committable }
  }
  throw new TypeError(`a committer received ${JSON.stringify(value)}, which is not a committable`)
}
