import type { Experiment, ExperimentResult } from './experiment.js'
import type { Failure } from './failure-file.js'
import type { Sighting } from './sighting.js'

/**
 * A run as a failure that can be stored.
 * @param result ran with `keepChoices`
 */
export function failureOf(experiment: Experiment, result: ExperimentResult, token: string, sighting: Sighting): Failure {
  const { scenario, mode, seed, plan, overrides = [], priorities, restores, reduction } = experiment
  const { guarantee, at, sink, anomaly, rule, finding } = sighting
  const verdict = { guarantee, at, ...(sink !== undefined && { sink }), anomaly, rule, message: finding.message }
  const { traceHash, choices } = result
  const others = { ...(priorities && { priorities }), ...(restores === true && { restores }), ...(reduction && { reduction }) }
  return { token, scenario: scenario.name, mode, seed, plan, overrides, ...others, choices, traceHash, verdict }
}
