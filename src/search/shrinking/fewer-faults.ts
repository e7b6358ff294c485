import type { Experiment } from '../experiment.js'
import { countedInRun } from './moved-faults.js'
import type { Pass, Shown, Trial } from './pass.js'
import { propose } from './pass.js'

/**
 * Leaves out whole faults: all of them, all but one, then one after the other until none can be spared. Where the others count what comes
 * in a recovery, they may only have lost the failure that led there: then they strike where they struck.
 */
export const fewerFaults: Pass = function* (best) {
  const { plan } = best.experiment
  if (plan.length === 0) return
  if ((yield { ...best.experiment, plan: [] }).shows) return
  if (plan.length > 2) {
    for (const fault of plan) if ((yield* propose(best, { plan: [fault] })).shows) return
  }
  for (let index = 0; index < best.experiment.plan.length;) {
    const trial = yield* without(best, index)
    // What could not be spared before may be now.
    index = trial.shows ? 0 : index + 1
    best = trial.best
  }
}

function* without(best: Shown, index: number): Generator<Experiment, Trial, Trial> {
  const { plan } = best.experiment
  const trial = yield* propose(best, { plan: plan.toSpliced(index, 1) })
  const counted = trial.shows ? undefined : countedInRun(plan, best.reached)
  return counted === undefined ? trial : yield* propose(best, { plan: counted.toSpliced(index, 1) })
}
