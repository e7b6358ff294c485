import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import { flowsOf, missingRecords } from './flow.js'
import { howMany, howManyWere } from './how-many.js'
import { upstreamOf } from './operator-shapes.js'
import type { Finding } from './oracle.js'
import { owedWrites, type SinkOutput } from './sink-output.js'
import { unaccounted, unaccountedEmissions, unusedRecords } from './source-records.js'

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
  const onTheWay = lostOnTheWay(output)
  findings.push(...onTheWay)
  // What was made of a source record and written, or lost on the way, is told above.
  const told = [...unpublished, ...onTheWay.flatMap(({ records }) => records)]
  const unused = unusedRecords(output.facts, sink)
  if (unused.size > 0) {
    const message = `${howManyWere(unused.size, 'record')} absorbed on the way to ${sink} and nothing came of ${unused.size === 1 ? 'it' : 'them'} (${at})`
    findings.push({
      anomaly: 'lost',
      rule: 'output-at-least-once',
      message,
      records: [...unused.keys()],
      evidence: inOrder([...unused.values()]),
    })
  }
  const there = [...output.seen.keys(), ...told, ...unused.keys()]
  const emissions = unaccountedEmissions(output.facts, sink, there)
  if (emissions.size > 0) {
    const message = `${howMany(emissions.size, 'record')} that functions put out left no trace at ${sink} (${at})`
    const evidence = inOrder([...emissions.values()])
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: [...emissions.keys()], evidence })
  }
  const { ids, seqs: emitted, unseen } = unaccounted(output.facts, sink, there)
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

/**
 * Records that operators made and that never came to the next one on the way to the sink. Others made of the same source record may have
 * been seen. Recordings do not show all that arrives.
 */
function lostOnTheWay({ facts, point }: SinkOutput): Finding[] {
  const { header, timeline } = facts
  if (header.origin === 'recorded') return []
  const upstream = upstreamOf(header, point.sink)
  const findings: Finding[] = []
  for (const flow of flowsOf(header, timeline)) {
    const { name } = flow.consumer
    const missing = upstream.has(name) ? missingRecords(flow, timeline) : []
    if (missing.length === 0) continue
    const message = `${howManyWere(missing.length, 'record')} sent to ${name} on the way to ${point.sink} and never arrived (${point.at})`
    const evidence = inOrder(missing.map(([, seq]) => seq))
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: missing.map(([id]) => id), evidence })
  }
  return findings
}
