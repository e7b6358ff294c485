import type { HistoryHeader, OperatorShape, RecordId } from '../history/index.js'
import { whyUnidentified } from './determinism.js'
import { type Flow, flowsOf, type Producer } from './flow.js'
import type { Lane } from './lane.js'
import { waysBetween } from './operator-shapes.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { stepsOfPart } from './steps.js'
import { createTimeline, TIMELINE_STEPS, type Timeline } from './timeline.js'

/**
 * Records of one key are absorbed in the order in which one sender sent them: a channel is a queue, and all of a key go through the
 * same one. Senders are the splits of a source, and the subtasks of an operator that makes records of its own. Where records are dealt
 * out to several subtasks on the way, or get there on several ways, there is no such order, and nothing is said.
 */

/** Records that were absorbed behind a later one of their key and sender. */
export function keyOrderFindings(header: HistoryHeader, timeline: Timeline): Finding[] {
  const stateful = new Set(header.operators.filter((operator) => operator.stateful === true).map(({ name }) => name))
  return flowsOf(header, timeline)
    .filter(({ consumer: { name } }) => stateful.has(name) && whyUnidentified(header, name) === undefined)
    .flatMap((flow) => reordered(flow, sendersOf(flow, header)))
}

/** Where a record stands: the number of its sender and its place among what that one sent. */
interface Place {
  readonly sender: number
  readonly at: number
}

/** Made twice of one cause, as a queue gives again what was not acknowledged: there is no one place in the order. */
const NOWHERE: Place = { sender: -1, at: -1 }

function sendersOf(flow: Flow, header: HistoryHeader): ReadonlyMap<RecordId, Place> {
  const places = new Map<RecordId, Place>()
  let senders = 0
  for (const { vertex, handsOn } of flow.producers.filter((producer) => isOneWay(producer, flow, header))) {
    if (handsOn) continue
    // Two sources may have splits of the same name, such as partitions of a topic that both read.
    const splits = new Map<string, number>()
    for (const lane of vertex.lanes) {
      const sender = senders++
      const { ids, splits: from, offsets } = lane.emitted
      for (let at = 0; at < ids.length; at++) {
        const split = from[at] ?? ''
        const id = ids[at] ?? 0
        if (split !== '') {
          let number = splits.get(split)
          if (number === undefined) splits.set(split, (number = senders++))
          places.set(id, { sender: number, at: offsets[at] ?? 0 })
        }
        // What is made of the records of several channels is made in another order by a replay, and with it go repeated records.
        else if (header.mode !== 'at-least-once') places.set(id, places.has(id) ? NOWHERE : { sender, at })
      }
    }
  }
  return places
}

/**
 * There is one way from the producer to the consumer, on which nothing deals records out to several subtasks, as far as the header tells.
 */
function isOneWay({ vertex }: Producer, { consumer, passing, producers }: Flow, header: HistoryHeader): boolean {
  const shapeOf = (name: string): OperatorShape | undefined => header.operators.find((operator) => operator.name === name)
  const taskOf = (name: string): string => shapeOf(name)?.task ?? name
  const handedOn = [...passing, ...producers.filter(({ handsOn }) => handsOn).map((producer) => producer.vertex)]
  const handingOn = new Set(handedOn.map(({ name }) => name))
  if (waysBetween(header, vertex.name, consumer.name, handingOn) > 1) return false
  return passing
    .filter(({ name }) => waysBetween(header, vertex.name, name, handingOn) > 0)
    .every(({ name }) => shapeOf(name)?.parallelism === 1 || taskOf(name) === taskOf(vertex.name))
}

function reordered({ consumer }: Flow, places: ReadonlyMap<RecordId, Place>): Finding[] {
  const records: RecordId[] = []
  const evidence: number[] = []
  for (const lane of consumer.lanes) findReordered(lane, places, records, evidence)
  if (records.length === 0) return []
  const message = `${records.length} records came into the state of ${consumer.name} behind later ones of their key and sender`
  return [{ ...broken('key-order', message, evidence, 'reordered-in-key'), records }]
}

/** Records that come again are left out: that they do is told elsewhere. */
function findReordered({ applied }: Lane, places: ReadonlyMap<RecordId, Place>, records: RecordId[], evidence: number[]): void {
  const newest = new Map<string, { readonly at: number[]; readonly seq: number[] }>()
  for (let index = 0; index < applied.ids.length; index++) {
    const id = applied.ids[index] ?? 0
    const place = places.get(id)
    if (place === undefined || place === NOWHERE) continue
    const key = applied.keys[index] ?? ''
    let last = newest.get(key)
    if (last === undefined) newest.set(key, (last = { at: [], seq: [] }))
    const before = last.at[place.sender] ?? -1
    const seq = applied.seqs[index] ?? 0
    if (place.at > before) {
      last.at[place.sender] = place.at
      last.seq[place.sender] = seq
    } else if (place.at < before && applied.ids.indexOf(id) === index) {
      records.push(id)
      evidence.push(last.seq[place.sender] ?? 0, seq)
    }
  }
}

/** Records of one key keep their order. */
export const keyOrder: Oracle<{ readonly header: HistoryHeader; readonly timeline: Timeline }> = {
  name: 'key-order',
  init: (header) => ({ header, timeline: createTimeline(header) }),
  step: stepsOfPart(({ timeline }) => timeline, TIMELINE_STEPS),
  verdict: ({ header, timeline }) => ruleVerdict(keyOrderFindings(header, timeline)),
}
