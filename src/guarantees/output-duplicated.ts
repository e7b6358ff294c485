import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import { howMany } from './how-many.js'
import type { Finding } from './oracle.js'
import type { SinkOutput } from './sink-output.js'

/** Records that a reader saw more than once. */
export function duplicatedOutput(output: SinkOutput): Finding[] {
  const records: RecordId[] = []
  const evidence: number[] = []
  let superfluous = 0
  for (const [id, sight] of output.seen) {
    if (sight.times === 1) continue
    records.push(id)
    superfluous += sight.times - 1
    evidence.push(sight.first, sight.last)
  }
  if (records.length === 0) return []
  const { sink, at } = output.point
  const visible = records.length === 1 ? 'is' : 'are'
  const message = `${howMany(records.length, 'record')} of ${sink} ${visible} visible more than once (${at}), ${howMany(superfluous, 'time')} too often in all`
  return [{ anomaly: 'duplicated', rule: 'output-at-most-once', message, records, evidence: inOrder(evidence) }]
}
