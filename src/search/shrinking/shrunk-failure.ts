import type { Cell } from '../cell.js'
import { experimentOf } from '../cell.js'
import { runExperiment, type Experiment } from '../experiment.js'
import type { Failure } from '../failure-file.js'
import { failureOf } from '../failure-of-run.js'
import { tokenOf } from '../replay.js'
import type { RunName } from '../replay-token.js'
import { kindOf, sightingsOf, STANDINGS } from '../sighting.js'

/** What is to be made smaller: a run, and what it must go on to show. */
export interface ShrinkTask {
  readonly experiment: Experiment
  readonly kind: string
}

/** The task of a run: the failure that was stored, or the worst that it shows; undefined when it shows nothing of it. */
export function shrinkTask(cell: Cell, name: Omit<RunName, 'scenario' | 'mode'>, failure?: Failure): ShrinkTask | undefined {
  const experiment = experimentOf(cell, failure === undefined ? name : { ...name, plan: failure.plan })
  const { verdict } = runExperiment(experiment)
  const kinds = (verdict === undefined ? [] : sightingsOf(verdict, cell.scenario.claims(cell.mode)))
    .toSorted((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing))
    .map(kindOf)
  const kind = failure === undefined ? kinds[0] : kindOf({ ...failure.verdict, standing: 'violation' })
  return kind === undefined || !kinds.includes(kind) ? undefined : { experiment, kind }
}

/** A smaller run with its token, and as it is stored; only violations are. */
export function shrunkFailure(cell: Cell, name: Omit<RunName, 'scenario' | 'mode'>, { experiment, kind }: ShrinkTask): Failure | undefined {
  const result = runExperiment(experiment, { keepChoices: true })
  const sightings = result.verdict === undefined ? [] : sightingsOf(result.verdict, cell.scenario.claims(cell.mode))
  const sighting = sightings.find((each) => kindOf(each) === kind)
  if (sighting?.standing !== 'violation') return undefined
  return failureOf(experiment, result, tokenOf(cell, experiment, name), sighting)
}
