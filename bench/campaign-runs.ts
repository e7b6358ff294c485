/** Complete experiments of the default campaign, whose plans are drawn from the whole menu; no new jobs restore their checkpoints. */
import { wordCount } from '../scenarios/index.js'
import { faultMenu, planOf } from '../src/search/index.js'
import { runAll } from './complete-runs.js'

const MODE = 'aligned'
const menu = faultMenu(wordCount, MODE)

/** Runs the word count of the default campaign under so many seeds; returns a hash of the traces. */
export function campaignRuns(seed: string, runs: number): string {
  return runAll(seed, runs, (name) => ({ scenario: wordCount, mode: MODE, seed: name, plan: planOf(name, menu), restores: false }))
}
