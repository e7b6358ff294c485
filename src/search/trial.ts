/** Runs again without single events of a run, to see what comes of it. */
import type { Fault } from '../faults/index.js'
import type { HistoryEvent } from '../history/index.js'
import type { Certainty } from './certainty.js'
import { runExperiment } from './experiment.js'
import type { RewindableRun } from './rewindable-run.js'
import { enoughUs, showsSighting, type Seen } from './violation-seen.js'

/**
 * How long what is held up waits behind itself and the moment of certainty, where the violation is seen at the end only, µs: one must avoid
 * it.
 */
const HELD_US = [1_000, 100_000]

/** Counts its runs. */
export class Trial {
  tries = 0
  private readonly answers = new Map<number, boolean>()

  constructor(
    private readonly run: RewindableRun,
    private readonly seen: Seen,
    private readonly kind: string,
    private readonly certain: Certainty | undefined,
  ) {}

  /** Whether the violation does not come about without the event. */
  avoids(event: HistoryEvent): boolean {
    if (event.kind === 'fault') return this.withoutFault(event.seq)
    const step = this.run.stepOf(event.seq)
    let answer = this.answers.get(step)
    if (answer === undefined) this.answers.set(step, (answer = this.withoutStep(step)))
    return answer
  }

  /** Whether a fault does not strike in time when the step that made an event is held up. */
  leadsTo(event: HistoryEvent, fault: HistoryEvent): boolean {
    const { run } = this
    const struck = this.struckBy(fault)
    const step = run.stepOf(event.seq)
    if (struck === undefined || step === 0) return false
    const again = run.after(step - 1).again(run.past(step - 1))
    again.driver.postpone(fault.t + 1)
    again.toTheEnd(fault.t)
    this.tries++
    return !again.faultsStruck.has(struck)
  }

  /** Whether a recovery does not take place when a fault does not strike. */
  recoversBecauseOf(recovery: HistoryEvent, fault: HistoryEvent): boolean {
    const { experiment, result } = this.run
    const struck = this.struckBy(fault)
    if (struck === undefined || fault.seq > recovery.seq) return false
    const before = result.history.filter(({ kind, seq }) => kind === 'restore-chosen' && seq < recovery.seq).length
    const again = runExperiment({ ...experiment, plan: experiment.plan.filter((each) => each !== struck) }, { keepHistory: true })
    this.tries++
    return again.history.filter(({ kind }) => kind === 'restore-chosen').length <= before
  }

  private struckBy({ seq }: HistoryEvent): Fault | undefined {
    return [...this.run.faultsStruck].find(([, struck]) => struck === seq)?.[0]
  }

  private withoutFault(seq: number): boolean {
    const { experiment, faultsStruck } = this.run
    const plan = experiment.plan.filter((fault) => faultsStruck.get(fault) !== seq)
    this.tries++
    return plan.length < experiment.plan.length && !showsSighting(this.run, runExperiment({ ...experiment, plan }), this.kind, this.record)
  }

  private withoutStep(step: number): boolean {
    if (step === 0) return false
    const { seen, certain } = this
    if (!seen.atTheEnd) return !this.heldUp(step, seen.timeUs + 1, seen.timeUs)
    const { timeUs } = this.run.stepInWords(step)
    const enough = enoughUs(this.run, seen.sighting, timeUs)
    return HELD_US.some((us) => !this.heldUp(step, Math.max(certain?.timeUs ?? 0, timeUs) + us, enough))
  }

  /** Whether the violation is still there when a step waits until a time. */
  private heldUp(step: number, waitsUs: number, untilUs: number): boolean {
    const again = this.run.after(step - 1).again(this.run.past(step - 1))
    again.driver.postpone(waitsUs)
    again.toTheEnd(untilUs)
    this.tries++
    return showsSighting(this.run, again.result(), this.kind, this.record)
  }

  private get record(): string | number | undefined {
    return this.seen.sighting.finding.records[0]
  }
}
