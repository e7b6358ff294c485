import type { Link } from '../world/index.js'
import type { FaultTarget } from './fault-injector.js'
import type { Fault, FaultPlan, SkewFault, SlowFault } from './fault.js'

/**
 * What has no step and no single moment: slow links and wrong clocks. Each has hit something with the first message, or the first look at a
 * clock.
 */
export class LastingFaults {
  private slow: readonly SlowFault[]
  private skews: readonly SkewFault[]
  private readonly landed = new Set<Fault>()

  constructor(
    plan: FaultPlan,
    private readonly target: FaultTarget,
  ) {
    this.slow = plan.filter((fault) => fault.kind === 'slow')
    this.skews = plan.filter((fault) => fault.kind === 'skew')
  }

  /** Whether any clock is wrong, or will be. */
  get skewed(): boolean {
    return this.skews.length > 0
  }

  /** Whether any link is slow, or will be. */
  get slows(): boolean {
    return this.slow.length > 0
  }

  /** How much longer a message takes, µs. */
  slowness(link: Pick<Link, 'from' | 'to'>, now: number): number {
    let extra = 0
    for (const fault of this.slow) {
      if (now < fault.fromUs || now >= fault.untilUs) continue
      const { process } = fault
      if (this.target.processOf(link.from) !== process && this.target.processOf(link.to) !== process) continue
      extra += fault.extraUs
      this.land(fault, 'link')
    }
    return extra
  }

  /** How far the clock of a process is ahead, µs. */
  aheadUs(process: string, now: number): number {
    let us = 0
    for (const fault of this.skews) {
      if (fault.process !== process || now < fault.fromUs) continue
      us += fault.byUs
      this.land(fault, 'clock')
    }
    return us
  }

  /** What would begin within this time, µs, never does. */
  spare(fromUs: number, untilUs: number): void {
    const begins = ({ fromUs: begin }: SlowFault | SkewFault): boolean => begin >= fromUs && begin < untilUs
    this.slow = this.slow.filter((fault) => !begins(fault))
    this.skews = this.skews.filter((fault) => !begins(fault))
  }

  /** A copy for a fork of the run: of another world, and with a part of the plan only. */
  fork(target: FaultTarget, plan: FaultPlan): LastingFaults {
    const copy = new LastingFaults(
      [...this.slow, ...this.skews].filter((fault) => plan.includes(fault)),
      target,
    )
    for (const fault of this.landed) copy.landed.add(fault)
    return copy
  }

  private land(fault: SlowFault | SkewFault, point: string): void {
    if (this.landed.has(fault)) return
    this.landed.add(fault)
    this.target.landed(fault, point, fault.process)
  }
}
