import type { Fault, FaultPlan, Turn } from '../../faults/index.js'
import type { Reach, ReachLog } from '../reach-log.js'

/**
 * The plan for another run of the same story: each fault at a named step strikes the occurrence of that step, at the same process, that
 * is nearest in time to the one it struck before. Undefined when nothing moves.
 */
export function movedFaults(plan: FaultPlan, before: ReachLog, now: ReachLog): FaultPlan | undefined {
  const moved = plan.map((fault) => {
    const place = placeOf(fault)
    const struck = place && before.find(place.point, place.nth)
    const nearest = struck && nearestTo(struck, now)
    return nearest === undefined || nearest.nth === place?.nth ? fault : atTurn(fault, nearest.nth)
  })
  return moved.some((fault, i) => fault !== plan[i]) ? moved : undefined
}

function nearestTo(struck: Reach, { all }: ReachLog): Reach | undefined {
  const distance = ({ timeUs }: Reach): number => Math.abs(timeUs - struck.timeUs)
  let nearest: Reach | undefined
  for (const reach of all) {
    if (reach.point !== struck.point || reach.process !== struck.process) continue
    if (nearest === undefined || distance(reach) < distance(nearest)) nearest = reach
  }
  return nearest
}

/**
 * The named step, call or RPC at which a fault strikes, and the how manieth of the run; undefined when it strikes at a time, or counts
 * only some of them.
 */
export function placeOf(fault: Fault): { readonly point: string; readonly nth: number } | undefined {
  const turn = turnOf(fault)
  return turn?.who === undefined && turn?.depth === undefined ? turn : undefined
}

/** The same, of whichever it counts. */
export function turnOf(fault: Fault): ({ readonly point: string } & Turn) | undefined {
  if ('at' in fault) return 'point' in fault.at ? fault.at : undefined
  if ('rpc' in fault) return { ...fault, point: fault.rpc }
  return 'point' in fault ? fault : undefined
}

/**
 * The same plan, in which no fault counts only what somebody does or what comes in a recovery: each strikes where it struck, counted in the
 * whole run. Undefined where there is no such fault. What it needed to come to that may be left out then.
 */
export function countedInRun(plan: FaultPlan, { turns }: ReachLog): FaultPlan | undefined {
  const counted = plan.map((fault) => {
    const nth = turns.get(fault)
    return nth === undefined || placeOf(fault) !== undefined ? fault : ofAll(fault, nth)
  })
  return counted.some((fault, i) => fault !== plan[i]) ? counted : undefined
}

/** The same fault at an occurrence among all. */
function ofAll(fault: Fault, nth: number): Fault {
  if ('at' in fault) return 'point' in fault.at ? { ...fault, at: { point: fault.at.point, nth } } : fault
  if (!('nth' in fault)) return fault
  const { who: _who, depth: _depth, ...plain } = fault
  return { ...plain, nth }
}

/** The same fault at another occurrence. */
export function atTurn(fault: Fault, nth: number): Fault {
  if ('at' in fault) return 'point' in fault.at ? { ...fault, at: { ...fault.at, nth } } : fault
  return 'nth' in fault ? { ...fault, nth } : fault
}
