/**
 * Makes a failing run as small as it can be: whole faults are left out, those that remain are made simpler, then records, operators,
 * subtasks, checkpoints and differences of the schedule. Only the same anomaly of the same guarantee at the same place counts.
 */
import type { FaultPlan } from '../../faults/index.js'
import { runExperiment, type Experiment, type ExperimentResult } from '../experiment.js'
import { faultMenu } from '../fault-menu.js'
import { ReachLog } from '../reach-log.js'
import { kindOf, sightingsOf } from '../sighting.js'
import { calmerSchedule } from './calmer-schedule.js'
import { fewerFaults } from './fewer-faults.js'
import { fewerOperators } from './fewer-operators.js'
import { fewerRecords } from './fewer-records.js'
import type { Pass, Shown, Trial } from './pass.js'
import { simplerFaults } from './simpler-faults.js'
import { smallJobInstead } from './small-job-instead.js'
import { fewerCheckpoints, fewerSubtasks, fewerTaskManagers } from './smaller-cluster.js'

interface NamedPass {
  readonly part: string
  readonly pass: Pass
}

const FAULTS: readonly NamedPass[] = [
  { part: 'faults', pass: fewerFaults },
  { part: 'each fault', pass: simplerFaults },
]
const RECORDS: NamedPass = { part: 'records', pass: fewerRecords }
const OTHERS: readonly NamedPass[] = [
  { part: 'operators', pass: fewerOperators },
  { part: 'subtasks', pass: fewerSubtasks },
  { part: 'TaskManagers', pass: fewerTaskManagers },
  { part: 'checkpoints', pass: fewerCheckpoints },
  { part: 'schedule', pass: calmerSchedule },
]

/** What is made smaller, in this order; then again from the beginning, until nothing becomes smaller any more. */
const PASSES: readonly NamedPass[] = [...FAULTS, RECORDS, ...OTHERS]
const INSTEAD: readonly NamedPass[] = [{ part: 'small job instead', pass: smallJobInstead }]
const RECORDS_FIRST: readonly NamedPass[] = [RECORDS, ...FAULTS, ...OTHERS]

/** Sizes of a run. */
export interface RunSize {
  readonly faults: number
  readonly records: number
}

/** How far shrinking has come; told after each run. */
export interface ShrinkProgress {
  /** Runs until now. */
  readonly runs: number
  readonly ofRuns: number
  /** What is being made smaller. */
  readonly part: string
  readonly size: RunSize
  /** The smallest run until now, when it has just become smaller. */
  readonly smaller?: Experiment
}

/** A run made as small as it could be. */
export interface ShrunkRun {
  readonly experiment: Experiment
  readonly before: RunSize
  readonly after: RunSize
  /** Runs that it took. */
  readonly runs: number
  /** Nothing that is known to be smaller shows the anomaly; false when the budget ended before that was clear. */
  readonly complete: boolean
}

/** Runs for one failure unless more are asked for. */
export const SHRINK_RUNS = 1000

/**
 * Shrinks step by step. Who passes `true` to the next step ends it: whatever was found until then stands. The same budget gives the same
 * result.
 * @param kind the sighting that must remain, as `kindOf` names it
 * @param budget most runs
 */
export function* shrinking(
  experiment: Experiment,
  kind: string,
  budget = SHRINK_RUNS,
): Generator<ShrinkProgress, ShrunkRun, boolean | undefined> {
  return yield* new Shrinking(experiment, kind, budget).steps()
}

/** Shrinks to the end. */
export function shrinkRun(experiment: Experiment, kind: string, budget = SHRINK_RUNS): ShrunkRun {
  const steps = shrinking(experiment, kind, budget)
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value
}

class Shrinking {
  private readonly first: Shown
  private best: Shown
  /** The best of all ways. */
  private smallest: Shown
  private runs = 1
  private stopped = false
  private readonly showsAtAll: boolean
  private readonly alone: boolean
  private readonly maxSteps: number | undefined
  /** Proposals that were run, so that none is run twice. */
  private readonly tried = new Set<string>()

  constructor(
    experiment: Experiment,
    private readonly kind: string,
    private readonly budget: number,
  ) {
    const reached = new ReachLog()
    const alone = { ...experiment, restores: false }
    // To restore every checkpoint in a branch takes many times as long; most anomalies are of the run itself.
    this.alone = experiment.restores === undefined && shows(runExperiment(alone), experiment, kind)
    const result = runExperiment(this.alone ? alone : experiment, { reached })
    const { setUp, steps, endUs } = result
    const menu = faultMenu(experiment.scenario, experiment.mode)
    this.first = this.best = this.smallest = { experiment, kind, reached, setUp, endUs, menu, hasty: true }
    this.showsAtAll = shows(result, experiment, kind)
    // A run that is cut short has not ended: that must not pass for a job that is stuck.
    if (!kind.includes('|progress|')) this.maxSteps = 2 * steps + 20_000
    this.tried.add(nameOf(experiment))
  }

  *steps(): Generator<ShrinkProgress, ShrunkRun, boolean | undefined> {
    let complete = !this.showsAtAll
    if (!complete) yield* this.bothWays()
    while (!complete && !this.isOver()) {
      const { experiment } = this.best
      yield* this.follow(PASSES)
      complete = this.best.experiment === experiment && !this.isOver()
    }
    return this.shrunk(complete)
  }

  private isOver(until = this.budget): boolean {
    return this.stopped || this.runs >= until
  }

  private shrunk(complete: boolean): ShrunkRun {
    const { smallest, first, runs } = this
    return { experiment: smallest.experiment, before: sizeOf(first), after: sizeOf(smallest), runs, complete }
  }

  /** Few faults may need many records, and the other way round: where the first way ends too high, the other one is tried, too. */
  private *bothWays(): Generator<ShrinkProgress, void, boolean | undefined> {
    yield* this.follow(PASSES)
    const coarse = this.smallest
    if (weightOf(coarse) > SMALL) {
      this.best = { ...coarse, hasty: false }
      yield* this.follow([RECORDS])
      this.best = coarse
      yield* this.follow(INSTEAD, (this.runs + this.budget) / 2)
      yield* this.follow(PASSES)
    }
    if (weightOf(this.smallest) > SMALL) {
      this.best = this.first
      yield* this.follow(RECORDS_FIRST)
    }
    this.best = { ...this.smallest, hasty: false }
  }

  /** @param until runs after which this much is given up */
  private *follow(passes: readonly NamedPass[], until = this.budget): Generator<ShrinkProgress, void, boolean | undefined> {
    for (const { part, pass } of passes) {
      const proposals = pass(this.best)
      for (let proposal = proposals.next(); proposal.done !== true && !this.isOver(until);) {
        const { smallest, runs } = this
        const trial = this.try(proposal.value)
        if (this.runs > runs && (yield this.progress(part, this.smallest !== smallest)) === true) this.stopped = true
        proposal = proposals.next(trial)
      }
    }
  }

  /** Runs a proposal, unless it was run before: then it has shown nothing, or something smaller is known by now. */
  private try(experiment: Experiment): Trial {
    const name = nameOf(experiment)
    const reached = new ReachLog()
    if (this.tried.has(name)) return { shows: false, best: this.best, reached }
    this.tried.add(name)
    this.runs++
    const { maxSteps } = this
    const result = ran(this.alone ? { ...experiment, restores: false } : experiment, {
      reached,
      ...(maxSteps !== undefined && { maxSteps }),
    })
    const found = result !== undefined && result.steps < (maxSteps ?? Infinity) && shows(result, experiment, this.kind)
    if (found) {
      const { setUp, endUs } = result
      this.best = { ...this.best, experiment, reached, setUp, endUs }
      if (weightOf(this.best) <= weightOf(this.smallest)) this.smallest = this.best
    }
    return { shows: found, best: this.best, reached }
  }

  private progress(part: string, smaller: boolean): ShrinkProgress {
    const { runs, budget, smallest } = this
    return { runs, ofRuns: budget, part, size: sizeOf(smallest), ...(smaller && { smaller: smallest.experiment }) }
  }
}

function sizeOf({ experiment, setUp }: Shown): RunSize {
  return { faults: experiment.plan.length, records: setUp.splits.reduce((sum, { records }) => sum + records, 0) }
}

/** A fault is as hard to follow as a few records. */
function weightOf(shown: Shown): number {
  const { faults, records } = sizeOf(shown)
  return 3 * faults + records
}

/** Weight of a run that nobody will want smaller by other means: three faults and ten records. */
const SMALL = 19

/** A proposal that cannot be run is none. */
function ran(experiment: Experiment, options: Parameters<typeof runExperiment>[1]): ExperimentResult | undefined {
  try {
    return runExperiment(experiment, options)
  } catch {
    return undefined
  }
}

function nameOf({ plan, overrides, reduction }: Experiment): string {
  return JSON.stringify([plan, overrides, reduction])
}

/** Whether a run shows a sighting of this kind. */
export function shows({ verdict }: ExperimentResult, { scenario, mode }: Experiment, kind: string): boolean {
  return verdict !== undefined && sightingsOf(verdict, scenario.claims(mode)).some((sighting) => kindOf(sighting) === kind)
}

/** Whether two plans are the same. */
export function samePlan(one: FaultPlan, other: FaultPlan): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
