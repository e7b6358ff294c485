import type { HistoryHeader, RecordId } from '../history/index.js'
import { addToSum, emptySum, type RecordSum } from './record-sum.js'
import type { Steps } from './steps.js'

/** What independent readers saw, per sink and observation point. */
export interface Outputs {
  readonly points: ObservedOutput[]
}

/** What one reader saw of one sink, in the order in which it saw it. */
export interface ObservedOutput {
  readonly sink: string
  readonly at: string
  readonly ids: RecordId[]
  readonly seqs: number[]
  readonly keys: string[]
  /** -1 where the record has none. */
  readonly counts: number[]
  /** '' where output is not partitioned. */
  readonly partitions: string[]
  /** '' where the reader does not know. */
  readonly transactions: string[]
  readonly sum: RecordSum
}

/** The observation points that the header names; others are added when something is seen there. */
export function createOutputs(header: HistoryHeader): Outputs {
  const outputs: Outputs = { points: [] }
  for (const operator of header.operators) {
    for (const at of operator.observed ?? []) pointOf(outputs, operator.name, at)
  }
  return outputs
}

/** What events change in them. */
export const OUTPUT_STEPS: Steps<Outputs> = {
  visible: (outputs, event) => {
    const point = pointOf(outputs, event.vertex, event.at)
    point.ids.push(event.id)
    addToSum(point.sum, event.id)
    point.seqs.push(event.seq)
    point.keys.push(event.key ?? '')
    point.counts.push(event.count ?? -1)
    point.partitions.push(event.partition ?? '')
    point.transactions.push(event.transaction ?? '')
  },
}

function pointOf(outputs: Outputs, sink: string, at: string): ObservedOutput {
  for (const point of outputs.points) if (point.sink === sink && point.at === at) return point
  const point: ObservedOutput = { sink, at, ids: [], seqs: [], keys: [], counts: [], partitions: [], transactions: [], sum: emptySum() }
  outputs.points.push(point)
  return point
}
