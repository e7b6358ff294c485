import type { Stream } from '../world/index.js'
import type { CallFault, Fault, FaultPlan } from './fault.js'

/** Which faults a scenario must survive, and how often each step is reached in a run without faults. */
export interface FaultMenu {
  /** Processes that may crash, with the steps at which they do. */
  readonly crashes: readonly { readonly process: string; readonly points: readonly string[] }[]
  readonly exceptions: readonly string[]
  readonly calls: readonly string[]
  readonly rpcs: readonly string[]
  /** Processes whose links may be slow. */
  readonly slow: readonly string[]
  /** Pairs of processes whose connection may break. */
  readonly connections: readonly (readonly [string, string])[]
  /** Reach counts of a run without faults: `nth` is drawn below them. */
  readonly reached: ReadonlyMap<string, number>
  /** When the first checkpoint completed and when the job ended without faults, µs. */
  readonly firstCheckpointUs: number
  readonly endUs: number
  /** Most faults in one plan. */
  readonly maxFaults: number
}

/** A kind of fault that a swarm may leave out. */
type Kind = Fault['kind']
const KINDS: readonly Kind[] = ['crash', 'exception', 'call', 'rpc', 'slow', 'disconnect']

/**
 * Draws a plan. Swarm testing: each seed leaves a random part of the kinds out and weighs the others differently. The first fault
 * always forces a recovery once a checkpoint has completed, because a run without one shows nothing; later ones may fall anywhere.
 */
export function drawPlan(stream: Stream, menu: FaultMenu): FaultPlan {
  const weights = KINDS.map((kind) => (stream.below(3) === 0 ? 0 : 1 + stream.below(100)) * (isPossible(kind, menu) ? 1 : 0))
  const faults: Fault[] = [drawRecovery(stream, menu)]
  const more = stream.below(menu.maxFaults)
  for (let i = 0; i < more; i++) {
    const kind = weighted(stream, weights)
    const fault = kind === undefined ? undefined : drawFault(stream, menu, kind)
    if (fault !== undefined) faults.push(fault)
  }
  return faults
}

function isPossible(kind: Kind, menu: FaultMenu): boolean {
  switch (kind) {
    case 'crash':
      return menu.crashes.length > 0
    case 'exception':
      return menu.exceptions.length > 0
    case 'call':
      return menu.calls.length > 0
    case 'rpc':
      return menu.rpcs.length > 0
    case 'slow':
      return menu.slow.length > 0
    case 'disconnect':
      return menu.connections.length > 0
  }
}

function weighted(stream: Stream, weights: readonly number[]): Kind | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) return undefined
  let left = stream.below(total)
  return KINDS.find((_, i) => (left -= weights[i] ?? 0) < 0)
}

/** A crash or an exception behind the first completed checkpoint. */
function drawRecovery(stream: Stream, menu: FaultMenu): Fault {
  const kind = menu.exceptions.length > 0 && stream.below(3) === 0 ? 'exception' : 'crash'
  return (kind === 'exception' ? drawException(stream, menu, true) : drawCrash(stream, menu, true)) ?? drawTimedCrash(stream, menu, true)
}

function drawFault(stream: Stream, menu: FaultMenu, kind: Kind): Fault | undefined {
  switch (kind) {
    case 'crash':
      return drawCrash(stream, menu, false)
    case 'exception':
      return drawException(stream, menu, false)
    case 'call':
      return drawCall(stream, menu)
    case 'rpc': {
      const rpc = pick(stream, menu.rpcs)
      const late = stream.below(2) === 0
      return rpc === undefined
        ? undefined
        : { kind, rpc, nth: nth(stream, menu, rpc, false), ...(late && { delayUs: 1000 * (1 + stream.below(200)) }) }
    }
    case 'slow': {
      const process = pick(stream, menu.slow)
      const fromUs = stream.below(menu.endUs)
      return process === undefined
        ? undefined
        : { kind, process, fromUs, untilUs: fromUs + 10_000 * (1 + stream.below(20)), extraUs: 1000 * (1 + stream.below(20)) }
    }
    case 'disconnect': {
      const pair = pick(stream, menu.connections)
      return pair === undefined ? undefined : { kind, process: pair[0], other: pair[1], atUs: stream.below(menu.endUs) }
    }
  }
}

function drawCrash(stream: Stream, menu: FaultMenu, afterFirst: boolean): Fault | undefined {
  const target = pick(stream, menu.crashes)
  if (target === undefined) return undefined
  const points = target.points.filter((point) => (menu.reached.get(point) ?? 0) > (afterFirst ? 1 : 0))
  const point = stream.below(3) === 0 ? undefined : pick(stream, points)
  if (point === undefined)
    return { kind: 'crash', process: target.process, at: { timeUs: drawTime(stream, menu, afterFirst) }, downUs: drawDown(stream) }
  return { kind: 'crash', process: '*', at: { point, nth: nth(stream, menu, point, afterFirst) }, downUs: drawDown(stream) }
}

function drawTimedCrash(stream: Stream, menu: FaultMenu, afterFirst: boolean): Fault {
  const process = pick(stream, menu.crashes)?.process ?? ''
  return { kind: 'crash', process, at: { timeUs: drawTime(stream, menu, afterFirst) }, downUs: drawDown(stream) }
}

function drawException(stream: Stream, menu: FaultMenu, afterFirst: boolean): Fault | undefined {
  const points = menu.exceptions.filter(
    (point) => (menu.reached.get(point) ?? 0) > (afterFirst ? 1 : 0) && !(afterFirst && point === 'task.restore'),
  )
  const point = pick(stream, points)
  return point === undefined ? undefined : { kind: 'exception', point, nth: nth(stream, menu, point, afterFirst) }
}

function drawCall(stream: Stream, menu: FaultMenu): CallFault | undefined {
  const point = pick(stream, menu.calls)
  const outcome = pick(stream, ['failed', 'unknown-applied', 'unknown-lost'] as const)
  return point === undefined || outcome === undefined ? undefined : { kind: 'call', point, nth: nth(stream, menu, point, false), outcome }
}

/** Steps are reached about evenly over the run: behind the first checkpoint means in the later part of the counts. */
function nth(stream: Stream, menu: FaultMenu, point: string, afterFirst: boolean): number {
  const count = Math.max(1, menu.reached.get(point) ?? 1)
  const skipped = afterFirst ? Math.floor((count * menu.firstCheckpointUs) / Math.max(1, menu.endUs)) : 0
  return 1 + skipped + stream.below(Math.max(1, count - skipped))
}

function drawTime(stream: Stream, menu: FaultMenu, afterFirst: boolean): number {
  const from = afterFirst ? menu.firstCheckpointUs : 0
  return from + stream.below(Math.max(1, menu.endUs - from))
}

function drawDown(stream: Stream): number {
  return 1000 * (1 + stream.below(stream.below(2) === 0 ? 20 : 300))
}

function pick<T>(stream: Stream, choices: readonly T[]): T | undefined {
  return choices.length === 0 ? undefined : choices[stream.below(choices.length)]
}
