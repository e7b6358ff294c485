/**
 * Complete experiments, from the first step until the outside has settled, recorded and judged by all oracles: those of the
 * recordings, whose plan is one failure of a task. No new jobs restore their checkpoints: those would be further experiments.
 */
import { runExperiment, type Experiment } from '../src/search/index.js'
import { mix } from '../src/world/index.js'
import { oneTaskFailure, recordedExperiment } from './recorded-experiment.js'

/** Runs the experiment of the recordings under so many seeds; returns a hash of the traces. */
export function completeRuns(seed: string, runs: number): string {
  return runAll(seed, runs, (name) => ({
    scenario: recordedExperiment,
    mode: 'aligned',
    seed: name,
    plan: oneTaskFailure(name),
    restores: false,
  }))
}

/**
 * Runs so many experiments, none of which fans out. Their plans are known to fit, as are those that a campaign draws. A broken promise
 * would be a defect, and no figure is worth it.
 */
export function runAll(seed: string, runs: number, experimentOf: (name: string) => Experiment & { readonly restores: false }): string {
  let hash = 0
  for (let run = 0; run < runs; run++) {
    const name = `${seed}-${String(run)}`
    const { verdict, traceHash } = runExperiment(experimentOf(name), { knownToFit: true })
    if (verdict === undefined || verdict.verdict === 'violated') throw new RangeError(`${name} is not what was to be measured`)
    hash = mix(hash, Number.parseInt(traceHash.slice(-8), 16))
  }
  return String(hash)
}
