/** The places a fault can be aimed at, and those of them that a campaign has hit least. */
import { isCrash, pick, type Depth, type Fault, type FaultMenu, type FaultPlan } from '../../faults/index.js'
import type { Stream } from '../../world/index.js'
import { kindOfFault } from '../landing.js'
import { kindsOf, type AimedKind } from './aimed-kinds.js'

/** A fault on its way into a plan. */
interface AimedFault {
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
    const drawn = recovers ? DEPTHS[stream.below(DEPTHS.length)] : undefined
    const kind = pick(stream, kinds)
    if (kind === undefined) return undefined
    const depth = kind.nature === 'interruption' ? undefined : drawn
    const isLikely = (point: string): boolean => recovers || !kind.atSteps || menu.reached.has(point)
    let best: AimedFault | undefined
    let most = -1
    for (let i = 0; i < LOOKED_AT; i++) {
      const aimed = drawAimed(stream, menu, { kind, depth, isLikely })
      const promise = aimed === undefined ? -1 : this.promise(cell, aimed)
      if (promise > most) [best, most] = [aimed, promise]
    }
    if (best === undefined) return undefined
    this.of(best.key).tries++
    this.of(`${cell} ${best.key}`).tries++
    return best.fault
  }

  /** In integers: the square of the chance to land, so that what is never hit is soon left alone, divided by what has landed. */
  private promise(cell: string, { key }: AimedFault): number {
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

/** What a fault is drawn among. */
interface Among {
  readonly kind: AimedKind
  /** Any, where it is undefined. */
  readonly depth: Depth | undefined
  readonly isLikely: (point: string) => boolean
}

/** A fault of this kind, at any step it may strike at. */
function drawAimed(stream: Stream, menu: FaultMenu, { kind, depth, isLikely }: Among): AimedFault | undefined {
  const point = pick(stream, kind.points)
  if (point === undefined || !isLikely(point)) return undefined
  const times = depth === undefined ? (menu.reached.get(point) ?? FEW) : FEW
  const fault = kind.fault(stream, point, { nth: 1 + stream.below(Math.max(1, times)), ...(depth !== undefined && { depth }) })
  return { key: keyOf(kindOfFault(fault) ?? fault.kind, point, depth ?? 0), fault }
}

/** One of so many aims is at what nothing in the plan brings about. */
const SELDOM = 6

function makesRecover(fault: Fault, { harmless }: FaultMenu): boolean {
  return isCrash(fault) || fault.kind === 'hang' || (fault.kind === 'exception' && !harmless.has(fault.point))
}

/** Most aims are at any time of the run, without which there is no recovery. */
const DEPTHS: readonly (Depth | undefined)[] = [undefined, undefined, undefined, undefined, undefined, undefined, 1, 2]
