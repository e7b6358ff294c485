import type { Stream } from '../world/index.js'
import { drawStep, drawTurn, pick, type Phase } from './draws.js'
import type { Fault, StrikeAt } from './fault.js'
import type { FaultMenu } from './menu.js'

/** Draws a connection that breaks. */
export function drawDisconnect(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const pair = pick(stream, menu.connections)
  return pair && { kind: 'disconnect', process: pair[0], other: pair[1], at: drawMoment(stream, menu, phase) }
}

/** Draws a process that is cut off from others for a while. */
export function drawPartition(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const cut = pick(stream, menu.partitions)
  const direction = pick(stream, ['both', 'from', 'to'] as const)
  if (cut === undefined || direction === undefined) return undefined
  const at = drawMoment(stream, menu, phase)
  return { kind: 'partition', ...cut, direction, at, forUs: drawSilence(stream, menu), lossy: stream.below(2) === 0 }
}

/** Draws a process that stops for a while. */
export function drawPause(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const process = pick(stream, menu.pauses)
  return process === undefined
    ? undefined
    : { kind: 'pause', process, at: drawMoment(stream, menu, phase), forUs: drawSilence(stream, menu) }
}

/** Draws a process to and from which everything takes longer for a while. */
export function drawSlow(stream: Stream, menu: FaultMenu): Fault | undefined {
  const process = pick(stream, menu.slow)
  const fromUs = stream.below(menu.endUs)
  if (process === undefined) return undefined
  return { kind: 'slow', process, fromUs, untilUs: fromUs + 10_000 * (1 + stream.below(20)), extraUs: drawSlowness(stream, menu) }
}

/** A few milliseconds, or so much that a checkpoint expires within a few hops. */
function drawSlowness(stream: Stream, menu: FaultMenu): number {
  return 1000 + stream.below(stream.below(2) === 0 ? 20_000 : Math.ceil(menu.latestUs / 8))
}

/** Two of three last so long that heartbeats time out. */
function drawSilence(stream: Stream, { heartbeatTimeoutUs }: FaultMenu): number {
  const us = 1 + stream.below(Math.max(1, heartbeatTimeoutUs))
  return stream.below(3) === 0 ? us : heartbeatTimeoutUs + us
}

/**
 * Any time of the run; two times of three, and always in a recovery, at a step of the protocol, each moment of it as often as the others.
 */
function drawMoment(stream: Stream, menu: FaultMenu, phase: Phase): StrikeAt {
  const point = phase !== 'recovery' && stream.below(3) === 0 ? undefined : drawStep(stream, menu, phase)
  return point === undefined ? { timeUs: stream.below(Math.max(1, menu.endUs)) } : { point, ...drawTurn(stream, menu, point, phase) }
}
