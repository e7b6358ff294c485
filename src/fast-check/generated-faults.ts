/** Faults as values that fast-check can draw and make smaller: places are told by their share of a run without faults. */
import type { CallOutcome, Fault, FaultMenu, FaultPlan, StrikeAt } from '../faults/index.js'

/** Kinds of generated faults, simplest first: that is what they shrink to. */
export const GENERATED_KINDS = [
  'crash',
  'exception',
  'host-loss',
  'call',
  'lost',
  'late',
  'repeated',
  'overtaken',
  'disconnect',
  'pause',
  'partition',
  'hang',
  'slow',
] as const

/** One fault before it is known what the job has to be struck. `target`, `peer` and `when` are per mille. */
export interface GeneratedFault {
  readonly kind: (typeof GENERATED_KINDS)[number]
  /** At a step of the protocol, or at a time; for kinds that know both. */
  readonly at: 'step' | 'time'
  /** Which of the possible steps, calls or messages. */
  readonly target: number
  /** Which of the possible processes. */
  readonly peer: number
  /** At which share of the run, or of the times its step is reached. */
  readonly when: number
  /** How long the process is down, silent or slow, or the message late. */
  readonly ms: number
  /** It lasts that much longer than the heartbeat timeout. */
  readonly noticed: boolean
  /** One that is not among those of a call is lost there. */
  readonly outcome: CallOutcome
  readonly direction: 'both' | 'from' | 'to'
  readonly lossy: boolean
}

/** The plan that generated faults make against a menu. Those for which there is no target are left out. */
export function planAgainst(menu: FaultMenu, faults: readonly GeneratedFault[]): FaultPlan {
  return faults.flatMap((fault) => faultOf(fault, menu) ?? [])
}

/** A call that is made only when something else goes wrong: struck among the first few. */
const FEW = 4

function faultOf(generated: GeneratedFault, menu: FaultMenu): Fault | undefined {
  const { kind, target, when, outcome } = generated
  const us = generated.ms * 1000
  switch (kind) {
    case 'crash':
    case 'host-loss':
      return crashOf(generated, menu)
    case 'exception': {
      const point = pick(target, reached(menu.exceptions, menu))
      return point === undefined ? undefined : { kind, point, nth: nth(when, point, menu) }
    }
    case 'call': {
      const point = pick(target, reached(menu.calls, menu))
      if (point === undefined) return undefined
      const fault = { kind, point, nth: nth(when, point, menu) }
      if (outcome !== 'unknown-later') return { ...fault, outcome }
      return menu.later?.includes(point) === true ? { ...fault, outcome, delayUs: us } : { ...fault, outcome: 'unknown-lost' }
    }
    case 'lost':
    case 'late': {
      const rpc = pick(target, reached(menu.rpcs, menu))
      return rpc === undefined ? undefined : { kind: 'rpc', rpc, nth: nth(when, rpc, menu), ...(kind === 'late' && { delayUs: 2 * us }) }
    }
    case 'repeated':
    case 'overtaken': {
      const rpc = pick(target, kind === 'repeated' ? menu.repeated : menu.overtaken)
      return rpc === undefined
        ? undefined
        : { kind: 'detour', rpc, nth: amongFirst(when, rpc, menu), delayUs: us, repeated: kind === 'repeated' }
    }
    case 'hang': {
      const point = pick(target, menu.hangs)
      return point === undefined ? undefined : { kind, point, nth: 1 + share(when, 2 * menu.tasks), downUs: us }
    }
    case 'disconnect':
    case 'pause':
    case 'partition':
      return silenceOf(generated, menu)
    case 'slow': {
      const process = pick(target, menu.slow)
      const fromUs = share(when, menu.endUs)
      return process === undefined ? undefined : { kind, process, fromUs, untilUs: fromUs + us, extraUs: 1000 + share(when, 20_000) }
    }
  }
}

function crashOf(generated: GeneratedFault, menu: FaultMenu): Fault | undefined {
  const downUs = generated.ms * 1000
  const at = momentOf(generated, menu)
  // Whoever reaches the step; at a time it must be said who.
  const process = 'point' in at ? '*' : pick(generated.peer, menu.processes)
  return process === undefined ? undefined : { kind: generated.kind === 'host-loss' ? 'host-loss' : 'crash', process, at, downUs }
}

/** A link that breaks, or a process that is not heard for a while. */
function silenceOf(generated: GeneratedFault, menu: FaultMenu): Fault | undefined {
  const { kind, peer, direction, lossy, noticed } = generated
  const at = momentOf(generated, menu)
  const forUs = generated.ms * 1000 + (noticed ? menu.heartbeatTimeoutUs : 0)
  if (kind === 'disconnect') {
    const pair = pick(peer, menu.connections)
    return pair && { kind, process: pair[0], other: pair[1], at }
  }
  if (kind === 'pause') {
    const process = pick(peer, menu.pauses)
    return process === undefined ? undefined : { kind, process, at, forUs }
  }
  const cut = pick(peer, menu.partitions)
  return cut && { kind: 'partition', ...cut, direction, at, forUs, lossy }
}

/** A step of the protocol where one is wanted and there is one; else a time. */
function momentOf({ at, target, when }: GeneratedFault, menu: FaultMenu): StrikeAt {
  const point = at === 'step' ? pick(target, reached(menu.moments.flat(), menu)) : undefined
  return point === undefined ? { timeUs: share(when, menu.endUs) } : { point, nth: nth(when, point, menu) }
}

function reached(points: readonly string[], menu: FaultMenu): readonly string[] {
  return points.filter((point) => (menu.reached.get(point) ?? 0) > 0)
}

/** Steps of a deployment are reached anew by each recovery, so that they may be struck there, too. */
function nth(when: number, point: string, { reached, recovery }: FaultMenu): number {
  const times = reached.get(point) ?? 1
  return 1 + share(when, recovery.has(point) ? 3 * times : times)
}

function amongFirst(when: number, rpc: string, { reached }: FaultMenu): number {
  return 1 + share(when, Math.max(FEW, reached.get(rpc) ?? 0))
}

function share(perMille: number, whole: number): number {
  return Math.floor((perMille * whole) / 1000)
}

function pick<T>(perMille: number, choices: readonly T[]): T | undefined {
  return choices[share(perMille, choices.length)]
}
