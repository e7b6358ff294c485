/**
 * The default campaign, run from a broken copy until one of the expected rules names the break: a run of every built-in scenario in
 * every mode in turn, with the plan of its seed. Prints what it saw as one line of JSON.
 */
import { pathToFileURL } from 'node:url'
import { scenarios } from '../../scenarios/index.js'
import { CellRunner, cellsOf } from '../../src/search/cell.js'

/** What named a break. */
export interface BreakSighting {
  readonly rule: string
  readonly anomaly: string
  readonly message: string
  readonly seed: string
  readonly scenario: string
}

/** What a campaign on a broken copy came to. */
export interface CampaignSight {
  readonly caught: BreakSighting | null
  readonly runs: number
  /** Runs by each rule that complained, expected or not, and by each error that ended a run. */
  readonly seen: Readonly<Record<string, number>>
}

/** Runs the seeds of a campaign until one of `expected` names a violation, or `maxRuns` are over. */
export function huntFor(expected: readonly string[], maxRuns: number, campaign: string): CampaignSight {
  const cells = cellsOf(scenarios)
  const runner = new CellRunner(cells)
  const seen: Record<string, number> = {}
  for (let run = 0; run < maxRuns; run++) {
    const cell = run % cells.length
    const { anomalies, defects } = runner.run({ cell, from: Math.floor(run / cells.length), count: 1 }, campaign)
    const violations = Object.values(anomalies).filter(({ standing }) => standing === 'violation')
    const rules = new Set([...violations.map(({ rule }) => rule), ...Object.keys(defects).map((error) => `error: ${error}`)])
    for (const rule of rules) seen[rule] = (seen[rule] ?? 0) + 1
    const hit = violations.find(({ rule }) => expected.includes(rule))
    if (hit !== undefined) {
      const { rule, anomaly, message, seed } = hit
      const scenario = `${cells[cell]?.scenario.name ?? ''} ${cells[cell]?.mode ?? ''}`
      return { caught: { rule, anomaly, message, seed, scenario }, runs: run + 1, seen }
    }
  }
  return { caught: null, runs: maxRuns, seen }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , expected = '', maxRuns = '2000', campaign = 'default'] = process.argv
  console.log(JSON.stringify(huntFor(expected.split(','), Number(maxRuns), campaign)))
}
