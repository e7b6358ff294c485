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
  type FaultPlan,
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

/** How many places of a kind of fault are looked at for the most promising one. */
const LOOKED_AT = 8

/** How often a place was aimed at, and how often a fault landed there. */
interface Tally {
  tries: number
  hits: number
}

/** A place that nobody has aimed at yet is taken for one of these. */
const UNKNOWN: Readonly<Tally> = { tries: 2, hits: 1 }

/** A fault that landed in the cell counts so many times as much as one that landed elsewhere. */
const OWN = 4

/**
 * Counts the faults that were aimed and that landed, by kind, step and depth, whoever took the step: in each cell of the campaign for
 * itself, because what a fault does there is another matter, and in all of them, because most code is theirs in common. The most promising
 * place is one where a fault is likely to land and few have.
 */
export class LeastLanded {
  private readonly counts = new Map<string, Tally>()

  /** Faults landed in a cell; the keys are those of the matrix. */
  landed(cell: string, places: readonly string[]): void {
    for (const place of places) {
      const [fault = '', failpoint = '', , depth = ''] = place.split(' ')
      const key = keyOf(fault, failpoint, Number(depth))
      this.of(key).hits++
      this.of(`${cell} ${key}`).hits++
    }
  }

  /**
   * A fault at a promising place for it; undefined when nothing can go wrong here.
   * @param kinds each is as likely as any other; all there are unless said otherwise
   * @param before what else goes wrong in the run
   */
  draw(
    stream: Stream,
    menu: FaultMenu & { readonly cell?: string },
    { kinds = kindsOf(menu), before = [] }: { readonly kinds?: readonly AimedKind[]; readonly before?: FaultPlan } = {},
  ): Fault | undefined {
    const { cell = '' } = menu
    // What comes to pass only where something has gone wrong is struck seldom where nothing has.
    const recovers = before.some((fault) => makesRecover(fault, menu)) || stream.below(SELDOM) === 0
    const depth = recovers ? DEPTHS[stream.below(DEPTHS.length)] : undefined
    const isLikely = (point: string): boolean => recovers || !(kind?.atSteps ?? false) || menu.reached.has(point)
    const kind = pick(stream, kinds)
    if (kind === undefined) return undefined
    let best: Aim | undefined
    let most = -1
    for (let i = 0; i < LOOKED_AT; i++) {
      const aim = drawAim(stream, menu, { kind, depth, isLikely })
      const promise = aim === undefined ? -1 : this.promise(cell, aim)
      if (promise > most) [best, most] = [aim, promise]
    }
    if (best === undefined) return undefined
    this.of(best.key).tries++
    this.of(`${cell} ${best.key}`).tries++
    return best.fault
  }

  /** In integers: the square of the chance to land, so that what is never hit is soon left alone, divided by what has landed. */
  private promise(cell: string, { key }: Aim): number {
    const own = this.counts.get(`${cell} ${key}`) ?? NONE
    const all = this.counts.get(key) ?? NONE
    const chance = Math.floor((1000 * (own.hits + all.hits + UNKNOWN.hits)) / (own.tries + all.tries + UNKNOWN.tries))
    return Math.floor(Math.min(1000, chance) ** 2 / (1 + OWN * own.hits + all.hits))
  }

  private of(key: string): Tally {
    let tally = this.counts.get(key)
    if (tally === undefined) this.counts.set(key, (tally = { tries: 0, hits: 0 }))
    return tally
  }
}

const NONE: Readonly<Tally> = { tries: 0, hits: 0 }

/** Recoveries from failures in recoveries are counted with those in recoveries. */
function keyOf(fault: string, point: string, depth: number): string {
  return `${fault} ${point} ${depth === 0 ? '0' : '1'}`
}

/** What an aim is drawn among. */
interface Among {
  readonly kind: AimedKind
  /** Any, where it is undefined. */
  readonly depth: Depth | undefined
  readonly isLikely: (point: string) => boolean
}

/** A fault of this kind, at any step it may strike at. */
function drawAim(stream: Stream, menu: FaultMenu, { kind, depth, isLikely }: Among): Aim | undefined {
  const point = pick(stream, kind.points)
  if (point === undefined || !isLikely(point)) return undefined
  const times = depth === undefined ? (menu.reached.get(point) ?? FEW) : FEW
  const fault = kind.fault(stream, point, { nth: 1 + stream.below(Math.max(1, times)), ...(depth !== undefined && { depth }) })
  return { key: keyOf(kindOfFault(fault) ?? fault.kind, point, depth ?? 0), fault }
}

/** One of so many aims is at what nothing in the plan brings about. */
const SELDOM = 6

function makesRecover(fault: Fault, { harmless }: FaultMenu): boolean {
  return fault.kind === 'crash' || fault.kind === 'hang' || (fault.kind === 'exception' && !harmless.has(fault.point))
}

/** Most aims are at any time of the run, without which there is no recovery. */
const DEPTHS: readonly (Depth | undefined)[] = [undefined, undefined, undefined, undefined, undefined, undefined, 1, 2]

/** What a fault does by itself: an RPC is late or repeated, a process is slow or stands still, a call or an RPC comes to nothing, or a part of the job is gone. */
export type FaultNature = 'delay' | 'slowness' | 'refusal' | 'failure'

/** A kind of fault and the steps it may strike at. */
export interface AimedKind {
  readonly points: readonly string[]
  readonly nature: FaultNature
  /** Its points are steps, calls or RPCs, which may never come to pass. */
  readonly atSteps: boolean
  readonly fault: (stream: Stream, point: string, turn: Turn) => Fault
}

const known = new WeakMap<FaultMenu, readonly AimedKind[]>()

/** The kinds of one nature that a menu allows. */
export function kindsOfNature(menu: FaultMenu, nature: FaultNature): readonly AimedKind[] {
  return kindsOf(menu).filter((kind) => kind.nature === nature)
}

/** What a menu allows at steps; made once for each menu. */
function kindsOf(menu: FaultMenu): readonly AimedKind[] {
  let kinds = known.get(menu)
  if (kinds === undefined)
    known.set(menu, (kinds = [...kindsAtSteps(menu), ...kindsOfSilence(menu), slowness(menu)].filter(({ points }) => points.length > 0)))
  return kinds
}

function kindsAtSteps(menu: FaultMenu): AimedKind[] {
  const { exceptions, hangs, calls, rpcs, overtaken, repeated } = menu
  const called = (outcome: CallFault['outcome']): AimedKind => ({
    points: calls,
    nature: 'refusal',
    atSteps: true,
    fault: (_, point, turn) => ({ kind: 'call', point, ...turn, outcome }),
  })
  const detour = (points: readonly string[], again: boolean): AimedKind => ({
    points,
    nature: 'delay',
    atSteps: true,
    fault: (stream, rpc, turn) => ({ kind: 'detour', rpc, ...turn, delayUs: drawDelay(stream, menu), repeated: again }),
  })
  return [
    {
      points: menu.moments.flat(),
      nature: 'failure',
      atSteps: true,
      fault: (stream, point, turn) => ({ kind: 'crash', process: '*', at: { point, ...turn }, downUs: drawDown(stream) }),
    },
    { points: exceptions, nature: 'failure', atSteps: true, fault: (_, point, turn) => ({ kind: 'exception', point, ...turn }) },
    {
      points: hangs,
      nature: 'failure',
      atSteps: true,
      fault: (stream, point, turn) => ({ kind: 'hang', point, ...turn, downUs: drawDown(stream) }),
    },
    called('failed'),
    called('unknown-applied'),
    called('unknown-lost'),
    {
      points: calls.filter((call) => menu.later?.includes(call)),
      nature: 'refusal',
      atSteps: true,
      fault: (stream, point, turn) => appliedLater(stream, menu, point, turn),
    },
    { points: rpcs, nature: 'refusal', atSteps: true, fault: (_, rpc, turn) => ({ kind: 'rpc', rpc, ...turn }) },
    {
      points: rpcs,
      nature: 'delay',
      atSteps: true,
      fault: (stream, rpc, turn) => ({ kind: 'rpc', rpc, ...turn, delayUs: drawDelay(stream, menu) }),
    },
    detour(overtaken, false),
    detour(repeated, true),
  ]
}

/** A process stops, is cut off, or loses a connection; whom it hits is drawn with the fault. */
function kindsOfSilence(menu: FaultMenu): AimedKind[] {
  const { moments, pauses, partitions, connections, heartbeatTimeoutUs } = menu
  const points = moments.flat()
  const length = (stream: Stream): number => 1 + stream.below(2 * Math.max(1, heartbeatTimeoutUs))
  const ofEach = <T>(nature: FaultNature, targets: readonly T[], fault: (target: T) => AimedKind['fault']): AimedKind[] => {
    const [first, ...others] = targets
    if (first === undefined) return []
    return [
      {
        points,
        nature,
        atSteps: true,
        fault: (stream, point, turn) => fault(pick(stream, [first, ...others]) ?? first)(stream, point, turn),
      },
    ]
  }
  return [
    ...ofEach('slowness', pauses, (process) => (stream, point, turn) => ({
      kind: 'pause',
      process,
      at: { point, ...turn },
      forUs: length(stream),
    })),
    ...ofEach('failure', partitions, (cut) => (stream, point, turn) => ({
      kind: 'partition',
      ...cut,
      direction: pick(stream, ['both', 'from', 'to'] as const) ?? 'both',
      at: { point, ...turn },
      forUs: length(stream),
      lossy: stream.below(2) === 0,
    })),
    ...ofEach('failure', connections, ([process, other]) => (_, point, turn) => ({
      kind: 'disconnect',
      process,
      other,
      at: { point, ...turn },
    })),
  ]
}

/** A slow link: it is aimed at a process, at any time, and lands nowhere in the matrix. */
function slowness(menu: FaultMenu): AimedKind {
  return {
    points: menu.slow,
    nature: 'slowness',
    atSteps: false,
    fault: (stream, process) => {
      const fromUs = stream.below(Math.max(1, menu.endUs))
      const untilUs = fromUs + 10_000 * (1 + stream.below(20))
      return { kind: 'slow', process, fromUs, untilUs, extraUs: drawDelay(stream, menu) }
    },
  }
}
