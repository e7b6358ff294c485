import type { FaultPlan } from '../faults/index.js'
import { runExperiment, type Experiment, type ExperimentResult } from './experiment.js'
import { kindOf, sightingsOf } from './sighting.js'

/** A run with a plan as small as it could be made. */
export interface ShrunkRun {
  readonly experiment: Experiment
  /** Faults of the plan before. */
  readonly faultsBefore: number
  /** Runs that it took. */
  readonly tries: number
}

/**
 * Leaves out one fault after the other as long as the same anomaly of the same claim or rule remains, until none can be spared.
 * @param kind the sighting that must remain, as `kindOf` names it
 */
export function shrinkPlan(experiment: Experiment, kind: string): ShrunkRun {
  let { plan } = experiment
  let tries = 0
  for (let index = 0; index < plan.length;) {
    const smaller = plan.toSpliced(index, 1)
    tries++
    if (!shows(runExperiment({ ...experiment, plan: smaller }), experiment, kind)) index++
    else {
      plan = smaller
      // What could not be spared before may be now.
      index = 0
    }
  }
  return { experiment: { ...experiment, plan }, faultsBefore: experiment.plan.length, tries }
}

/** Whether a run shows a sighting of this kind. */
export function shows({ verdict }: ExperimentResult, { scenario, mode }: Experiment, kind: string): boolean {
  return verdict !== undefined && sightingsOf(verdict, scenario.claims(mode)).some((sighting) => kindOf(sighting) === kind)
}

/** Whether two plans are the same. */
export function samePlan(one: FaultPlan, other: FaultPlan): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
