import type { RecordId } from '../history/index.js'
import type { Finding } from './oracle.js'
import type { SinkOutput } from './sink-output.js'

/**
 * Visible records that the surviving timeline did not write: output of an attempt whose work was taken back, as a reader of
 * uncommitted data sees it, or as a commit publishes it that should not have happened.
 */
export function phantomOutput(output: SinkOutput): Finding[] {
  const { point, sink } = output
  if (!sink.lanes.some((lane) => lane.attempt >= 0)) return []
  const records: RecordId[] = []
  const evidence: number[] = []
  for (const [id, sight] of output.seen) {
    if (output.written.has(id)) continue
    records.push(id)
    evidence.push(sight.first)
  }
  if (records.length === 0) return []
  const message = `${String(records.length)} records are visible (${point.at}) that ${point.sink} did not write in the timeline that survived`
  return [{ anomaly: 'phantom', rule: 'output-exactly-once', message, records, evidence }]
}
