import type { HistoryHeader, RecordId } from '../history/index.js'
import { arrivedSum, type Flow, flowsOf, type Producer, sentSum } from './flow.js'
import type { RecordLog } from './lane.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { sameSum } from './record-sum.js'
import { stepsOfPart } from './steps.js'
import { createTimeline, TIMELINE_STEPS, type Timeline, type VertexLanes } from './timeline.js'

/**
 * A channel makes nothing up: what an operator absorbed, wrote or ended was emitted by one of its producers at some time, and where
 * every emission goes to one consumer (recordings) and no channel state comes back, it arrived at most as often.
 */
export function arrivalFindings(header: HistoryHeader, timeline: Timeline): Finding[] {
  return flowsOf(header, timeline)
    .filter((flow) => tellsAll(flow) && !balanced(flow, header))
    .flatMap((flow) => unsent(flow, header))
}

/** A producer that never emitted anything, although others heard of its records, is not shown by the history. */
function tellsAll({ producers }: Flow): boolean {
  return producers.length > 0 && producers.every((producer) => logsOfSender(producer).some((log) => log.ids.length > 0))
}

/** What counts adds up. In a recording that somebody may have changed, what does not count is looked at, too. */
function balanced(flow: Flow, { origin }: HistoryHeader): boolean {
  if (origin === 'recorded') return false
  const sent = sentSum(flow, 'now')
  const arrived = arrivedSum(flow, 'now')
  return sent !== undefined && arrived !== undefined && sameSum(sent, arrived)
}

function unsent(flow: Flow, { origin, mode }: HistoryHeader): Finding[] {
  const sent = timesSent(flow)
  const arrived = arrivals(flow)
  const counts =
    origin === 'recorded' && mode !== 'unaligned' && ![...flow.producers.map((each) => each.vertex), flow.consumer].some(repeats)
  const unknown: RecordId[] = []
  const again: RecordId[] = []
  for (const [id, seqs] of arrived) {
    const times = sent.get(id) ?? 0
    if (times === 0) unknown.push(id)
    else if (counts && seqs.length > times) again.push(id)
  }
  const { name } = flow.consumer
  return [
    ...finding('absorbed-was-emitted', unknown, arrived, `records came to ${name} that none of its producers ever emitted`),
    ...finding('arrives-once', again, arrived, `records came to ${name} more often than they were emitted`),
  ]
}

function repeats({ withdrawn }: VertexLanes): boolean {
  return withdrawn.twice
}

function finding(rule: string, records: readonly RecordId[], arrived: ReadonlyMap<RecordId, readonly number[]>, what: string): Finding[] {
  if (records.length === 0) return []
  const evidence = records.flatMap((id) => arrived.get(id) ?? [])
  return [{ ...broken(rule, `${String(records.length)} ${what}`, evidence), records }]
}

/** How often each record was emitted, whether or not that counts. */
function timesSent({ producers }: Flow): Map<RecordId, number> {
  const times = new Map<RecordId, number>()
  for (const log of producers.flatMap(logsOfSender)) {
    for (const id of log.ids) times.set(id, (times.get(id) ?? 0) + 1)
  }
  return times
}

/** Each record that arrived, whether or not that counts, with the `seq` of every arrival. */
function arrivals({ consumer, passing }: Flow): Map<RecordId, number[]> {
  const arrived = new Map<RecordId, number[]>()
  for (const vertex of [consumer, ...passing]) {
    for (const { ids, seqs } of logsIn(vertex)) {
      for (let at = 0; at < ids.length; at++) {
        const id = ids[at] ?? 0
        const before = arrived.get(id)
        if (before === undefined) arrived.set(id, [seqs[at] ?? 0])
        else before.push(seqs[at] ?? 0)
      }
    }
  }
  return arrived
}

function logsOfSender({ vertex, handsOn }: Producer): RecordLog[] {
  return handsOn ? logsIn(vertex) : [...vertex.lanes.map((lane) => lane.emitted), vertex.withdrawn.emitted]
}

function logsIn({ lanes, withdrawn }: VertexLanes): RecordLog[] {
  return [...lanes, withdrawn].flatMap(({ applied, written, passed }) => [applied, written, passed])
}

/** What arrived had been emitted. */
export const arrivalsWereSent: Oracle<{ readonly header: HistoryHeader; readonly timeline: Timeline }> = {
  name: 'arrivals',
  init: (header) => ({ header, timeline: createTimeline(header) }),
  step: stepsOfPart(({ timeline }) => timeline, TIMELINE_STEPS),
  verdict: ({ header, timeline }) => ruleVerdict(arrivalFindings(header, timeline)),
}
