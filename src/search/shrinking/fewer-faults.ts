import type { Pass } from './pass.js'
import { propose } from './pass.js'

/** Leaves out whole faults: all of them, all but one, then one after the other until none can be spared. */
export const fewerFaults: Pass = function* (best) {
  const { plan } = best.experiment
  if (plan.length === 0) return
  if ((yield { ...best.experiment, plan: [] }).shows) return
  if (plan.length > 2) {
    for (const fault of plan) if ((yield* propose(best, { plan: [fault] })).shows) return
  }
  for (let index = 0; index < best.experiment.plan.length;) {
    const trial = yield* propose(best, { plan: best.experiment.plan.toSpliced(index, 1) })
    // What could not be spared before may be now.
    index = trial.shows ? 0 : index + 1
    best = trial.best
  }
}
