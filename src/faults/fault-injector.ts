import type { AnyMessage, Detour, Interference, Link, Outcome, ProcessRef, Strike } from '../world/index.js'
import type { ExceptionPoint } from '../engine/index.js'
import {
  isCrash,
  type CrashFault,
  type DetourFault,
  type DisconnectFault,
  type Fault,
  type FaultPlan,
  type HangFault,
  type PauseFault,
  type RpcFault,
  type TiesFault,
  type Turn,
} from './fault.js'
import { LastingFaults } from './lasting-faults.js'
import { RecoveryDepth, signOf, type Depth } from './recovery-depth.js'
import { Silences } from './silences.js'
import { StabilityWindows } from './stability-windows.js'
import { pointOf, strikeOf, turnOf } from './where-it-strikes.js'

/** Who takes a step, answers a call, or receives an RPC. */
export interface Taker {
  /** Its role in the protocol. */
  readonly role: string
  /** Every name that a plan may call it by: role, subtask of the role, vertex, process. */
  readonly names: readonly string[]
}

/** Where in the protocol a fault struck. */
export interface Place {
  readonly role: string
  /** In normal running, in a recovery, or deeper. */
  readonly depth: Depth
}

/** What the injector must know of the world it strikes. */
export interface FaultTarget {
  /** Name of the process that an actor belongs to. */
  processOf(actor: number): string
  /** How often the process of an actor was started. */
  incarnationOf(actor: number): number
  processName(process: ProcessRef): string
  processNamed(name: string): ProcessRef
  /** Whether the job fails with this process. */
  isOfJob(process: string): boolean
  /**
   * Behind this nothing new goes wrong, µs: what is paused or cut off comes back, what has died starts again, unless it was lost for good,
   * and the job must end.
   */
  safetyPhaseUs(): number
  /** Name of the remote procedure call that a message on this link is, if it is one that may be lost or late. */
  rpcOf(link: Link, message: AnyMessage): string | undefined
  /** Who takes a step, answers a call, or receives an RPC, which is then given by its message. */
  takerOf(point: string, actor: number, message?: AnyMessage): Taker
  /** Is told of every step, call and RPC that comes to pass; absent when nobody counts them. */
  readonly counted?: ((point: string, actor: number, message?: AnyMessage) => void) | undefined
  /** Records that a fault hit a live target; `place` where it struck at a named step, call or RPC. */
  landed(fault: Fault, point: string, target: string, place?: Place): void
}

/** How often each named step, call and RPC was reached; a plan's `nth` counts in these. */
export type ReachCounts = ReadonlyMap<string, number>

/** One named step, call or RPC; found by name once for each time it is reached. */
interface Point {
  /** Times it was reached so far. */
  nth: number
  /** What the plan has for it; faults at a time are not in here. */
  readonly waiting: readonly Waiting[]
  readonly sign: ReturnType<typeof signOf>
}

/** A fault that waits for its turn. */
interface Waiting {
  readonly fault: Fault
  readonly turn: Turn
  /** Times that what it waits for came to pass; see `Turn`. */
  seen: number
}

const NONE: readonly Fault[] = []

/** A fault that strikes right behind a step, where and when, µs: one that hits nothing then has not struck at all. */
interface Striking {
  readonly process: string
  readonly atUs: number
  readonly place: Place
}

/**
 * Strikes a world as a plan says. It counts how often each named step is reached, and tells each fault that hits a live target:
 * a fault that does not is no evidence of anything.
 */
export class FaultInjector implements Interference {
  private readonly points = new Map<string, Point>()
  /** Of what the processes of these names die, or will, where that has landed already. */
  private readonly dying = new Map<string, CrashFault | HangFault>()
  private lasting: LastingFaults
  private windows: StabilityWindows
  private readonly ties: TiesFault | undefined
  /** Faults whose step was reached, and that strike right behind it. */
  private readonly striking = new Map<Fault, Striking>()
  /** At which time of all in the run, from 1, the turn of each fault came. */
  readonly turnsInRun = new Map<Fault, number>()
  private recovery = new RecoveryDepth()
  /** Who cannot be heard; undefined when the plan silences nobody. */
  private silences: Silences | undefined
  private heldUs = 0
  /** How much later a call is applied that an actor sends on to itself in the running step, µs. */
  private readonly later = new Map<number, number>()

  constructor(
    private readonly plan: FaultPlan,
    private readonly target: FaultTarget,
  ) {
    this.silences = Silences.of(plan, target)
    this.lasting = new LastingFaults(plan, target)
    this.ties = plan.find((fault) => fault.kind === 'ties')
    this.windows = new StabilityWindows(plan)
    for (const window of this.windows.known) this.spare(window)
  }

  /** How often each step, call and RPC was reached so far. */
  get reached(): ReachCounts {
    return new Map([...this.points].map(([name, { nth }]) => [name, nth]))
  }

  /** When the last is over of what was held back until now, µs: a message, a process that stands still or is down. */
  get heldUntilUs(): number {
    return this.heldUs
  }

  private holdUntil(us: number): void {
    if (us > this.heldUs) this.heldUs = us
  }

  strikes(actor: number, failpoint: string, now: number): boolean | Strike {
    const due = this.due(failpoint, actor, now)
    return due.length > 0 && (this.dies(actor, failpoint, due) || this.strikesBehind(actor, failpoint, due, now))
  }

  private dies(actor: number, failpoint: string, due: readonly Fault[]): boolean {
    const process = this.target.processOf(actor)
    const fault = due.find((candidate): candidate is CrashFault => isCrash(candidate) && matches(candidate.process, process))
    if (fault === undefined) return false
    this.dying.set(process, fault)
    this.target.landed(fault, failpoint, process, this.placeOf(failpoint, actor))
    this.recovery.struck()
    return true
  }

  private strikesBehind(actor: number, failpoint: string, due: readonly Fault[], now: number): boolean | Strike {
    let strike: boolean | Strike = false
    for (const fault of due) {
      if (fault.kind === 'calm') this.spare(this.windows.begin(fault, now))
      if (this.striking.has(fault)) continue
      if (fault.kind !== 'partition' && fault.kind !== 'disconnect' && fault.kind !== 'pause') continue
      const process = fault.process === '*' ? this.target.processOf(actor) : fault.process
      const place = this.placeOf(failpoint, actor)
      if (fault.kind === 'partition') this.silences?.cut(fault, now, process, place)
      else if (strike === false) {
        this.striking.set(fault, { process, atUs: now, place })
        strike = strikeOf(fault, this.target, process)
      }
    }
    return strike
  }

  private placeOf(point: string, actor: number, message?: AnyMessage): Place {
    return { role: this.target.takerOf(point, actor, message).role, depth: this.recovery.depth }
  }

  /** A connection broke: there was one. */
  disconnected(one: ProcessRef, other: ProcessRef, now: number): void {
    const [process, peer] = [this.target.processName(one), this.target.processName(other)]
    const fault = this.plan.find(
      (candidate) => candidate.kind === 'disconnect' && candidate.other === peer && this.hasStruck(candidate, process, now),
    )
    if (fault?.kind === 'disconnect') {
      this.target.landed(fault, 'timeUs' in fault.at ? 'time' : fault.at.point, `${process} - ${peer}`, this.struckAt(fault))
    }
  }

  /** A process has stopped. */
  paused(process: ProcessRef, untilUs: number, now: number): void {
    this.holdUntil(untilUs)
    const name = this.target.processName(process)
    const fault = this.plan.find((candidate): candidate is PauseFault => candidate.kind === 'pause' && this.hasStruck(candidate, name, now))
    this.silences?.pause(fault, process, untilUs, fault && this.struckAt(fault))
  }

  /** The first that the plan asks for. */
  get gridUs(): number | undefined {
    return this.ties?.gridUs
  }

  /** Absent when all clocks show the time. */
  get ahead(): ((actor: number, now: number) => number) | undefined {
    return this.lasting.skewed ? (actor, now) => this.lasting.aheadUs(this.target.processOf(actor), now) : undefined
  }

  /** Whether nothing strikes now, whatever the plan has. */
  isCalm(now: number): boolean {
    return this.windows.holds(now)
  }

  private spare({ fromUs, untilUs }: { readonly fromUs: number; readonly untilUs: number }): void {
    this.lasting.spare(fromUs, untilUs)
    this.silences?.spare(fromUs, untilUs)
  }

  /** Absent when nobody is silenced: then nobody needs heartbeats. */
  get heard(): ((from: number, to: number, now: number) => boolean) | undefined {
    const { silences } = this
    return silences && ((from, to, now) => silences.heard(from, to, now))
  }

  private hasStruck(fault: DisconnectFault | PauseFault, process: string, now: number): boolean {
    if ('timeUs' in fault.at) return fault.process === process && fault.at.timeUs === now
    const striking = this.striking.get(fault)
    return striking?.process === process && striking.atUs === now
  }

  /** Where a fault struck; it strikes no more. */
  private struckAt(fault: Fault): Place | undefined {
    const place = this.striking.get(fault)?.place
    this.striking.delete(fault)
    return place
  }

  fails(actor: number, failpoint: string, now: number): boolean {
    const due = this.due(failpoint, actor, now)
    return due.length > 0 && this.fallsOver(actor, failpoint, due)
  }

  private fallsOver(actor: number, failpoint: string, due: readonly Fault[]): boolean {
    const fault = due.find(({ kind }) => kind === 'exception' || kind === 'hang')
    if (fault === undefined) return false
    const process = this.target.processOf(actor)
    if (fault.kind === 'hang') this.dying.set(process, fault)
    this.target.landed(fault, failpoint, process, this.placeOf(failpoint, actor))
    if (!DECLINES.has(failpoint)) this.recovery.struck()
    return true
  }

  outcome(actor: number, failpoint: string, now: number): Outcome {
    for (const fault of this.due(failpoint, actor, now)) {
      if (fault.kind !== 'call') continue
      this.target.landed(fault, failpoint, this.target.processOf(actor), this.placeOf(failpoint, actor))
      if (fault.outcome === 'unknown-later') this.later.set(actor, fault.delayUs ?? 0)
      return fault.outcome
    }
    return 'done'
  }

  transit(link: Link, message: AnyMessage, now: number): number | Detour {
    const transit = this.wayOf(link, message, now)
    const extra = typeof transit === 'number' ? transit : transit.afterUs
    if (extra > 0) this.holdUntil(now + extra)
    return transit
  }

  private wayOf(link: Link, message: AnyMessage, now: number): number | Detour {
    let extra = link.from === link.to ? this.lateBy(link.to) : 0
    if (this.ties !== undefined && this.count('ties').nth === 1) this.target.landed(this.ties, 'schedule', 'all')
    const rpc = this.target.rpcOf(link, message)
    if (rpc !== undefined) {
      const fault = this.due(rpc, link.to, now, message).find(isOfCall)
      if (fault !== undefined) {
        this.target.landed(fault, rpc, this.target.processOf(link.to), this.placeOf(rpc, link.to, message))
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
    return this.lasting.slows ? extra + this.lasting.slowness(link, now) : extra
  }

  private lateBy(actor: number): number {
    const us = this.later.get(actor) ?? 0
    this.later.delete(actor)
    return us
  }

  /** A process dies, as `restartAfter` is told next. */
  losesHost(process: ProcessRef, now: number): boolean {
    const name = this.target.processName(process)
    return (this.dying.get(name) ?? this.crashAt(name, now))?.kind === 'host-loss'
  }

  /** A process died: by a strike of the plan at a time, or at a step (which has told already). */
  restartAfter(process: ProcessRef, now: number): number | undefined {
    const downUs = this.downOf(process, now)
    if (downUs !== undefined) this.holdUntil(now + downUs)
    return downUs
  }

  private downOf(process: ProcessRef, now: number): number | undefined {
    const name = this.target.processName(process)
    this.silences?.crashed(name)
    const planned = this.dying.get(name)
    this.dying.delete(name)
    if (planned !== undefined) return planned.downUs
    const fault = this.crashAt(name, now)
    if (fault === undefined) return undefined
    this.target.landed(fault, 'time', name)
    if (this.target.isOfJob(name)) this.recovery.struck()
    return fault.downUs
  }

  /** What the plan has for a process at this time, µs. */
  private crashAt(process: string, now: number): CrashFault | undefined {
    return this.plan.find(
      (fault): fault is CrashFault => isCrash(fault) && 'timeUs' in fault.at && fault.at.timeUs === now && fault.process === process,
    )
  }

  /** A copy for a fork of the run: of another world, and with a part of the plan only. */
  fork(target = this.target, plan = this.plan): FaultInjector {
    const copy = new FaultInjector(plan, target)
    for (const [name, point] of this.points) {
      const waiting = point.waiting.filter(({ fault }) => plan.includes(fault)).map((each) => ({ ...each }))
      copy.points.set(name, { ...point, waiting })
    }
    for (const [fault, turn] of this.turnsInRun) copy.turnsInRun.set(fault, turn)
    copy.recovery = this.recovery.fork()
    for (const [name, fault] of this.dying) copy.dying.set(name, fault)
    for (const [fault, striking] of this.striking) copy.striking.set(fault, striking)
    copy.silences = this.silences?.fork(target, plan)
    copy.lasting = this.lasting.fork(target, plan)
    copy.windows = this.windows.fork()
    copy.heldUs = this.heldUs
    return copy
  }

  /** Counts a step, call or RPC, and gives the faults whose turn it is. */
  private due(name: string, actor: number, now: number, message?: AnyMessage): readonly Fault[] {
    const { waiting, nth, sign } = this.count(name)
    if (sign !== undefined) this.recovery.step(sign)
    this.target.counted?.(name, actor, message)
    if (waiting.length === 0 || now > this.target.safetyPhaseUs()) return NONE
    let due = NONE
    for (const each of waiting) {
      if (!this.isCounted(each.turn, name, actor, message) || ++each.seen !== each.turn.nth) continue
      this.turnsInRun.set(each.fault, nth)
      due = [...due, each.fault]
    }
    // A turn that comes in a time in which nothing strikes is gone.
    return due.length === 0 || this.windows.holds(now) ? NONE : due
  }

  private isCounted({ who, depth }: Turn, name: string, actor: number, message?: AnyMessage): boolean {
    if (depth !== undefined && depth !== this.recovery.depth) return false
    return who === undefined || this.target.takerOf(name, actor, message).names.includes(who)
  }

  private count(name: string): Point {
    let point = this.points.get(name)
    if (point === undefined) {
      point = { nth: 0, waiting: waitingAt(name, this.plan), sign: signOf(name) }
      this.points.set(name, point)
    }
    point.nth++
    return point
  }
}

function waitingAt(point: string, plan: FaultPlan): readonly Waiting[] {
  const waiting: Waiting[] = []
  for (const fault of plan) {
    const turn = pointOf(fault) === point ? turnOf(fault) : undefined
    if (turn !== undefined) waiting.push({ fault, turn, seen: 0 })
  }
  return waiting
}

/** Exceptions that end a checkpoint and no task. */
const DECLINES: ReadonlySet<string> = new Set<ExceptionPoint>(['task.snapshot.async'])

function isOfCall(fault: Fault): fault is RpcFault | DetourFault {
  return fault.kind === 'rpc' || fault.kind === 'detour'
}

function matches(pattern: string, process: string): boolean {
  return pattern === '*' || pattern === process
}
