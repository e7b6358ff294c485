/** When each named step of a run was reached, and by whom: where a fault could strike instead. */
import type { Fault, FaultInjector, FaultTarget } from '../faults/index.js'
import type { Interference } from '../world/index.js'

/** What kind of fault may strike there. */
export type ReachKind = 'step' | 'exception' | 'call' | 'rpc'

/** One time that a step, call or RPC was reached. */
export interface Reach {
  readonly kind: ReachKind
  readonly point: string
  /** The how manieth time in the run it is; from 1, as faults count. */
  readonly nth: number
  /** Whose step it is; of an RPC, who is called. */
  readonly process: string
  readonly timeUs: number
}

/** All of them, in order. */
export class ReachLog {
  readonly all: Reach[] = []
  /** At which time of all in the run, from 1, the turn of each fault of the plan came that counts only some of them or all. */
  turns: ReadonlyMap<Fault, number> = new Map()
  private readonly counts = new Map<string, number>()

  /** Takes one in. */
  note(kind: ReachKind, point: string, process: string, timeUs: number): void {
    const nth = (this.counts.get(point) ?? 0) + 1
    this.counts.set(point, nth)
    this.all.push({ kind, point, nth, process, timeUs })
  }

  /** The `nth` time that a point was reached. */
  find(point: string, nth: number): Reach | undefined {
    return (this.counts.get(point) ?? 0) < nth ? undefined : this.all.find((reach) => reach.point === point && reach.nth === nth)
  }
}

/** Interferes as `inner` does, and notes what is reached. */
export function noting(inner: FaultInjector, target: FaultTarget, log: ReachLog): Interference {
  log.turns = inner.turnsInRun
  return {
    ...(inner.heard !== undefined && { heard: inner.heard }),
    ...(inner.ahead !== undefined && { ahead: inner.ahead }),
    ...(inner.gridUs !== undefined && { gridUs: inner.gridUs }),
    strikes(actor, failpoint, now) {
      log.note('step', failpoint, target.processOf(actor), now)
      return inner.strikes(actor, failpoint, now)
    },
    fails(actor, failpoint, now) {
      log.note('exception', failpoint, target.processOf(actor), now)
      return inner.fails(actor, failpoint, now)
    },
    outcome(actor, failpoint, now) {
      log.note('call', failpoint, target.processOf(actor), now)
      return inner.outcome(actor, failpoint, now)
    },
    transit(link, message, now) {
      const rpc = target.rpcOf(link, message)
      if (rpc !== undefined) log.note('rpc', rpc, target.processOf(link.to), now)
      return inner.transit(link, message, now)
    },
    losesHost: (process, now) => inner.losesHost(process, now),
    restartAfter: (process, now) => inner.restartAfter?.(process, now),
    disconnected: (one, other, now) => inner.disconnected?.(one, other, now),
    paused: (process, untilUs, now) => inner.paused?.(process, untilUs, now),
  }
}
