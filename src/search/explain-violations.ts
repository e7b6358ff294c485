import type { CampaignOutcome, CellOutcome } from './campaign.js'
import { anomaliesOf, type AnomalyResult, type ViolationResult } from './campaign-result.js'
import { experimentOf } from './cell.js'
import { counterexampleOf } from './counterexample.js'
import { withoutPriorities } from './drivers/without-priorities.js'
import { explainSighting } from './explanation.js'
import { runExperiment } from './experiment.js'
import { failureOf } from './failure-of-run.js'
import { tokenOf } from './replay.js'
import { shrinking, type ShrinkProgress } from './shrinking/shrink.js'
import { kindOf, sightingsOf } from './sighting.js'

/** Kinds of violations that are run again and made smaller; the others are only listed. */
const MOST_EXPLAINED = 20

/** Runs in which a campaign makes one violation smaller; `millrace shrink` goes on from there. */
export const CAMPAIGN_SHRINK_RUNS = 300

/** How far a campaign has come with what it says of its violations. */
export interface ExplainProgress {
  /** Which one it is at, from 1, and how many there are. */
  readonly violation: number
  readonly of: number
  /** While it is made smaller, and then its causes are looked for; before, it is run again. */
  readonly doing?: ShrinkProgress | 'causes'
}

/** The violations as they were found, neither made small nor explained. */
export function violationsOf(outcome: CampaignOutcome): ViolationResult[] {
  return outcome.cells.flatMap((cell) => violationsIn(cell).map((violation) => ({ ...violation, nondeterministic: false })))
}

function violationsIn(cell: CellOutcome): AnomalyResult[] {
  return anomaliesOf(cell).filter(({ standing }) => standing === 'violation')
}

/**
 * Runs the first violation of each kind again, checks that it is the same run, makes its plan as small as it can be, and explains it.
 * Whoever answers a step with `true` ends that: the violation at hand is told as small as it is, without its causes, the others as they
 * were found.
 */
export function* explainingViolations(outcome: CampaignOutcome): Generator<ExplainProgress, ViolationResult[], boolean | undefined> {
  const found = outcome.cells.flatMap((cell) => violationsIn(cell).map((violation) => ({ cell, violation })))
  const of = Math.min(found.length, MOST_EXPLAINED)
  const told: ViolationResult[] = []
  let stop = false
  for (const [index, { cell, violation }] of found.entries()) {
    const at = { violation: index + 1, of }
    if (index < of && !stop) stop = (yield at) === true
    if (index >= of || stop) {
      told.push({ ...violation, nondeterministic: false })
      continue
    }
    const steps = explaining(cell, violation)
    let step = steps.next()
    while (step.done !== true) {
      if ((yield { ...at, doing: step.value }) === true) stop = true
      step = steps.next(stop)
    }
    told.push(step.value)
  }
  return told
}

/** Explains them to the end. */
export function explainViolations(outcome: CampaignOutcome): ViolationResult[] {
  const steps = explainingViolations(outcome)
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value
}

function* explaining(
  { cell }: CellOutcome,
  violation: AnomalyResult,
): Generator<ShrinkProgress | 'causes', ViolationResult, boolean | undefined> {
  const name = { seed: violation.seed, ...violation.changes }
  const asked = experimentOf(cell, name)
  const kind = kindOf(violation)
  if (runExperiment(asked).traceHash !== violation.traceHash) return { ...violation, nondeterministic: true }
  const { experiment, before } = yield* shrinking(withoutPriorities(asked, kind), kind, CAMPAIGN_SHRINK_RUNS)
  const result = runExperiment(experiment, { keepHistory: true, keepChoices: true })
  const token = tokenOf(cell, experiment, name)
  const sightings = result.verdict === undefined ? [] : sightingsOf(result.verdict, cell.scenario.claims(cell.mode))
  const sighting = sightings.find((candidate) => kindOf(candidate) === kind)
  if (sighting === undefined) return { ...violation, nondeterministic: true }
  const { message } = sighting.finding
  const { traceHash } = result
  const explanation = (yield 'causes') === true ? undefined : explainSighting(experiment, kind)
  const counterexample = counterexampleOf({ experiment, result, token, faultsBefore: before.faults }, sighting, explanation)
  const failure = failureOf(experiment, result, token, sighting)
  return { ...violation, message, token, traceHash, counterexample, failure, nondeterministic: false }
}
