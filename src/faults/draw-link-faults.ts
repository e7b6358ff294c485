import type { Stream } from '../world/index.js'
import { pick, type FaultMenu } from './draw-plan.js'
import type { Fault, StrikeAt } from './fault.js'

/** Kinds of faults of links: each strikes as often as the others where it has a target. */
const KINDS = [drawDisconnect, drawPartition, drawPause]

/**
 * Draws what happens to the links of a run besides the plan of its other faults, in every third run. From a stream of its own: that
 * there are kinds of link faults shifts no draw of the others.
 */
export function drawLinkFaults(stream: Stream, menu: FaultMenu): readonly Fault[] {
  if (stream.below(3) > 0) return []
  const fault = pick(stream, KINDS)?.(stream, menu)
  return fault === undefined ? [] : [fault]
}

function drawDisconnect(stream: Stream, menu: FaultMenu): Fault | undefined {
  const pair = pick(stream, menu.connections)
  return pair && { kind: 'disconnect', process: pair[0], other: pair[1], at: drawMoment(stream, menu) }
}

function drawPartition(stream: Stream, menu: FaultMenu): Fault | undefined {
  const cut = pick(stream, menu.partitions)
  const direction = pick(stream, ['both', 'from', 'to'] as const)
  if (cut === undefined || direction === undefined) return undefined
  const at = drawMoment(stream, menu)
  return { kind: 'partition', ...cut, direction, at, forUs: drawSilence(stream, menu), lossy: stream.below(2) === 0 }
}

function drawPause(stream: Stream, menu: FaultMenu): Fault | undefined {
  const process = pick(stream, menu.pauses)
  return process === undefined ? undefined : { kind: 'pause', process, at: drawMoment(stream, menu), forUs: drawSilence(stream, menu) }
}

/** Two of three last so long that heartbeats time out. */
function drawSilence(stream: Stream, { heartbeatTimeoutUs }: FaultMenu): number {
  const us = 1 + stream.below(Math.max(1, heartbeatTimeoutUs))
  return stream.below(3) === 0 ? us : heartbeatTimeoutUs + us
}

/** Any time of the run; two times of three at a step of the protocol, each moment of it as often as the others. */
function drawMoment(stream: Stream, menu: FaultMenu): StrikeAt {
  const reached = (point: string): number => menu.reached.get(point) ?? 0
  const moments = menu.moments.map((points) => points.filter((point) => reached(point) > 0)).filter(({ length }) => length > 0)
  const point = stream.below(3) === 0 ? undefined : pick(stream, pick(stream, moments) ?? [])
  return point === undefined ? { timeUs: stream.below(Math.max(1, menu.endUs)) } : { point, nth: 1 + stream.below(reached(point)) }
}
