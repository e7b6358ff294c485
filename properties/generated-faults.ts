/** Faults as values that fast-check can draw and make smaller: places are told by their share of a run without faults. */
import type { Fault, FaultMenu, FaultPlan } from '../src/faults/index.js'

/** One fault before it is known what the job has to be struck. `which` and `when` are per mille. */
export interface GeneratedFault {
  readonly kind: 'crash-at-step' | 'crash-at-time' | 'exception' | 'call' | 'message' | 'slow'
  /** Which of the possible targets. */
  readonly which: number
  /** At which share of the run, or of the times its step is reached. */
  readonly when: number
  /** How long the process is down, the message late or the link slow. */
  readonly ms: number
  readonly outcome: 'failed' | 'unknown-applied' | 'unknown-lost'
}

/** The plan that the faults make for a job with this menu. Those for which there is no target are left out. */
export function planOf(faults: readonly GeneratedFault[], menu: FaultMenu): FaultPlan {
  return faults.flatMap((fault) => faultOf(fault, menu) ?? [])
}

function faultOf(generated: GeneratedFault, menu: FaultMenu): Fault | undefined {
  const { kind, which, when, ms, outcome } = generated
  const us = ms * 1000
  const timeUs = share(when, menu.endUs)
  switch (kind) {
    case 'crash-at-step': {
      const point = pick(which, reached(menu.moments.flat(), menu))
      return point === undefined ? undefined : { kind: 'crash', process: '*', at: { point, nth: nth(when, point, menu) }, downUs: us }
    }
    case 'crash-at-time': {
      const process = pick(which, menu.processes)
      return process === undefined ? undefined : { kind: 'crash', process, at: { timeUs }, downUs: us }
    }
    case 'exception': {
      const point = pick(which, reached(menu.exceptions, menu))
      return point === undefined ? undefined : { kind, point, nth: nth(when, point, menu) }
    }
    case 'call': {
      const point = pick(which, reached(menu.calls, menu))
      return point === undefined ? undefined : { kind, point, nth: nth(when, point, menu), outcome }
    }
    case 'message': {
      const rpc = pick(which, reached(menu.rpcs, menu))
      if (rpc === undefined) return undefined
      return { kind: 'rpc', rpc, nth: nth(when, rpc, menu), ...(outcome !== 'failed' && { delayUs: 2 * us }) }
    }
    case 'slow': {
      const process = pick(which, menu.slow)
      return process === undefined
        ? undefined
        : { kind, process, fromUs: timeUs, untilUs: timeUs + us, extraUs: 1000 + share(when, 20_000) }
    }
  }
}

function reached(points: readonly string[], menu: FaultMenu): readonly string[] {
  return points.filter((point) => (menu.reached.get(point) ?? 0) > 0)
}

/** Steps of a deployment are reached anew by each recovery, so that they may be struck there, too. */
function nth(when: number, point: string, { reached, recovery }: FaultMenu): number {
  const times = reached.get(point) ?? 1
  return 1 + share(when, recovery.has(point) ? 3 * times : times)
}

function share(perMille: number, whole: number): number {
  return Math.floor((perMille * whole) / 1000)
}

function pick<T>(perMille: number, choices: readonly T[]): T | undefined {
  return choices[share(perMille, choices.length)]
}
