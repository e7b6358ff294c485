import { runExperiment, type Experiment } from '../experiment.js'
import { shows } from '../shrinking/shrink.js'

/**
 * The run without its priorities, or with such that never change, where it shows the same: what need not be told.
 * @param kind the sighting that must remain, as `kindOf` names it
 */
export function withoutPriorities(experiment: Experiment, kind: string): Experiment {
  const { priorities, ...without } = experiment
  if (priorities === undefined) return experiment
  const steady = priorities.changeOneIn === 0 ? [] : [{ ...without, priorities: { ...priorities, changeOneIn: 0 } }]
  return [without, ...steady].find((simpler) => shows(runExperiment(simpler), simpler, kind)) ?? experiment
}
