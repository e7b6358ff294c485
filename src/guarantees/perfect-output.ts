import type { RecordId } from '../history/index.js'
import { arrivedSum, type Flow, flowsOf, sentSum } from './flow.js'
import { finished } from './job-facts.js'
import type { ObservedOutput } from './outputs.js'
import { addSum, emptySum, sameSum } from './record-sum.js'
import type { RunFacts } from './run-facts.js'
import { allRead } from './source-records.js'
import { lanesOf } from './timeline.js'

/**
 * A short way to say that nothing is wrong with the output of a finished job, by sums instead of sets; most runs are of that kind.
 * A sum that does not fit proves nothing: then the output is looked at record by record. A test compares both ways.
 */
export function isPerfect(facts: RunFacts, point: ObservedOutput): boolean {
  return finished(facts.job) && allRead(facts) && allArrived(facts) && seenAsWritten(facts, point)
}

/** Everything sent arrived, and everything absorbed was made into something. */
function allArrived({ header, timeline }: RunFacts): boolean {
  return flowsOf(header, timeline).every((flow) => {
    const sent = sentSum(flow, 'now')
    const arrived = arrivedSum(flow, 'now')
    const selective = header.operators.some(({ name, selective }) => selective === true && name === flow.consumer.name)
    return (
      sent !== undefined && arrived !== undefined && sameSum(sent, arrived) && (selective || allUsed(flow, header.origin === 'recorded'))
    )
  })
}

/** An operator with state of which a recording shows no emissions hands its records on; elsewhere it has made nothing of them. */
function allUsed({ consumer, producers }: Flow, recorded: boolean): boolean {
  if (producers.length === 0) return false
  if (!consumer.stateful || (recorded && !consumer.emits)) return true
  return consumer.lanes.every((lane) => sameSum(lane.in, lane.used))
}

/** The reader saw what the sink wrote, each record once, and those of one subtask in the order in which it wrote them. */
function seenAsWritten(facts: RunFacts, point: ObservedOutput): boolean {
  const { lanes } = lanesOf(facts.timeline, point.sink)
  const written = emptySum()
  for (const lane of lanes) addSum(written, lane.in)
  if (!sameSum(written, point.sum) || new Set(point.ids).size !== point.ids.length) return false
  return inOrder(
    lanes.map((lane) => lane.written.ids),
    point.ids,
  )
}

function inOrder(written: readonly (readonly RecordId[])[], seen: readonly RecordId[]): boolean {
  const next = written.map(() => 0)
  for (const id of seen) {
    let lane = 0
    while (lane < written.length && written[lane]?.[next[lane] ?? 0] !== id) lane++
    if (lane === written.length) return false
    next[lane] = (next[lane] ?? 0) + 1
  }
  return true
}
