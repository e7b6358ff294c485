import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import { howMany, howManyWere } from './how-many.js'
import type { Finding } from './oracle.js'
import { owedWrites, type SinkOutput } from './sink-output.js'
import { unaccounted } from './source-records.js'

/** Records that the sink wrote, or that a source took in, and that the outside never sees although they are owed. */
export function lostOutput(output: SinkOutput): Finding[] {
  const findings: Finding[] = []
  const unpublished: RecordId[] = []
  const seqs: number[] = []
  for (const [id, written] of owedWrites(output)) {
    if (output.seen.has(id)) continue
    unpublished.push(id)
    seqs.push(written.seq)
  }
  const { sink, at } = output.point
  if (unpublished.length > 0) {
    const message = `${howManyWere(unpublished.length, 'record')} written by ${sink} and never became visible (${at})`
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: unpublished, evidence: inOrder(seqs) })
  }
  if (!output.complete) return findings
  // What was made of a source record and written is told above.
  const { ids, seqs: emitted, unseen } = unaccounted(output.facts, sink, [...output.seen.keys(), ...unpublished])
  if (ids.length > 0) {
    const message = `${howMany(ids.length, 'source record')} left no trace at ${sink} (${at})`
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: ids, evidence: inOrder(emitted) })
  }
  if (unseen > 0) {
    const message = `${howMany(unseen, 'record')} of the splits ${unseen === 1 ? 'was' : 'were'} never emitted in the timeline that survived`
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: [], count: unseen, evidence: [] })
  }
  return findings
}
