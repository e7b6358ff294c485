import type { CampaignOutcome, CellOutcome } from './campaign.js'
import { anomaliesOf, type AnomalyResult, type ViolationResult } from './campaign-result.js'
import { experimentOf } from './cell.js'
import { counterexampleOf } from './counterexample.js'
import { withoutPriorities } from './drivers/without-priorities.js'
import { explainSighting } from './explanation.js'
import { runExperiment } from './experiment.js'
import { failureOf } from './failure-of-run.js'
import { tokenOf } from './replay.js'
import { shrinkRun } from './shrinking/shrink.js'
import { kindOf, sightingsOf } from './sighting.js'

/** Kinds of violations that are run again and made smaller; the others are only listed. */
const MOST_EXPLAINED = 20

/** Runs in which a campaign makes one violation smaller; `millrace shrink` goes on from there. */
const CAMPAIGN_SHRINK_RUNS = 300

/** Runs the first violation of each kind again, checks that it is the same run, makes its plan as small as it can be, and explains it. */
export function explainViolations(outcome: CampaignOutcome): ViolationResult[] {
  const found = outcome.cells.flatMap((cell) =>
    anomaliesOf(cell)
      .filter(({ standing }) => standing === 'violation')
      .map((violation) => ({ cell, violation })),
  )
  return found.map(({ cell, violation }, index) =>
    index < MOST_EXPLAINED ? explain(cell, violation) : { ...violation, nondeterministic: false },
  )
}

function explain({ cell }: CellOutcome, violation: AnomalyResult): ViolationResult {
  const name = { seed: violation.seed, ...violation.changes }
  const asked = experimentOf(cell, name)
  const kind = kindOf(violation)
  if (runExperiment(asked).traceHash !== violation.traceHash) return { ...violation, nondeterministic: true }
  const { experiment, before } = shrinkRun(withoutPriorities(asked, kind), kind, CAMPAIGN_SHRINK_RUNS)
  const result = runExperiment(experiment, { keepHistory: true, keepChoices: true })
  const token = tokenOf(cell, experiment, name)
  const sightings = result.verdict === undefined ? [] : sightingsOf(result.verdict, cell.scenario.claims(cell.mode))
  const sighting = sightings.find((candidate) => kindOf(candidate) === kind)
  if (sighting === undefined) return { ...violation, nondeterministic: true }
  const { message } = sighting.finding
  const { traceHash } = result
  const counterexample = counterexampleOf(
    { experiment, result, token, faultsBefore: before.faults },
    sighting,
    explainSighting(experiment, kind),
  )
  const failure = failureOf(experiment, result, token, sighting)
  return { ...violation, message, token, traceHash, counterexample, failure, nondeterministic: false }
}
