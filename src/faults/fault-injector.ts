import type { AnyMessage, Detour, Interference, Link, Outcome, ProcessRef, Strike } from '../world/index.js'
import type { CrashFault, DetourFault, DisconnectFault, Fault, FaultPlan, PauseFault, RpcFault, SlowFault } from './fault.js'
import { Silences } from './silences.js'

/** What the injector must know of the world it strikes. */
export interface FaultTarget {
  /** Name of the process that an actor belongs to. */
  processOf(actor: number): string
  /** How often the process of an actor was started. */
  incarnationOf(actor: number): number
  processName(process: ProcessRef): string
  processNamed(name: string): ProcessRef
  /** Name of the remote procedure call that a message is, if it is one that may be lost or late. */
  rpcOf(message: AnyMessage): string | undefined
  /** Records that a fault hit a live target. */
  landed(fault: Fault, point: string, target: string): void
}

/** How often each named step, call and RPC was reached; a plan's `nth` counts in these. */
export type ReachCounts = ReadonlyMap<string, number>

/** One named step, call or RPC; found by name once for each time it is reached. */
interface Point {
  /** Times it was reached so far. */
  nth: number
  /** What the plan has for it; faults at a time are not in here. */
  readonly faults: readonly Fault[]
}

/**
 * Strikes a world as a plan says. It counts how often each named step is reached, and tells each fault that hits a live target:
 * a fault that does not is no evidence of anything.
 */
export class FaultInjector implements Interference {
  private readonly points = new Map<string, Point>()
  private readonly down = new Map<string, number>()
  private readonly slow: readonly SlowFault[]
  /** Faults whose step was reached, and that strike right behind it. */
  private readonly striking = new Set<Fault>()
  /** Who cannot be heard; undefined when the plan silences nobody. */
  private silences: Silences | undefined

  constructor(
    private readonly plan: FaultPlan,
    private readonly target: FaultTarget,
  ) {
    this.silences = Silences.of(plan, target)
    this.slow = plan.filter((fault) => fault.kind === 'slow')
  }

  /** How often each step, call and RPC was reached so far. */
  get reached(): ReachCounts {
    return new Map([...this.points].map(([name, { nth }]) => [name, nth]))
  }

  strikes(actor: number, failpoint: string, now: number): boolean | Strike {
    const { nth, faults } = this.count(failpoint)
    if (faults.length === 0) return false
    return this.dies(actor, failpoint, nth, faults) || this.strikesBehind(nth, faults, now)
  }

  private dies(actor: number, failpoint: string, nth: number, faults: readonly Fault[]): boolean {
    const process = this.target.processOf(actor)
    const fault = faults.find(
      (candidate): candidate is CrashFault =>
        candidate.kind === 'crash' && 'nth' in candidate.at && candidate.at.nth === nth && matches(candidate.process, process),
    )
    if (fault === undefined) return false
    this.down.set(process, fault.downUs)
    this.target.landed(fault, failpoint, process)
    return true
  }

  private strikesBehind(nth: number, faults: readonly Fault[], now: number): boolean | Strike {
    let strike: boolean | Strike = false
    for (const fault of faults) {
      if (!('at' in fault) || !('nth' in fault.at) || fault.at.nth !== nth || this.striking.has(fault)) continue
      if (fault.kind === 'partition') this.silences?.cut(fault, now)
      if (strike !== false || (fault.kind !== 'disconnect' && fault.kind !== 'pause')) continue
      this.striking.add(fault)
      strike = strikeOf(fault, this.target)
    }
    return strike
  }

  /** A connection broke: there was one. */
  disconnected(one: ProcessRef, other: ProcessRef, now: number): void {
    const [process, peer] = [this.target.processName(one), this.target.processName(other)]
    const fault = this.plan.find(
      (candidate) =>
        candidate.kind === 'disconnect' && candidate.process === process && candidate.other === peer && this.hasStruck(candidate, now),
    )
    if (fault?.kind === 'disconnect') {
      this.target.landed(fault, 'timeUs' in fault.at ? 'time' : fault.at.point, `${process} - ${peer}`)
    }
  }

  /** A process has stopped. */
  paused(process: ProcessRef, untilUs: number, now: number): void {
    const name = this.target.processName(process)
    const fault = this.plan.find((candidate) => candidate.kind === 'pause' && candidate.process === name && this.hasStruck(candidate, now))
    this.silences?.pause(fault?.kind === 'pause' ? fault : undefined, process, untilUs)
  }

  /** Absent when nobody is silenced: then nobody needs heartbeats. */
  get heard(): ((from: number, to: number, now: number) => boolean) | undefined {
    const { silences } = this
    return silences && ((from, to, now) => silences.heard(from, to, now))
  }

  private hasStruck(fault: DisconnectFault | PauseFault, now: number): boolean {
    return 'timeUs' in fault.at ? fault.at.timeUs === now : this.striking.delete(fault)
  }

  fails(actor: number, failpoint: string): boolean {
    const { nth, faults } = this.count(failpoint)
    if (faults.length === 0) return false
    const fault = faults.find((candidate) => (candidate.kind === 'exception' || candidate.kind === 'hang') && candidate.nth === nth)
    if (fault === undefined) return false
    const process = this.target.processOf(actor)
    if (fault.kind === 'hang') this.down.set(process, fault.downUs)
    this.target.landed(fault, failpoint, process)
    return true
  }

  outcome(actor: number, failpoint: string): Outcome {
    const { nth, faults } = this.count(failpoint)
    for (const fault of faults) {
      if (fault.kind !== 'call' || fault.nth !== nth) continue
      this.target.landed(fault, failpoint, this.target.processOf(actor))
      return fault.outcome
    }
    return 'done'
  }

  transit(link: Link, message: AnyMessage, now: number): number | Detour {
    let extra = 0
    const rpc = this.target.rpcOf(message)
    if (rpc !== undefined) {
      const fault = this.faultOfCall(rpc)
      if (fault !== undefined) {
        this.target.landed(fault, rpc, this.target.processOf(link.to))
        if (fault.delayUs === undefined) return -1
        if (fault.kind === 'detour') {
          return { afterUs: fault.delayUs, repeated: fault.repeated, incarnation: this.target.incarnationOf(link.to) }
        }
        extra += fault.delayUs
      }
    }
    if (this.silences !== undefined) {
      const held = this.silences.transit(link, rpc !== undefined, now)
      if (held < 0) return -1
      extra += held
    }
    return this.slow.length === 0 ? extra : extra + this.slowness(link, now)
  }

  private faultOfCall(rpc: string): RpcFault | DetourFault | undefined {
    const { nth, faults } = this.count(rpc)
    return faults.find(
      (candidate): candidate is RpcFault | DetourFault =>
        (candidate.kind === 'rpc' || candidate.kind === 'detour') && candidate.nth === nth,
    )
  }

  private slowness(link: Link, now: number): number {
    let extra = 0
    for (const fault of this.slow) {
      if (now < fault.fromUs || now >= fault.untilUs) continue
      const { process } = fault
      if (this.target.processOf(link.from) !== process && this.target.processOf(link.to) !== process) continue
      extra += fault.extraUs
      // Only its first message is the landing; the others are the same fault.
      if (this.count(`slow/${process}/${String(fault.fromUs)}`).nth === 1) this.target.landed(fault, 'link', process)
    }
    return extra
  }

  /** A process died: by a strike of the plan at a time, or at a step (which has told already). */
  restartAfter(process: ProcessRef, now: number): number | undefined {
    const name = this.target.processName(process)
    this.silences?.crashed(name)
    const planned = this.down.get(name)
    this.down.delete(name)
    if (planned !== undefined) return planned
    const fault = this.plan.find(
      (candidate): candidate is CrashFault =>
        candidate.kind === 'crash' && 'timeUs' in candidate.at && candidate.at.timeUs === now && candidate.process === name,
    )
    if (fault === undefined) return undefined
    this.target.landed(fault, 'time', name)
    return fault.downUs
  }

  fork(): Interference {
    const copy = new FaultInjector(this.plan, this.target)
    for (const [name, { nth, faults }] of this.points) copy.points.set(name, { nth, faults })
    for (const [name, downUs] of this.down) copy.down.set(name, downUs)
    for (const fault of this.striking) copy.striking.add(fault)
    copy.silences = this.silences?.fork()
    return copy
  }

  private count(name: string): Point {
    let point = this.points.get(name)
    if (point === undefined) {
      point = { nth: 0, faults: this.plan.filter((fault) => pointOf(fault) === name) }
      this.points.set(name, point)
    }
    point.nth++
    return point
  }
}

/** Where a fault waits for its turn; undefined for those that strike at a time. */
function pointOf(fault: Fault): string | undefined {
  switch (fault.kind) {
    case 'crash':
    case 'disconnect':
    case 'partition':
    case 'pause':
      return 'point' in fault.at ? fault.at.point : undefined
    case 'exception':
    case 'call':
    case 'hang':
      return fault.point
    case 'rpc':
    case 'detour':
      return fault.rpc
    default:
      return undefined
  }
}

/** The strike that a fault comes to. */
export function strikeOf(fault: CrashFault | DisconnectFault | PauseFault, target: Pick<FaultTarget, 'processNamed'>): Strike {
  const process = target.processNamed(fault.process)
  switch (fault.kind) {
    case 'crash':
      return { kind: 'crash', process }
    case 'disconnect':
      return { kind: 'disconnect', process, other: target.processNamed(fault.other) }
    case 'pause':
      return { kind: 'pause', process, forUs: fault.forUs }
  }
}

function matches(pattern: string, process: string): boolean {
  return pattern === '*' || pattern === process
}
