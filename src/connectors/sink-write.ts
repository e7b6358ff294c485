import type { Where } from '../history/index.js'
import type { OperatorContext } from '../engine/operator.js'
import type { StreamRecord } from '../engine/record.js'
import { shownContent } from '../systems/index.js'

/** Records that a writer took a record, into a transaction if it has them. Literals without spreads: this runs for every record. */
export function recordSinkWrite(context: OperatorContext, where: Where, record: StreamRecord, transaction?: string): void {
  if (context.record === undefined) return
  const { id } = record
  const { vertex, subtask, attempt } = where
  const content = shownContent(record.value)
  const { key, count, digest } = content
  if (key === undefined || count === undefined || digest !== undefined) {
    context.record({ kind: 'sink-write', id, ...(transaction !== undefined && { transaction }), ...content, vertex, subtask, attempt })
  } else if (transaction === undefined) {
    context.record({ kind: 'sink-write', id, key, count, vertex, subtask, attempt, seq: 0, t: 0 })
  } else {
    context.record({ kind: 'sink-write', id, transaction, key, count, vertex, subtask, attempt, seq: 0, t: 0 })
  }
}
