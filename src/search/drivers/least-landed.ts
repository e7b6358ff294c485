/** The places a fault can be aimed at, and those of them that a campaign has hit least. */
import {
  appliedLater,
  drawDelay,
  drawDown,
  pick,
  type CallFault,
  type Depth,
  type Fault,
  type FaultMenu,
  type Turn,
} from '../../faults/index.js'
import type { Stream } from '../../world/index.js'
import { kindOfFault } from '../landing.js'

/** A kind of fault at a step, on its way into a plan. */
export interface Aim {
  /** As the matrix has it: kind, step, depth. */
  readonly key: string
  readonly fault: Fault
}

/** Steps are struck among the first few times that they come to pass at their depth. */
const FEW = 6

/** How many places are looked at for the one that was hit least. */
const LOOKED_AT = 12

/**
 * Counts the faults that landed, by kind, step and depth, whoever took the step: in each cell of the campaign for itself, because what a
 * fault does there is another matter, and in all of them, so that they do not all begin with the same.
 */
export class LeastLanded {
  private readonly counts = new Map<string, number>()

  /** Faults landed in a cell; the keys are those of the matrix. */
  landed(cell: string, places: readonly string[]): void {
    for (const place of places) {
      const [fault = '', failpoint = '', , depth = ''] = place.split(' ')
      this.count(cell, keyOf(fault, failpoint, Number(depth)), HIT)
    }
  }

  /** A fault where few have landed; undefined when nothing can go wrong here. */
  draw(stream: Stream, menu: FaultMenu & { readonly cell?: string }): Fault | undefined {
    const { cell = '' } = menu
    let best: Aim | undefined
    for (let i = 0; i < LOOKED_AT; i++) {
      const aim = drawAim(stream, menu)
      if (aim !== undefined && (best === undefined || this.spent(cell, aim) < this.spent(cell, best))) best = aim
    }
    // One that is never hit must not draw all fire.
    if (best !== undefined) this.count(cell, best.key, TRY)
    return best?.fault
  }

  private count(cell: string, key: string, weight: number): void {
    add(this.counts, key, weight)
    add(this.counts, `${cell} ${key}`, weight)
  }

  private spent(cell: string, { key }: Aim): number {
    return OWN * (this.counts.get(`${cell} ${key}`) ?? 0) + (this.counts.get(key) ?? 0)
  }
}

/** A fault that landed counts more than one that was only aimed, and the cell's own more than those of others. */
const HIT = 2
const TRY = 1
const OWN = 100

/** Recoveries from failures in recoveries are counted with those in recoveries. */
function keyOf(fault: string, point: string, depth: number): string {
  return `${fault} ${point} ${depth === 0 ? '0' : '1'}`
}

function add(counts: Map<string, number>, key: string, weight: number): void {
  counts.set(key, (counts.get(key) ?? 0) + weight)
}

/** Any kind of fault, at any step it may strike at, at any depth. */
function drawAim(stream: Stream, menu: FaultMenu): Aim | undefined {
  const kind = pick(stream, kindsOf(menu))
  const point = kind && pick(stream, kind.points)
  if (kind === undefined || point === undefined) return undefined
  const depth = DEPTHS[stream.below(DEPTHS.length)] ?? 0
  const times = depth === 0 ? (menu.reached.get(point) ?? FEW) : FEW
  const fault = kind.fault(stream, point, { nth: 1 + stream.below(Math.max(1, times)), depth })
  return { key: keyOf(kindOfFault(fault) ?? '', point, depth), fault }
}

/** Most aims are at normal running, without which there is no recovery. */
const DEPTHS: readonly Depth[] = [0, 0, 0, 0, 0, 0, 1, 2]

/** A kind of fault and the steps it may strike at. */
interface Kind {
  readonly points: readonly string[]
  readonly fault: (stream: Stream, point: string, turn: Turn) => Fault
}

const known = new WeakMap<FaultMenu, readonly Kind[]>()

/** What a menu allows at steps; made once for each menu. */
function kindsOf(menu: FaultMenu): readonly Kind[] {
  let kinds = known.get(menu)
  if (kinds === undefined)
    known.set(menu, (kinds = [...kindsAtSteps(menu), ...kindsOfSilence(menu)].filter(({ points }) => points.length > 0)))
  return kinds
}

function kindsAtSteps(menu: FaultMenu): Kind[] {
  const { exceptions, hangs, calls, rpcs, overtaken, repeated } = menu
  const called = (outcome: CallFault['outcome']): Kind => ({
    points: calls,
    fault: (_, point, turn) => ({ kind: 'call', point, ...turn, outcome }),
  })
  const detour = (points: readonly string[], again: boolean): Kind => ({
    points,
    fault: (stream, rpc, turn) => ({ kind: 'detour', rpc, ...turn, delayUs: drawDelay(stream, menu), repeated: again }),
  })
  return [
    {
      points: menu.moments.flat(),
      fault: (stream, point, turn) => ({ kind: 'crash', process: '*', at: { point, ...turn }, downUs: drawDown(stream) }),
    },
    { points: exceptions, fault: (_, point, turn) => ({ kind: 'exception', point, ...turn }) },
    { points: hangs, fault: (stream, point, turn) => ({ kind: 'hang', point, ...turn, downUs: drawDown(stream) }) },
    called('failed'),
    called('unknown-applied'),
    called('unknown-lost'),
    { points: calls.filter((call) => menu.later?.includes(call)), fault: (stream, point, turn) => appliedLater(stream, menu, point, turn) },
    { points: rpcs, fault: (_, rpc, turn) => ({ kind: 'rpc', rpc, ...turn }) },
    { points: rpcs, fault: (stream, rpc, turn) => ({ kind: 'rpc', rpc, ...turn, delayUs: drawDelay(stream, menu) }) },
    detour(overtaken, false),
    detour(repeated, true),
  ]
}

/** A process stops, is cut off, or loses a connection; whom it hits is drawn with the fault. */
function kindsOfSilence(menu: FaultMenu): Kind[] {
  const { moments, pauses, partitions, connections, heartbeatTimeoutUs } = menu
  const points = moments.flat()
  const length = (stream: Stream): number => 1 + stream.below(2 * Math.max(1, heartbeatTimeoutUs))
  const ofEach = <T>(targets: readonly T[], fault: (target: T) => Kind['fault']): Kind[] => {
    const [first, ...others] = targets
    if (first === undefined) return []
    return [{ points, fault: (stream, point, turn) => fault(pick(stream, [first, ...others]) ?? first)(stream, point, turn) }]
  }
  return [
    ...ofEach(pauses, (process) => (stream, point, turn) => ({ kind: 'pause', process, at: { point, ...turn }, forUs: length(stream) })),
    ...ofEach(partitions, (cut) => (stream, point, turn) => ({
      kind: 'partition',
      ...cut,
      direction: pick(stream, ['both', 'from', 'to'] as const) ?? 'both',
      at: { point, ...turn },
      forUs: length(stream),
      lossy: stream.below(2) === 0,
    })),
    ...ofEach(connections, ([process, other]) => (_, point, turn) => ({ kind: 'disconnect', process, other, at: { point, ...turn } })),
  ]
}
