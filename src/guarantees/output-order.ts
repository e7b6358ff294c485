import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import type { Finding } from './oracle.js'
import type { SinkOutput, Written } from './sink-output.js'
import { putOffBefore } from './waiting-commits.js'

/** Points whose order of sight is the order of publication. */
const ORDERED = new Set(['read_committed', 'external-store', 'log'])

/**
 * Records of one key that one sink subtask wrote in one order and a reader of one partition saw in another. Records seen twice
 * are left out: which of the two writes a sight belongs to cannot be known. So are those whose transaction was put off: Flink keeps no
 * order between a transaction that is committed at a second try and those behind it.
 */
export function reorderedOutput(output: SinkOutput): Finding[] {
  const { point } = output
  // The names of files say nothing about time: only within a file there is an order.
  const files = point.at === 'finished-files'
  if (!files && !ORDERED.has(point.at)) return []
  const newest = new Map<string, Map<string, Written>>()
  const records: RecordId[] = []
  const evidence: number[] = []
  for (let index = 0; index < point.ids.length; index++) {
    const id = point.ids[index] ?? 0
    const key = point.keys[index] ?? ''
    const written = output.written.get(id)
    if (key === '' || written === undefined || output.seen.get(id)?.times !== 1) continue
    const partition = (files ? point.transactions[index] : point.partitions[index]) ?? ''
    if (files && partition === '') continue
    const place = `${partition}/${String(written.lane.subtask)}`
    let places = newest.get(place)
    if (places === undefined) newest.set(place, (places = new Map<string, Written>()))
    const before = places.get(key)
    if (before !== undefined && written.at < before.at) {
      if (putOffBefore(output.facts.transactions, written.seq, before.seq)) continue
      records.push(id)
      evidence.push(written.seq, point.seqs[index] ?? 0)
    } else places.set(key, written)
  }
  if (records.length === 0) return []
  const message = `${String(records.length)} records of ${point.sink} are visible (${point.at}) after later ones of their key and subtask`
  return [{ anomaly: 'reordered-in-key', rule: 'output-order', message, records, evidence: inOrder(evidence) }]
}
