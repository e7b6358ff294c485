/**
 * Complete experiments: words from two splits of a hundred, counted by key, to a two-phase sink, at parallelism 2, under the fault
 * plan of the seed, from the first step until the outside has settled, recorded and judged by all oracles.
 */
import { faultMenu, planOf, runExperiment } from '../src/search/index.js'
import { mix } from '../src/world/index.js'
import { scenarioNamed } from './scenario-named.js'

const MODE = 'aligned'
const wordCount = scenarioNamed('word-count')
const menu = faultMenu(wordCount, MODE)

/** Runs so many experiments and returns a hash of their traces; a broken promise would be a defect, and no figure is worth it. */
export function completeRuns(seed: string, runs: number): string {
  let hash = 0
  for (let run = 0; run < runs; run++) {
    const name = `${seed}-${String(run)}`
    const { verdict, traceHash } = runExperiment({ scenario: wordCount, mode: MODE, seed: name, plan: planOf(name, menu) })
    if (verdict === undefined || verdict.verdict === 'violated') throw new RangeError(`${name} is not what was to be measured`)
    hash = mix(hash, Number.parseInt(traceHash.slice(-8), 16))
  }
  return String(hash)
}
