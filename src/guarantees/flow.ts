import type { HistoryHeader, OperatorShape, RecordId } from '../history/index.js'
import { findMark, type Lane, type Mark } from './lane.js'
import { addSum, emptySum, type RecordSum, sameSum, subtractSum } from './record-sum.js'
import { lanesOf, type Timeline, type VertexLanes } from './timeline.js'

/**
 * The records that go into one consumer: what its producers emitted must arrive there, or end on purpose on the way.
 * An operator without state and without identities of its own hands records on; it is on the way, not a producer.
 */
export interface Flow {
  readonly consumer: VertexLanes
  readonly producers: readonly Producer[]
  readonly passing: readonly VertexLanes[]
}

/**
 * `handsOn`: it emits no identities of its own, so that what it absorbed is what it emitted. `via` are those that it feeds on the way to
 * the consumer: what it emits for others only is not of this flow.
 */
export interface Producer {
  readonly vertex: VertexLanes
  readonly handsOn: boolean
  readonly via: Set<string>
}

/** The flows of the job: one for each operator that keeps state or transforms records, and for each sink. */
export function flowsOf(header: HistoryHeader, timeline: Timeline): Flow[] {
  const shapes = new Map(header.operators.map((operator) => [operator.name, operator]))
  const flows: Flow[] = []
  for (const shape of header.operators) {
    const takesIn = shape.role === 'sink' || shape.stateful === true || (shape.role === 'operator' && lanesOf(timeline, shape.name).emits)
    if (!takesIn) continue
    const producers = new Map<string, Producer>()
    const passing = new Map<string, VertexLanes>()
    for (const input of shape.inputs) trace(input, shape.name, shapes, header, timeline, producers, passing)
    flows.push({ consumer: lanesOf(timeline, shape.name), producers: [...producers.values()], passing: [...passing.values()] })
  }
  return flows
}

function trace(
  name: string,
  via: string,
  shapes: ReadonlyMap<string, OperatorShape>,
  header: HistoryHeader,
  timeline: Timeline,
  producers: Map<string, Producer>,
  passing: Map<string, VertexLanes>,
): void {
  const shape = shapes.get(name)
  producers.get(name)?.via.add(via)
  if (shape === undefined || producers.has(name) || passing.has(name)) return
  const vertex = lanesOf(timeline, name)
  if (vertex.emits) producers.set(name, { vertex, handsOn: false, via: new Set([via]) })
  else if (shape.stateful === true) producers.set(name, { vertex, handsOn: header.origin === 'recorded', via: new Set([via]) })
  else {
    passing.set(name, vertex)
    for (const input of shape.inputs) trace(input, name, shapes, header, timeline, producers, passing)
  }
}

/** Where to look: at the marks of a checkpoint, or at the lanes as they are now. */
export type Cut = number | 'now'

/** Sum of what was sent into a flow up to the cut; none when a snapshot is not in the history. */
export function sentSum(flow: Flow, cut: Cut): RecordSum | undefined {
  const sum = emptySum()
  for (const { vertex, handsOn, via } of flow.producers) {
    for (const lane of vertex.lanes) {
      const at = placeOf(vertex, lane, cut)
      if (at === undefined) return undefined
      addSum(sum, handsOn ? at.in : at.out)
      if (handsOn) continue
      for (const route of at.routes) if (!leads(route.to, via)) subtractSum(sum, route.sum)
    }
  }
  return sum
}

/** Sum of what arrived and stayed up to the cut; none when a snapshot is not in the history. */
export function arrivedSum(flow: Flow, cut: Cut): RecordSum | undefined {
  const sum = emptySum()
  for (const vertex of [flow.consumer, ...flow.passing]) {
    for (const lane of vertex.lanes) {
      const at = placeOf(vertex, lane, cut)
      if (at === undefined) return undefined
      addSum(sum, at.in)
    }
  }
  return sum
}

/** The records behind `sentSum`, with the `seq` of the event that sent each. */
export function sentRecords(flow: Flow, cut: Cut): Map<RecordId, number> {
  const found = new Map<RecordId, number>()
  for (const { vertex, handsOn, via } of flow.producers) {
    for (const lane of vertex.lanes) {
      const at = placeOf(vertex, lane, cut)
      if (handsOn) collectArrived(lane, at, found)
      else collect(lane.emitted, at?.emitted ?? 0, found, via)
    }
  }
  return found
}

/** The records behind `arrivedSum`, with the `seq` of the event that took each in. */
export function arrivedRecords(flow: Flow, cut: Cut): Map<RecordId, number> {
  const found = new Map<RecordId, number>()
  for (const vertex of [flow.consumer, ...flow.passing]) {
    for (const lane of vertex.lanes) collectArrived(lane, placeOf(vertex, lane, cut), found)
  }
  return found
}

/**
 * What was sent into a flow, did not arrive and did not end on purpose, with the `seq` of the event that sent each. What ends on the way
 * has arrived there; what ended elsewhere is missing here all the same. Only a producer that hands on what it absorbs tells of no other
 * end.
 */
export function missingRecords(flow: Flow, { ended }: Timeline): [RecordId, number][] {
  if (flow.producers.length === 0) return []
  const sent = sentSum(flow, 'now')
  const arrived = arrivedSum(flow, 'now')
  if (sent === undefined || arrived === undefined || sameSum(sent, arrived)) return []
  const there = arrivedRecords(flow, 'now')
  const handsOn = flow.producers.some((producer) => producer.handsOn)
  return [...sentRecords(flow, 'now')].filter(([id]) => !there.has(id) && !(handsOn && ended.has(id)))
}

/** Whether what goes to these operators only is of a flow that begins with one of `via`. */
function leads(to: readonly string[] | undefined, via: ReadonlySet<string>): boolean {
  return to === undefined || to.some((name) => via.has(name))
}

type Place = Pick<Mark, 'routes' | 'out' | 'in' | 'emitted' | 'applied' | 'written' | 'passed'>

/**
 * A lane that ended before the checkpoint counts whole, and so does one of an earlier job that the current one has no subtask for; a lane
 * in which nothing ever happened has nothing to say. Nor has one whose snapshot a recovery has taken back: the store may be late to tell
 * that it has the checkpoint.
 */
function placeOf(vertex: VertexLanes, lane: Lane, cut: Cut): Place | undefined {
  const mark = cut === 'now' ? undefined : findMark(lane, cut)
  if (mark !== undefined) return mark
  if (cut !== 'now' && lane.attempt >= 0 && lane.aside.has(cut)) return undefined
  const idle = (lane.in.n === 0 && lane.out.n === 0) || lane.attempt < 0
  if (cut !== 'now' && !idle && !(vertex.marked && lane.ended && (lane.marks.at(-1)?.checkpoint ?? 0) < cut)) return undefined
  const { emitted, applied, written, passed } = lane
  return {
    routes: lane.routes,
    out: lane.out,
    in: lane.in,
    emitted: emitted.ids.length,
    applied: applied.ids.length,
    written: written.ids.length,
    passed: passed.ids.length,
  }
}

function collectArrived(lane: Lane, at: Place | undefined, found: Map<RecordId, number>): void {
  collect(lane.applied, at?.applied ?? 0, found)
  collect(lane.written, at?.written ?? 0, found)
  collect(lane.passed, at?.passed ?? 0, found)
}

function collect(
  log: { readonly ids: readonly RecordId[]; readonly seqs: readonly number[]; readonly to?: readonly (readonly string[] | undefined)[] },
  length: number,
  found: Map<RecordId, number>,
  via?: ReadonlySet<string>,
): void {
  for (let at = 0; at < length; at++) {
    const id = log.ids[at]
    if (id === undefined || found.has(id) || (via !== undefined && !leads(log.to?.[at], via))) continue
    found.set(id, log.seqs[at] ?? 0)
  }
}
