import type { RecordId } from '../history/index.js'
import type { Lane, WrittenLog } from './lane.js'
import type { Finding, Oracle } from './oracle.js'
import type { ObservedOutput } from './outputs.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
import { lanesOf } from './timeline.js'
import { writesOf } from './writes.js'

/**
 * What the outside shows is what was written: with that key and that count, in that transaction. What was never written at all is a
 * phantom, which the claims of output judge.
 */
export function contentFindings(facts: RunFacts): Finding[] {
  return facts.outputs.points.flatMap((point) => strangeContent(facts, point))
}

/** Records that are not shown as they were written, with the events of both. */
interface Strange {
  readonly records: RecordId[]
  readonly evidence: number[]
}

function strangeContent({ timeline }: RunFacts, point: ObservedOutput): Finding[] {
  const sink = lanesOf(timeline, point.sink)
  if (sink.lanes.length === 0 || shownAsWritten(sink.lanes, point)) return []
  const writes = writesOf(sink)
  const content: Strange = { records: [], evidence: [] }
  const transaction: Strange = { records: [], evidence: [] }
  for (let at = 0; at < point.ids.length; at++) {
    const id = point.ids[at] ?? 0
    const written = writes.get(id) ?? []
    const alike = written.filter((write) => sameContent(write.log, write.at, point, at))
    if (written.length === 0 || alike.some((write) => sameTransaction(write.log, write.at, point, at))) continue
    const strange = alike.length > 0 ? transaction : content
    strange.records.push(id)
    strange.evidence.push(point.seqs[at] ?? 0, ...written.map((write) => write.log.seqs[write.at] ?? 0))
  }
  const where = `of ${point.sink} are visible (${point.at})`
  return [
    ...finding('output-content', content, `${where} with a key or a count that was not written`),
    ...finding('visible-in-its-transaction', transaction, `${where} in a transaction that they were not written into`),
  ]
}

function finding(rule: string, { records, evidence }: Strange, what: string): Finding[] {
  return records.length === 0 ? [] : [{ ...broken(rule, `${String(records.length)} records ${what}`, evidence), records }]
}

/** Mostly a reader sees what each subtask wrote in the order in which it wrote it; then no record needs to be looked up. */
function shownAsWritten(lanes: readonly Lane[], point: ObservedOutput): boolean {
  const next = lanes.map(() => 0)
  for (let at = 0; at < point.ids.length; at++) {
    let lane = 0
    while (lane < lanes.length && !isNext(lanes[lane], next[lane] ?? 0, point, at)) lane++
    if (lane === lanes.length) return false
    next[lane] = (next[lane] ?? 0) + 1
  }
  return true
}

function isNext(lane: Lane | undefined, place: number, point: ObservedOutput, at: number): boolean {
  if (lane === undefined || lane.written.ids[place] !== point.ids[at]) return false
  return sameContent(lane.written, place, point, at) && sameTransaction(lane.written, place, point, at)
}

/** What one of the two does not tell is not compared. */
function sameContent(log: WrittenLog, place: number, point: ObservedOutput, at: number): boolean {
  const key = log.keys[place] ?? ''
  const count = log.counts[place] ?? -1
  const shownKey = point.keys[at] ?? ''
  const shownCount = point.counts[at] ?? -1
  return (key === shownKey || key === '' || shownKey === '') && (count === shownCount || count === -1 || shownCount === -1)
}

function sameTransaction(log: WrittenLog, place: number, point: ObservedOutput, at: number): boolean {
  const written = log.transactions[place] ?? ''
  const shown = point.transactions[at] ?? ''
  return written === shown || written === '' || shown === ''
}

/** Output shows what was written. */
export const outputContent: Oracle<RunFacts> = {
  name: 'output-content',
  init: createRunFacts,
  step: RUN_FACT_STEPS,
  verdict: (facts) => ruleVerdict(contentFindings(facts)),
}
