import { experimentOf, type Cell } from './cell.js'
import type { CertaintyOptions } from './certainty.js'
import { counterexampleOf, type Counterexample } from './counterexample.js'
import { runExperiment } from './experiment.js'
import { explainSighting } from './explanation.js'
import { mostSevereFirst, tokenOf } from './replay.js'
import type { RunName } from './replay-token.js'
import { kindOf, sightingsOf } from './sighting.js'

/** A run that was looked into. */
export interface ExplainedRun {
  readonly token: string
  readonly scenario: string
  readonly mode: Cell['mode']
  readonly seed: string
  readonly traceHash: string
  /** The worst of what it shows, explained; undefined when nothing is wrong with it. */
  readonly counterexample: Counterexample | undefined
  /** What else it shows, in sentences. */
  readonly others: readonly string[]
}

/** Runs what a token names, and explains the worst of what it shows. With a `kind`, as `kindOf` names it, that one. */
export function explainRun(
  cell: Cell,
  name: Omit<RunName, 'scenario' | 'mode'>,
  { kind, ...options }: CertaintyOptions & { readonly kind?: string } = {},
): ExplainedRun {
  const experiment = experimentOf(cell, name)
  const result = runExperiment(experiment, { keepHistory: true })
  const shown = result.verdict === undefined ? [] : mostSevereFirst(sightingsOf(result.verdict, cell.scenario.claims(cell.mode)))
  const worst = shown.find((sighting) => kind === kindOf(sighting)) ?? shown[0]
  const token = tokenOf(cell, experiment, name)
  const run = { experiment, result, token, faultsBefore: experiment.plan.length }
  return {
    token,
    scenario: cell.scenario.name,
    mode: cell.mode,
    seed: name.seed,
    traceHash: result.traceHash,
    counterexample: worst && counterexampleOf(run, worst, explainSighting(experiment, kindOf(worst), options)),
    others: shown.filter((sighting) => sighting !== worst).map(({ at, anomaly, finding }) => `${anomaly} at ${at}: ${finding.message}`),
  }
}
