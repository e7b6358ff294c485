import type { RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import { flowsOf, missingRecords } from './flow.js'
import { howMany, howManyWere } from './how-many.js'
import { upstreamOf } from './operator-shapes.js'
import type { Finding } from './oracle.js'
import { owedWrites, type SinkOutput } from './sink-output.js'
import { accountedFor, unaccounted, unaccountedEmissions, unusedRecords } from './source-records.js'

/** Records that the sink wrote, or that a source took in, and that the outside never sees although they are owed. */
export function lostOutput(output: SinkOutput): Finding[] {
  const { facts, seen } = output
  const { sink, at } = output.point
  const owed = [...owedWrites(output)].filter(([id]) => !seen.has(id))
  const unpublished = new Map(owed.map(([id, { seq }]) => [id, seq]))
  const findings = lost(unpublished, `${howManyWere(unpublished.size, 'record')} written by ${sink} and never became visible (${at})`)
  if (!output.complete) return findings
  const onTheWay = lostOnTheWay(output)
  const unused = unusedRecords(facts, sink)
  const nothing = `nothing came of ${unused.size === 1 ? 'it' : 'them'}`
  // What was made of a source record and written, or lost on the way, is told by these.
  const told = [...unpublished.keys(), ...onTheWay.flatMap(({ records }) => records), ...unused.keys()]
  const accounted = accountedFor(facts, sink, [...seen.keys(), ...told])
  const emissions = unaccountedEmissions(facts, sink, accounted)
  const { ids, unseen } = unaccounted(facts, sink, accounted)
  findings.push(
    ...onTheWay,
    ...lost(unused, `${howManyWere(unused.size, 'record')} absorbed on the way to ${sink} and ${nothing} (${at})`),
    ...lost(emissions, `${howMany(emissions.size, 'record')} that functions put out left no trace at ${sink} (${at})`),
    ...lost(ids, `${howMany(ids.size, 'source record')} left no trace at ${sink} (${at})`),
  )
  if (unseen > 0) {
    const message = `${howMany(unseen, 'record')} of the splits ${unseen === 1 ? 'was' : 'were'} never emitted in the timeline that survived`
    findings.push({ anomaly: 'lost', rule: 'output-at-least-once', message, records: [], count: unseen, evidence: [] })
  }
  return findings
}

/** The finding of records that were lost, with the `seq` of where each was last seen; 0: nowhere. None where there are no such records. */
function lost(found: ReadonlyMap<RecordId, number>, message: string): Finding[] {
  if (found.size === 0) return []
  const evidence = inOrder([...found.values()])
  return [{ anomaly: 'lost', rule: 'output-at-least-once', message, records: [...found.keys()], evidence }]
}

/**
 * Records that operators made and that never came to the next one on the way to the sink. Others made of the same source record may have
 * been seen. Recordings do not show all that arrives.
 */
function lostOnTheWay({ facts, point }: SinkOutput): Finding[] {
  const { header, timeline } = facts
  if (header.origin === 'recorded') return []
  const upstream = upstreamOf(header, point.sink)
  return flowsOf(header, timeline).flatMap((flow) => {
    const { name } = flow.consumer
    const missing = new Map(upstream.has(name) ? missingRecords(flow, timeline) : [])
    return lost(
      missing,
      `${howManyWere(missing.size, 'record')} sent to ${name} on the way to ${point.sink} and never arrived (${point.at})`,
    )
  })
}
