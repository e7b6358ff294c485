import type { Fault } from '../faults/index.js'
import type { HistoryEvent } from '../history/index.js'
import type { Pending } from '../world/index.js'
import { Run, type Experiment, type ExperimentResult } from './experiment.js'
import { pendingInWords } from './pending-in-words.js'

/** A copy of the run is kept at every so many steps: what lies between is run again. */
const STRIDE = 64

/** Most copies that are kept, and most actors in all of them: a run that goes on and on, or restarts without end, is copied more rarely. */
const MOST_SNAPSHOTS = 256
const MOST_ACTORS = 100_000

/** A whole run that can be looked into: any step of it can be gone back to. */
export class RewindableRun {
  readonly result: ExperimentResult
  /** Faults that hit something, with the `seq` of the events that tell so. */
  readonly faultsStruck: ReadonlyMap<Fault, number>
  /** The job is stuck when it has not ended by then, µs. */
  readonly limitUs: number
  /** Length of the history after each step; that of the set-up at 0. */
  private readonly lengths: number[] = []
  /** What was scheduled until the end of each step. */
  private readonly scheduled: number[] = []
  /** What each step was when it waited: its place in the order of scheduling; -1 for the set-up. */
  private readonly sequences: number[] = []
  private readonly snapshots: { readonly step: number; readonly run: Run }[] = []
  private stride = STRIDE

  readonly experiment: Experiment

  /** @param mostActors how many actors the copies may have altogether */
  constructor(
    asked: Experiment,
    private readonly mostActors = MOST_ACTORS,
  ) {
    // What branches show that restore its checkpoints is not looked into.
    const experiment = { ...asked, restores: false }
    this.experiment = experiment
    let next = -1
    const run: Run = new Run(experiment, {
      keepHistory: true,
      onStep: (_world, driver) => {
        this.sequences.push(next)
        this.scheduled.push(driver.scheduled)
        this.lengths.push(run.history.length)
        this.keep(run, this.lengths.length - 1)
        next = driver.upcoming()?.sequence ?? -1
      },
    })
    run.toTheEnd()
    this.result = run.result()
    this.faultsStruck = run.faultsStruck
    this.limitUs = run.limitUs
  }

  /** Steps of the schedule, from the first to the last. */
  get steps(): number {
    return this.lengths.length - 1
  }

  /** The history until the end of a step; 0 is the set-up. */
  past(step: number): readonly HistoryEvent[] {
    return this.result.history.slice(0, this.lengths[step] ?? 0)
  }

  /** What a step has recorded. */
  eventsOf(step: number): readonly HistoryEvent[] {
    return this.result.history.slice(step === 0 ? 0 : this.lengths[step - 1], this.lengths[step])
  }

  /** The step that recorded an event. */
  stepOf(seq: number): number {
    return firstReaching(this.lengths, seq)
  }

  /** The step that sent what a step has delivered, or armed the timer that fired in it; the set-up has none, and neither have strikes. */
  cameFrom(step: number): number {
    const sequence = this.sequences[step] ?? -1
    return sequence < 0 ? -1 : firstReaching(this.scheduled, sequence + 1)
  }

  /** The run as it stands after a step, to be forked; it must not be stepped. */
  after(step: number): Run {
    let nearest = this.snapshots[0]
    for (const snapshot of this.snapshots) if (snapshot.step <= step) nearest = snapshot
    if (nearest === undefined) throw new RangeError('a run has a beginning')
    if (nearest.step === step) return nearest.run
    const run = nearest.run.snapshot()
    for (let at = nearest.step; at < step; at++) run.step()
    return run
  }

  /** What a step of the run was, and when, µs. */
  stepInWords(step: number): { readonly words: string; readonly timeUs: number } {
    const run = this.after(Math.max(0, step - 1))
    const next: Pending | undefined = run.driver.upcoming()
    if (step === 0 || next === undefined) return { words: 'the job is set up', timeUs: 0 }
    return { words: pendingInWords(run, next), timeUs: next.time }
  }

  /** Actors in all copies that are kept. */
  get copiedActors(): number {
    return this.snapshots.reduce((sum, { run }) => sum + run.world.actors.length, 0)
  }

  private keep(run: Run, step: number): void {
    if (step % this.stride !== 0) return
    this.snapshots.push({ step, run: run.snapshot() })
    while (this.snapshots.length > 1 && (this.snapshots.length > MOST_SNAPSHOTS || this.copiedActors > this.mostActors)) {
      this.stride *= 2
      const kept = this.snapshots.filter((snapshot) => snapshot.step % this.stride === 0)
      this.snapshots.splice(0, this.snapshots.length, ...kept)
    }
  }
}

/** The first place at which rising numbers reach a value. */
function firstReaching(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
