/** The table of `docs/breaks.md` that tells how small the run of each break became, written by the command that measures it. */
import { withTable, type PageTable } from './page-table.js'
import { ALLOWANCE, minimalRuns } from './minimal-runs.js'
import { median, type BreakResult } from './run-break.js'

const TABLE: PageTable = {
  begin: '<!-- shrunk: written by npm run breaks -->',
  end: '<!-- shrunk: end -->',
  columns: ['break', 'runs made small', 'faults left', 'records left', 'by hand', 'operators left out', 'processor seconds'],
  numbers: [1, 2, 3, 6],
}

/** The page with the table made anew, in the order of `ids`; what was not measured now stays. Medians over the campaigns. */
export function withShrunkTable(page: string, ids: readonly string[], results: readonly BreakResult[]): string {
  const rows = new Map(results.flatMap((result) => (result.shrunk.length === 0 ? [] : [[result.id, cellsOf(result)] as const])))
  return withTable(page, TABLE, rows, ids)
}

function cellsOf({ id, shrunk }: BreakResult): string[] {
  const faults = median(shrunk.map((each) => each.faults))
  const records = median(shrunk.map((each) => each.records))
  const known = minimalRuns.find((each) => each.id === id)
  const isNear = known !== undefined && faults <= known.faults + ALLOWANCE.faults && records <= known.records + ALLOWANCE.records
  const byHand =
    known === undefined ? '' : `${counted(known.faults, 'fault')}, ${counted(known.records, 'record')}${isNear ? '' : ': **too far**'}`
  const without = [...new Set(shrunk.flatMap((each) => each.without))].join(', ')
  return [
    String(shrunk.length),
    String(faults),
    String(records),
    byHand,
    without,
    median(shrunk.map((each) => each.processorSeconds)).toFixed(1),
  ]
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`
}
