import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import type { Finding } from './oracle.js'
import type { SinkOutput } from './sink-output.js'

/**
 * Visible records that the surviving timeline did not write: output of an attempt whose work was taken back, as a reader of
 * uncommitted data sees it, or as a commit publishes it that should not have happened. A record that comes again after the recovery
 * is a phantom, too, when it is seen more often than there are transactions with it that were not aborted.
 */
export function phantomOutput(output: SinkOutput): Finding[] {
  const { point, sink } = output
  if (!sink.lanes.some((lane) => lane.attempt >= 0)) return []
  const uses = transactionalUses(output)
  const records: RecordId[] = []
  const evidence: number[] = []
  for (const [id, sight] of output.seen) {
    const use = uses.get(id)
    const ofAborted = use !== undefined && use.aborted > 0 && sight.times > use.standing
    if (output.written.has(id) && !ofAborted) continue
    records.push(id)
    evidence.push(sight.first)
  }
  if (records.length === 0) return []
  const message = `${String(records.length)} records of ${point.sink} are visible (${point.at}) from a timeline that was taken back`
  return [{ anomaly: 'phantom', rule: 'output-exactly-once', message, records, evidence: inOrder(evidence) }]
}

/** In how many transactions each record was written that were aborted, and in how many that were not. */
function transactionalUses({ facts, point }: SinkOutput): Map<RecordId, { aborted: number; standing: number }> {
  const uses = new Map<RecordId, { aborted: number; standing: number }>()
  for (const transaction of facts.transactions.all) {
    if (transaction.vertex !== point.sink) continue
    for (const id of transaction.ids) {
      let use = uses.get(id)
      if (use === undefined) uses.set(id, (use = { aborted: 0, standing: 0 }))
      if (transaction.aborted > 0) use.aborted++
      else use.standing++
    }
  }
  return uses
}
