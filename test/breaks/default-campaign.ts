/**
 * The default campaign, run from a broken copy until one of the expected rules names the break: a run of every built-in scenario in
 * every mode in turn, each as the driver decides. Prints what it saw as one line of JSON.
 */
import { pathToFileURL } from 'node:url'
import { scenarios } from '../../scenarios/index.js'
import { CellRunner, cellsOf, experimentOf, seedOf, type Cell } from '../../src/search/cell.js'
import { withoutPriorities } from '../../src/search/drivers/without-priorities.js'
import { planInWords } from '../../src/search/plan-in-words.js'
import { tokenOf } from '../../src/search/replay.js'
import type { SeenAnomaly } from '../../src/search/run-tally.js'
import { shrinkRun } from '../../src/search/shrinking/shrink.js'
import { kindOf } from '../../src/search/sighting.js'
import { USUAL_DRIVER, type DriverName } from '../../src/search/drivers/driver-name.js'
import { Guide } from '../../src/search/drivers/guide.js'

/** What named a break. */
export interface BreakSighting {
  readonly rule: string
  readonly anomaly: string
  readonly message: string
  readonly seed: string
  readonly scenario: string
  /** The run, made small. */
  readonly shrunk: ShrunkBreak
}

/** A run that names a break, as small as it could be made. */
export interface ShrunkBreak {
  readonly token: string
  readonly faults: number
  readonly records: number
  /** In words. */
  readonly plan: readonly string[]
  readonly seconds: number
  /** Of these, those that the processor was at it: on a busy machine much less. */
  readonly processorSeconds: number
  /** Operators that could be spared. */
  readonly without: readonly string[]
}

/** What a campaign on a broken copy came to. */
export interface CampaignSight {
  readonly caught: BreakSighting | null
  readonly runs: number
  /** Runs by each rule that complained, expected or not, and by each error that ended a run. */
  readonly seen: Readonly<Record<string, number>>
}

/** Runs the seeds of a campaign until one of `expected` names a violation, or `maxRuns` are over; and makes that run small. */
export function huntFor(expected: readonly string[], maxRuns: number, campaign: string): CampaignSight {
  const { hit, cell, runs, seen } = firstHit(expected, maxRuns, campaign, USUAL_DRIVER)
  if (hit === undefined || cell === undefined) return { caught: null, runs, seen }
  const { rule, anomaly, message, seed } = hit
  const scenario = `${cell.scenario.name} ${cell.mode}`
  return { caught: { rule, anomaly, message, seed, scenario, shrunk: shrinkBreak(cell, hit) }, runs, seen }
}

/** The first violation that one of `expected` names; absent when none does. */
interface Hit {
  readonly hit?: SeenAnomaly
  readonly cell?: Cell
  readonly runs: number
  readonly seen: Readonly<Record<string, number>>
}

/** Runs the seeds of a campaign of this driver until one of `expected` names a violation, or `maxRuns` are over. */
export function firstHit(
  expected: readonly string[],
  maxRuns: number,
  campaign: string,
  driver: DriverName,
  { cells, runner }: { readonly cells: readonly Cell[]; readonly runner: CellRunner } = campaignOf(driver),
): Hit {
  const guide = driver === 'guided' ? new Guide(cells.length, (cell) => runner.menu(cell)) : undefined
  const seen: Record<string, number> = {}
  for (let run = 0; run < maxRuns; run++) {
    const cell = run % cells.length
    const from = Math.floor(run / cells.length)
    const changes = guide?.changesOf(cell, from, seedOf(campaign, from))
    const { tally, finds } = runner.runChunk({ cell, from, count: 1, ...(guide && { changes: [changes] }) }, campaign)
    if (finds[0] !== undefined) guide?.learn(cell, from, seedOf(campaign, from), changes, finds[0])
    const { anomalies, defects } = tally
    const violations = Object.values(anomalies).filter(({ standing }) => standing === 'violation')
    const rules = new Set([...violations.map(({ rule }) => rule), ...Object.keys(defects).map((error) => `error: ${error}`)])
    for (const rule of rules) seen[rule] = (seen[rule] ?? 0) + 1
    const hit = violations.find(({ rule }) => expected.includes(rule))
    if (hit !== undefined) return { hit, cell: cells[cell] ?? missing(cell), runs: run + 1, seen }
  }
  return { runs: maxRuns, seen }
}

function campaignOf(driver: DriverName): { readonly cells: readonly Cell[]; readonly runner: CellRunner } {
  const cells = cellsOf(scenarios)
  return { cells, runner: new CellRunner(cells, driver) }
}

/** Makes the run small within the budget of a default `millrace shrink`. */
function shrinkBreak(cell: Cell, seen: SeenAnomaly): ShrunkBreak {
  const began = performance.now()
  const busy = process.cpuUsage()
  const name = { seed: seen.seed, ...seen.changes }
  const kind = kindOf(seen)
  const { experiment, after } = shrinkRun(withoutPriorities(experimentOf(cell, name), kind), kind)
  const seconds = Math.round((performance.now() - began) / 10) / 100
  const { user, system } = process.cpuUsage(busy)
  const processorSeconds = Math.round((user + system) / 10_000) / 100
  const { without = [] } = experiment.reduction ?? {}
  return { token: tokenOf(cell, experiment, name), ...after, plan: planInWords(experiment.plan), seconds, processorSeconds, without }
}

function missing(cell: number): never {
  throw new RangeError(`there is no cell ${String(cell)}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , expected = '', maxRuns = '2000', campaign = 'default'] = process.argv
  console.log(JSON.stringify(huntFor(expected.split(','), Number(maxRuns), campaign)))
}
