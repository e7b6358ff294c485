/** How shrinking proposes smaller runs: passes, each for one part of an experiment. */
import type { FaultMenu } from '../../faults/index.js'
import type { Experiment } from '../experiment.js'
import type { ReachLog } from '../reach-log.js'
import type { JobSetUp } from '../scenario.js'
import { movedFaults } from './moved-faults.js'

/** A run that shows the anomaly, and what smaller ones are made from. */
export interface Shown {
  readonly experiment: Experiment
  /** The sighting that must remain, as `kindOf` names it. */
  readonly kind: string
  readonly reached: ReachLog
  /** What was set up for it. */
  readonly setUp: JobSetUp
  /** Faults that the scenario must survive. */
  readonly menu: FaultMenu
  /** When the job ended, µs. */
  readonly endUs: number
  /** There may be a smaller run by another way: what is expensive to make smaller is left for later. */
  readonly hasty: boolean
}

/** Pieces of a list that are worth a try each while shrinking is hasty. */
const PIECES = 24
/** The same, while no piece could be left out. */
const FIRST_PIECES = 8

/** What came of a proposal. */
export interface Trial {
  readonly shows: boolean
  /** The smallest run until now: the proposed one, if it shows the anomaly. */
  readonly best: Shown
  /** Of the proposed run. */
  readonly reached: ReachLog
}

/** Proposes smaller experiments one by one, and is told what came of each. */
export type Pass = (best: Shown) => Generator<Experiment, void, Trial>

/**
 * Proposes a change. In a smaller job steps are reached at other times and less often: where the anomaly is gone, the faults may only
 * have missed, and it is proposed once more with each fault at the occurrence nearest in time to the one it struck before.
 */
export function* propose(best: Shown, change: Partial<Experiment>): Generator<Experiment, Trial, Trial> {
  const changed = { ...best.experiment, ...change }
  const trial = yield changed
  if (trial.shows) return trial
  const plan = movedFaults(changed.plan, best.reached, trial.reached)
  return plan === undefined ? trial : yield { ...changed, plan }
}

/**
 * Finds a small part of a list that suffices: leaves out ever smaller pieces of it, the last ones first (delta debugging, Zeller and
 * Hildebrandt 2002, without the test of single pieces). `changeTo` says what to propose for a part.
 * @returns the best run
 */
export function* smallPart<T>(
  best: Shown,
  all: readonly T[],
  changeTo: (part: readonly T[], best: Shown) => Partial<Experiment>,
): Generator<Experiment, Shown, Trial> {
  let part = all
  for (let size = part.length; size >= 1; size = Math.floor(size / 2)) {
    if (best.hasty && part.length > (part === all ? FIRST_PIECES : PIECES) * size) return best
    for (let end = part.length; end > 0; end -= size) {
      const without = part.toSpliced(Math.max(0, end - size), Math.min(size, end))
      const trial = yield* propose(best, changeTo(without, best))
      if (!trial.shows) continue
      part = without
      best = trial.best
    }
  }
  return best
}
