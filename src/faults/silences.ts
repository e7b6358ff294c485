import type { Link, ProcessRef } from '../world/index.js'
import type { FaultTarget, Place } from './fault-injector.js'
import type { FaultPlan, PartitionFault, PauseFault } from './fault.js'

/** A partition that has begun, or will at its time. */
interface Cut {
  readonly fault: PartitionFault
  /** Who is cut off from the others of the fault. */
  readonly process: string
  /** Where it struck; undefined at a time. */
  readonly place: Place | undefined
  readonly fromUs: number
  readonly untilUs: number
  /** Something was held or lost: it hit a live target. */
  landed: boolean
}

/** Who cannot be heard at the moment: partitions and pauses of a plan. */
export class Silences {
  private cuts: Cut[] = []
  /** When the paused processes go on, by name. */
  private readonly paused = new Map<string, number>()

  constructor(private readonly target: FaultTarget) {}

  /** The silences of a plan; undefined when it has none. */
  static of(plan: FaultPlan, target: FaultTarget): Silences | undefined {
    if (!plan.some(({ kind }) => kind === 'partition' || kind === 'pause')) return undefined
    const silences = new Silences(target)
    for (const fault of plan) if (fault.kind === 'partition' && 'timeUs' in fault.at) silences.cut(fault, fault.at.timeUs, fault.process)
    return silences
  }

  /** A partition begins. */
  cut(fault: PartitionFault, fromUs: number, process: string, place?: Place): void {
    this.cuts.push({ fault, process, place, fromUs, untilUs: fromUs + fault.forUs, landed: false })
  }

  /** What would begin at a time within this one, µs, never does. */
  spare(fromUs: number, untilUs: number): void {
    this.cuts = this.cuts.filter((cut) => cut.place !== undefined || cut.fromUs < fromUs || cut.fromUs >= untilUs)
  }

  /** A process has stopped. */
  pause(fault: PauseFault | undefined, process: ProcessRef, untilUs: number, place?: Place): void {
    const name = this.target.processName(process)
    this.paused.set(name, Math.max(untilUs, this.paused.get(name) ?? 0))
    if (fault !== undefined) this.target.landed(fault, 'timeUs' in fault.at ? 'time' : fault.at.point, name, place)
  }

  /** A process has died: its successor is not paused. */
  crashed(process: string): void {
    this.paused.delete(process)
  }

  /** How much later a message arrives, in µs; -1: never. */
  transit({ from, to }: Pick<Link, 'from' | 'to'>, mayBeLost: boolean, now: number): number {
    const [sender, receiver] = [this.target.processOf(from), this.target.processOf(to)]
    let untilUs = this.paused.get(receiver) ?? 0
    for (const cut of this.cuts) {
      if (!isBetween(cut, sender, receiver, now)) continue
      this.land(cut)
      if (cut.fault.lossy && mayBeLost) return -1
      untilUs = Math.max(untilUs, cut.untilUs)
    }
    return Math.max(0, untilUs - now)
  }

  /** Whether what one actor sends now gets to the other without delay; for an actor and itself, whether it runs at all. */
  heard(from: number, to: number, now: number): boolean {
    const [sender, receiver] = [this.target.processOf(from), this.target.processOf(to)]
    const runs = (process: string): boolean => (this.paused.get(process) ?? 0) <= now
    return runs(sender) && runs(receiver) && !this.cuts.some((cut) => isBetween(cut, sender, receiver, now))
  }

  /** A copy for a fork of the run: of another world, and with a part of the plan only. */
  fork(target = this.target, plan?: FaultPlan): Silences {
    const copy = new Silences(target)
    const kept = this.cuts.filter(({ fault }) => plan?.includes(fault) !== false)
    copy.cuts = kept.map((cut) => ({ ...cut }))
    for (const [process, untilUs] of this.paused) copy.paused.set(process, untilUs)
    return copy
  }

  private land(cut: Cut): void {
    if (cut.landed) return
    cut.landed = true
    const { at, others } = cut.fault
    this.target.landed(cut.fault, 'timeUs' in at ? 'time' : at.point, `${cut.process} / ${others.join(', ')}`, cut.place)
  }
}

function isBetween({ fault, process, fromUs, untilUs }: Cut, sender: string, receiver: string, now: number): boolean {
  if (now < fromUs || now >= untilUs) return false
  const { others, direction } = fault
  return (
    (direction !== 'to' && sender === process && others.includes(receiver)) ||
    (direction !== 'from' && receiver === process && others.includes(sender))
  )
}
