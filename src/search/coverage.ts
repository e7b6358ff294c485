/** How much of the fault matrix the runs of a campaign have covered, by scenario: what has landed in one of its modes is covered. */
import type { CampaignOutcome, CellOutcome } from './campaign.js'
import { faultMenu } from './fault-menu.js'
import { cellKey } from './landing.js'
import type { ListedCell } from './matrix.js'

/** A cell with the number of runs whose fault landed there on a live target. */
export interface CoveredCell extends ListedCell {
  readonly runs: number
}

/** Numbers of cells. Those that are neither covered nor unreachable are open. */
export interface CellCounts {
  readonly total: number
  readonly covered: number
  readonly unreachable: number
}

/** The matrix of one scenario. */
export interface ScenarioCoverage extends CellCounts {
  readonly name: string
  readonly cells: readonly CoveredCell[]
}

/** The matrices of a campaign. */
export interface Coverage extends CellCounts {
  readonly scenarios: readonly ScenarioCoverage[]
  /** Cells covered after so many runs of the campaign. */
  readonly curve: readonly (readonly [runs: number, covered: number])[]
}

/** Points of the curve at most. */
const CURVE_POINTS = 100

/** What the runs of a campaign have covered. */
export function coverageOf(outcome: CampaignOutcome): Coverage {
  const names = [...new Set(outcome.cells.map(({ cell }) => cell.scenario.name))]
  const scenarios = names.map((name) => {
    const modes = outcome.cells.filter(({ cell }) => cell.scenario.name === name)
    const cells = coveredCells(modes)
    return { name, ...countsOf(cells), cells }
  })
  const firstLanded = firstLandings(outcome)
  const covered = scenarios.flatMap(({ name, cells }) =>
    cells.filter(isCovered).map((cell) => firstLanded.get(`${name} ${cellKey(cell)}`) ?? 0),
  )
  return { ...countsOf(scenarios.flatMap(({ cells }) => cells)), scenarios, curve: curveOf(covered) }
}

/**
 * After how many runs of the campaign a fault first landed in a cell of a scenario's matrix, by `<scenario> <cell>`; as though the
 * campaign's cells had one run each in turn, so that it depends neither on how runs were handed out nor on how they were divided.
 */
function firstLandings({ cells }: CampaignOutcome): ReadonlyMap<string, number> {
  const all = cells.reduce((sum, { tally }) => sum + tally.runs, 0)
  const landings = new Map<string, number>()
  cells.forEach(({ cell, tally }, place) => {
    for (const [key, { first }] of Object.entries(tally.landed)) {
      const name = `${cell.scenario.name} ${key}`
      const runs = Math.min(all, first * cells.length + place + 1)
      landings.set(name, Math.min(runs, landings.get(name) ?? runs))
    }
  })
  return landings
}

/** Cells of all modes; one that is reachable in any of them is. */
function coveredCells(modes: readonly CellOutcome[]): CoveredCell[] {
  const cells = new Map<string, CoveredCell>()
  for (const {
    cell: { scenario, mode },
    tally,
  } of modes) {
    for (const { reason, ...cell } of faultMenu(scenario, mode).aims.cells) {
      const key = cellKey(cell)
      const known = cells.get(key)
      const runs = (known?.runs ?? 0) + (tally.landed[key]?.runs ?? 0)
      const why = known === undefined ? reason : known.reason
      cells.set(key, { ...cell, runs, ...(reason !== undefined && why !== undefined && { reason: why }) })
    }
  }
  return [...cells.values()]
}

function isCovered({ runs, reason }: CoveredCell): boolean {
  return runs > 0 && reason === undefined
}

function countsOf(cells: readonly CoveredCell[]): CellCounts {
  return {
    total: cells.length,
    covered: cells.filter(isCovered).length,
    unreachable: cells.filter(({ reason }) => reason !== undefined).length,
  }
}

/** The curve from the numbers of runs after which each cell was covered. */
function curveOf(covered: readonly number[]): (readonly [number, number])[] {
  const sorted = [...covered].sort((a, b) => a - b)
  const whole = sorted.map((runs, index) => [runs, index + 1] as const).filter(([runs], index) => runs !== sorted[index + 1])
  const every = Math.ceil(whole.length / CURVE_POINTS)
  return whole.filter((_, index) => index % every === every - 1 || index === whole.length - 1)
}
