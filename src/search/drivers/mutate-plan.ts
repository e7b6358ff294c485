/** Small changes of a plan: what a run did that reached something new is done again, a little otherwise. */
import { drawRandomFault, pick, type Fault, type FaultMenu, type FaultPlan } from '../../faults/index.js'
import type { Stream } from '../../world/index.js'

/** Most faults of a plan that has grown. */
const MOST_FAULTS = 6

/**
 * Changes a plan once: a fault strikes at a neighbouring step, at another time, once more or not at all, or there is another one.
 * @param added draws a fault that is added
 */
export function mutatePlan(
  stream: Stream,
  plan: FaultPlan,
  menu: FaultMenu,
  added: () => Fault | undefined = () => drawRandomFault(stream, menu),
): FaultPlan {
  const place = stream.below(Math.max(1, plan.length))
  const fault = plan[place]
  const change = fault === undefined ? 'add' : (pick(stream, CHANGES) ?? 'add')
  switch (change) {
    case 'add':
      return withFault(plan, added())
    case 'drop':
      return plan.length > 1 ? plan.toSpliced(place, 1) : plan
    case 'repeat':
      return withFault(plan, fault && atAnotherTime(stream, fault, menu))
    case 'time':
      return fault === undefined ? plan : plan.with(place, atAnotherTime(stream, fault, menu))
    case 'step':
      return fault === undefined ? plan : plan.with(place, atNeighbouringStep(stream, fault, menu))
  }
}

const CHANGES = ['add', 'add', 'drop', 'repeat', 'time', 'time', 'step', 'step'] as const

function withFault(plan: FaultPlan, fault: Fault | undefined): FaultPlan {
  return fault === undefined || plan.length >= MOST_FAULTS ? plan : [...plan, fault]
}

/** The same fault earlier or later: at a time close by, or among the turns of its step. */
function atAnotherTime(stream: Stream, fault: Fault, menu: FaultMenu): Fault {
  if (fault.kind === 'ties' || fault.kind === 'haste') return fault
  if (fault.kind === 'skew') return { ...fault, fromUs: stream.below(Math.max(1, menu.endUs)) }
  if (fault.kind === 'slow') {
    const fromUs = stream.below(Math.max(1, menu.endUs))
    return { ...fault, fromUs, untilUs: fromUs + fault.untilUs - fault.fromUs }
  }
  if (!('at' in fault)) return { ...fault, nth: otherTurn(stream, fault.nth) }
  const { at } = fault
  if ('timeUs' in at) {
    const span = Math.max(2, Math.floor(menu.endUs / 5))
    return { ...fault, at: { timeUs: Math.max(0, at.timeUs - (span >> 1) + stream.below(span)) } }
  }
  return { ...fault, at: { ...at, nth: otherTurn(stream, at.nth) } }
}

/** One of the turns next to this one; now and then any up to twice as late. */
function otherTurn(stream: Stream, nth: number): number {
  if (stream.below(3) === 0) return 1 + stream.below(2 * nth)
  return stream.below(2) === 0 ? nth + 1 : Math.max(1, nth - 1)
}

/** The same fault at the step before or behind its own, in the order of the catalogue. */
function atNeighbouringStep(stream: Stream, fault: Fault, menu: FaultMenu): Fault {
  const forward = stream.below(2) === 0
  switch (fault.kind) {
    case 'slow':
    case 'skew':
    case 'ties':
    case 'haste':
      return atAnotherTime(stream, fault, menu)
    case 'exception':
      return { ...fault, point: neighbour(menu.exceptions, fault.point, forward) }
    case 'hang':
      return { ...fault, point: neighbour(menu.hangs, fault.point, forward) }
    case 'call':
      return { ...fault, point: neighbour(fault.outcome === 'unknown-later' ? callsLate(menu) : menu.calls, fault.point, forward) }
    case 'rpc':
      return { ...fault, rpc: neighbour(menu.rpcs, fault.rpc, forward) }
    case 'detour':
      return { ...fault, rpc: neighbour(fault.repeated ? menu.repeated : menu.overtaken, fault.rpc, forward) }
    default: {
      const { at } = fault
      return 'timeUs' in at
        ? atAnotherTime(stream, fault, menu)
        : { ...fault, at: { ...at, point: neighbour(menu.moments.flat(), at.point, forward) } }
    }
  }
}

/** The calls of the run that may be applied later. */
function callsLate({ calls, later = [] }: FaultMenu): readonly string[] {
  return calls.filter((call) => later.includes(call))
}

function neighbour(points: readonly string[], point: string, forward: boolean): string {
  const place = points.indexOf(point)
  return points[(place + (forward ? 1 : points.length - 1)) % Math.max(1, points.length)] ?? point
}
