/** The table of `docs/breaks.md` that compares drivers, and the document of `npm run breaks -- --drivers --json`. */
import { DRIVERS, type DriverName } from '../../src/search/drivers/driver-name.js'
import type { DriversCompared } from './compare-drivers.js'
import type { RunsToDetect } from './runs-to-detect.js'

const BEGIN = '<!-- drivers: written by npm run breaks -- --drivers -->'
const END = '<!-- drivers: end -->'

/** Version of the document. */
const SCHEMA = 1

/** The breaks that take plain chance the most runs. */
const HARDEST = 5

/** In the order of the columns. */
const COLUMNS: readonly DriverName[] = ['random', 'swarm', 'pct', 'guided']

/** What was compared, hardest first. */
export function driversDocument(
  results: readonly DriversCompared[],
  { campaigns, maxRuns }: { readonly campaigns: number; readonly maxRuns: number },
) {
  return {
    schema: SCHEMA,
    campaigns,
    maxRuns,
    drivers: DRIVERS,
    hardest: hardestFirst(results)
      .slice(0, HARDEST)
      .map(({ id, drivers }) => ({ id, guidedToRandom: ratio(drivers) })),
    breaks: hardestFirst(results).map(({ id, drivers }) => ({ id, ...drivers })),
  }
}

/** By the runs that random needs; what it does not find within the cap is harder the less often it is found. */
export function hardestFirst(results: readonly DriversCompared[]): DriversCompared[] {
  const runs = ({ drivers: { random } }: DriversCompared): number => random.median ?? Number.MAX_SAFE_INTEGER
  const sum = ({ drivers: { random } }: DriversCompared): number => random.runs.reduce<number>((total, each) => total + (each ?? 0), 0)
  const missed = ({ drivers: { random } }: DriversCompared): number => random.runs.length - random.caught
  return results.toSorted((a, b) => runs(b) - runs(a) || missed(b) - missed(a) || sum(b) - sum(a) || (a.id < b.id ? -1 : 1))
}

/** Runs of the guided driver for each run of the random one, in hundredths; null where one of them has no median. */
export function ratio({ guided, random }: DriversCompared['drivers']): number | null {
  return guided.median === null || random.median === null ? null : Math.round((100 * guided.median) / random.median) / 100
}

/** The page with the table made anew: rows of breaks that were not measured now stay. */
export function withDriversTable(
  page: string,
  results: readonly DriversCompared[],
  { campaigns, maxRuns }: { readonly campaigns: number; readonly maxRuns: number },
): string {
  const [before, rest = ''] = page.split(BEGIN)
  const [table, after] = rest.split(END)
  if (before === undefined || table === undefined || after === undefined) throw new Error(`the page needs the lines ${BEGIN} and ${END}`)
  const fresh = new Set(results.map(({ id }) => id))
  const kept = table.split('\n').filter((line) => line.startsWith('| `') && !fresh.has(/`([^`]*)`/.exec(line)?.[1] ?? ''))
  const rows = [...results.map((result) => row(result, { campaigns, maxRuns })), ...kept].sort((a, b) => runsIn(b) - runsIn(a))
  const lines = [
    `| break | campaigns | ${COLUMNS.join(' | ')} | guided : random |`,
    `| --- | ---: | ${COLUMNS.map(() => '---:').join(' | ')} | ---: |`,
    ...rows,
  ]
  return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`
}

function row({ id, drivers }: DriversCompared, { campaigns, maxRuns }: { readonly campaigns: number; readonly maxRuns: number }): string {
  const cells = COLUMNS.map((driver) => inWords(drivers[driver], maxRuns))
  return `| \`${id}\` | ${campaignsOf(drivers, campaigns)} | ${cells.join(' | ')} | ${ratioInWords(drivers, maxRuns)} |`
}

/** How many campaigns each driver had that had any. */
function campaignsOf(drivers: DriversCompared['drivers'], campaigns: number): string {
  const counts = COLUMNS.map((driver) => drivers[driver].runs.length).filter((count) => count > 0)
  const [least, most] = [Math.min(campaigns, ...counts), Math.max(...counts)]
  return least >= most ? String(campaigns) : `${String(least)} to ${String(most)}`
}

/** Where random is not within the cap, at most what it would be at the cap. */
function ratioInWords(drivers: DriversCompared['drivers'], maxRuns: number): string {
  const { guided, random } = drivers
  if (guided.median !== null && random.median === null && random.runs.length > 0) return `< ${(guided.median / maxRuns).toFixed(2)}`
  return ratio(drivers)?.toFixed(2) ?? ''
}

/** `62 (27–131)`; `not within 2000 (3 of 20)`. */
export function inWords({ median, lower, upper, caught, runs }: RunsToDetect, maxRuns: number): string {
  const bound = (each: number | null): string => (each === null ? `> ${String(maxRuns)}` : String(each))
  if (runs.length === 0) return 'not measured'
  if (median === null) return `not within ${String(maxRuns)} (${String(caught)} of ${String(runs.length)})`
  return `${String(median)} (${bound(lower)}–${bound(upper)})`
}

/** What the row says of random, to sort by. */
function runsIn(line: string): number {
  const cell = line.split('|')[3]?.trim() ?? ''
  return cell.startsWith('not within') ? Number.MAX_SAFE_INTEGER : Number.parseInt(cell, 10)
}
