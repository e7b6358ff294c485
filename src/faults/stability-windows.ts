import type { CalmFault, FaultPlan } from './fault.js'

/** From when until when nothing strikes, µs. */
interface Window {
  readonly fromUs: number
  readonly untilUs: number
}

/** The stretches of a run in which nothing strikes. */
export class StabilityWindows {
  private windows: readonly Window[]

  /** Those that begin at a time. */
  constructor(plan: FaultPlan) {
    this.windows = plan.flatMap((fault) => (fault.kind === 'calm' && 'timeUs' in fault.at ? [windowOf(fault, fault.at.timeUs)] : []))
  }

  /** Those known so far. */
  get known(): readonly Window[] {
    return this.windows
  }

  /** Whether nothing strikes now. */
  holds(now: number): boolean {
    for (const { fromUs, untilUs } of this.windows) if (now >= fromUs && now < untilUs) return true
    return false
  }

  /** One begins now. */
  begin(fault: CalmFault, now: number): Window {
    const window = windowOf(fault, now)
    this.windows = [...this.windows, window]
    return window
  }

  /** A copy for a fork of the run. */
  fork(): StabilityWindows {
    const copy = new StabilityWindows([])
    copy.windows = this.windows
    return copy
  }
}

function windowOf({ forUs }: CalmFault, fromUs: number): Window {
  return { fromUs, untilUs: fromUs + forUs }
}
