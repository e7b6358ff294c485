import type { Stream } from '../world/index.js'
import { pick, type FaultMenu } from './draw-plan.js'
import type { Fault, StrikeAt } from './fault.js'

/**
 * Draws what happens to the links of a run besides the plan of its other faults, in every third run. From a stream of its own: that
 * there are kinds of link faults shifts no draw of the others.
 */
export function drawLinkFaults(stream: Stream, menu: FaultMenu): readonly Fault[] {
  if (stream.below(3) > 0) return []
  const pair = pick(stream, menu.connections)
  return pair === undefined ? [] : [{ kind: 'disconnect', process: pair[0], other: pair[1], at: drawMoment(stream, menu) }]
}

/** Any time of the run; two times of three at a step of the protocol, each moment of it as often as the others. */
function drawMoment(stream: Stream, menu: FaultMenu): StrikeAt {
  const reached = (point: string): number => menu.reached.get(point) ?? 0
  const moments = menu.moments.map((points) => points.filter((point) => reached(point) > 0)).filter(({ length }) => length > 0)
  const point = stream.below(3) === 0 ? undefined : pick(stream, pick(stream, moments) ?? [])
  return point === undefined ? { timeUs: stream.below(Math.max(1, menu.endUs)) } : { point, nth: 1 + stream.below(reached(point)) }
}
