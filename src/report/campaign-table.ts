import type { CampaignResult, CellResult, ClaimResult, WitnessResult } from '../search/index.js'
import { grouped } from './numbers.js'
import type { TableCell, TableColumn } from './text-table.js'

/** The columns of the table of a campaign. */
export const CAMPAIGN_COLUMNS: readonly TableColumn[] = [
  { heading: 'scenario' },
  { heading: 'mode' },
  { heading: 'claim' },
  { heading: 'verdict' },
  { heading: 'runs', align: 'right' },
  { heading: 'faults landed', align: 'right' },
  { heading: 'witnesses' },
]

/** What the table shows as a verdict. */
export type ShownVerdict = ClaimResult['verdict'] | CellResult['verdict'] | 'derived'

/** How a verdict is shown. */
export type ShowVerdict = (verdict: ShownVerdict) => TableCell

/** One row for each claim; what belongs to the scenario stands in its first row, its witnesses one below the other. */
export function campaignRows({ cells }: CampaignResult, show: ShowVerdict): TableCell[][] {
  return cells.flatMap((cell) => {
    const { name, mode, claims, evidence } = cell
    const faults = grouped(Object.values(evidence.faults).reduce((sum, count) => sum + count, 0))
    const witnesses = witnessesInWords(cell.witnesses)
    const rows: TableCell[][] = claims.map((claim) => [claimInWords(claim, claims), show(shownVerdict(claim)), runsInWords(claim, cell)])
    if (rows.length === 0) rows.push(['nothing was judged', show(cell.verdict), grouped(cell.runs)])
    return Array.from({ length: Math.max(rows.length, witnesses.length) }, (_, i) => [
      ...(i === 0 ? [name, mode] : ['', '']),
      ...(rows[i] ?? ['', '', '']),
      i === 0 ? faults : '',
      witnesses[i] ?? '',
    ])
  })
}

/** The runs that count for a claim; and of how many, where a promised one leaves out some that break its preconditions. */
function runsInWords({ runs, promised }: ClaimResult, cell: CellResult): string {
  return promised && runs < cell.runs ? `${grouped(runs)} of ${grouped(cell.runs)}` : grouped(runs)
}

/** A guarantee that nobody promised and that the runs leave standing is derived. */
function shownVerdict({ promised, verdict }: ClaimResult): ShownVerdict {
  return !promised && verdict === 'holds' ? 'derived' : verdict
}

/** `exactly-once at state`; the sink is named where several are looked at in the same way. */
export function claimInWords({ guarantee, at, sink, promised, verdict }: ClaimResult, among: readonly ClaimResult[]): string {
  const ambiguous = among.some((other) => other.at === at && other.sink !== sink)
  const place = `${at}${ambiguous && sink !== undefined ? ` of ${sink}` : ''}`
  if (!promised && verdict === 'undecided') return `anything at ${place}`
  return `${guarantee === 'none' ? 'no guarantee' : guarantee} at ${place}`
}

/** Those that are required, with what is missing in capitals; without requirements, whether anything recovered. */
export function witnessesInWords(witnesses: readonly WitnessResult[]): string[] {
  const required = witnesses.filter((witness) => witness.required)
  const shown = required.length > 0 ? required : witnesses.filter(({ name }) => name === 'recovered')
  return shown.map(({ name, count }) => (count === 0 ? `${name} MISSING` : `${name} ${grouped(count)}`))
}
