import type { Stream } from '../world/index.js'
import { callFault } from './draw-calls.js'
import { drawDelay, drawDown, pick } from './draws.js'
import type { CrashFault, Fault, FaultPlan, StrikeAt } from './fault.js'
import type { FaultMenu } from './menu.js'

type Draw = (stream: Stream, menu: FaultMenu) => Fault | undefined

/** How each kind of fault is drawn. */
const DRAWS: readonly Draw[] = [
  crashing('crash'),
  crashing('host-loss'),
  (stream, menu) => {
    const point = pick(stream, reachedOf(menu, menu.exceptions))
    return point === undefined ? undefined : { kind: 'exception', point, nth: drawNth(stream, menu, point) }
  },
  (stream, menu) => {
    const point = pick(stream, menu.hangs)
    return point === undefined ? undefined : { kind: 'hang', point, nth: 1 + stream.below(2 * menu.tasks), downUs: drawDown(stream) }
  },
  (stream, menu) => {
    const point = pick(stream, reachedOf(menu, menu.calls))
    const outcome = pick(stream, ['failed', 'unknown-applied', 'unknown-lost'] as const)
    if (point === undefined || outcome === undefined) return undefined
    return callFault(stream, menu, point, outcome, { nth: drawNth(stream, menu, point) })
  },
  (stream, menu) => {
    const rpc = pick(stream, menu.rpcs)
    const late = stream.below(2) === 0
    return rpc === undefined
      ? undefined
      : { kind: 'rpc', rpc, nth: drawNth(stream, menu, rpc), ...(late && { delayUs: drawDelay(stream, menu) }) }
  },
  (stream, menu) => {
    const repeated = stream.below(2) === 0
    const rpc = pick(stream, repeated ? menu.repeated : menu.overtaken)
    return rpc === undefined
      ? undefined
      : { kind: 'detour', rpc, nth: drawNth(stream, menu, rpc), delayUs: drawDelay(stream, menu), repeated }
  },
  (stream, menu) => {
    const process = pick(stream, menu.slow)
    const fromUs = stream.below(menu.endUs)
    const untilUs = fromUs + 10_000 * (1 + stream.below(20))
    return process === undefined ? undefined : { kind: 'slow', process, fromUs, untilUs, extraUs: drawDelay(stream, menu) }
  },
  (stream, menu) => {
    const pair = pick(stream, menu.connections)
    return pair && { kind: 'disconnect', process: pair[0], other: pair[1], at: drawMoment(stream, menu, menu.moments.flat()) }
  },
  (stream, menu) => {
    const cut = pick(stream, menu.partitions)
    const direction = pick(stream, ['both', 'from', 'to'] as const)
    if (cut === undefined || direction === undefined) return undefined
    const at = drawMoment(stream, menu, menu.moments.flat())
    return { kind: 'partition', ...cut, direction, at, forUs: drawLength(stream, menu), lossy: stream.below(2) === 0 }
  },
  (stream, menu) => {
    const process = pick(stream, menu.pauses)
    return process === undefined
      ? undefined
      : { kind: 'pause', process, at: drawMoment(stream, menu, menu.moments.flat()), forUs: drawLength(stream, menu) }
  },
]

/**
 * Draws a plan without any aim, as a yardstick for those that have one: each fault is of any kind, at any target and at any moment, as
 * likely as any other; kinds without a target in this menu give way to others.
 */
export function drawRandomPlan(stream: Stream, menu: FaultMenu): FaultPlan {
  return Array.from({ length: 1 + stream.below(menu.maxFaults) }, () => drawRandomFault(stream, menu)).filter(
    (fault) => fault !== undefined,
  )
}

/** One fault of any kind; undefined when the menu is empty. */
export function drawRandomFault(stream: Stream, menu: FaultMenu): Fault | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const fault = pick(stream, DRAWS)?.(stream, menu)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** A kind that has no target is drawn again so many times at most. */
const MOST_TRIES = 32

/** Draws a process that dies. */
function crashing(kind: CrashFault['kind']): Draw {
  return (stream, menu) => {
    const at = drawMoment(stream, menu, menu.moments.flat())
    const process = 'point' in at ? '*' : pick(stream, menu.processes)
    return process === undefined ? undefined : { kind, process, at, downUs: drawDown(stream) }
  }
}

function reachedOf(menu: FaultMenu, points: readonly string[]): readonly string[] {
  return points.filter((point) => menu.reached.has(point))
}

function drawNth(stream: Stream, menu: FaultMenu, point: string): number {
  return 1 + stream.below(Math.max(1, menu.reached.get(point) ?? 0))
}

/** Any time of the run, or any time that any step is reached. */
function drawMoment(stream: Stream, menu: FaultMenu, points: readonly string[]): StrikeAt {
  const point = stream.below(2) === 0 ? undefined : pick(stream, reachedOf(menu, points))
  return point === undefined ? { timeUs: stream.below(Math.max(1, menu.endUs)) } : { point, nth: drawNth(stream, menu, point) }
}

function drawLength(stream: Stream, { heartbeatTimeoutUs }: FaultMenu): number {
  return 1 + stream.below(Math.max(1, 2 * heartbeatTimeoutUs))
}
