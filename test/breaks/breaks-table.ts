/** The tables of `docs/breaks.md`, written by the command that measures them. */
import type { Break, TestedBreak } from './break.js'
import type { BreakResult } from './run-break.js'

/** Lines between which the tables stand; everything else in the page is written by hand. */
const BEGIN = '<!-- breaks: written by npm run breaks -->'
const END = '<!-- breaks: end -->'

const NOBODY = '**nobody**'
const NOT_MEASURED = '**not measured**'

/**
 * The page with its tables made anew, a row for each break: what campaigns find, and what unit tests find. Where there is no result, what
 * the page said before stays.
 */
export function withBreaksTable(page: string, breaks: readonly (Break | TestedBreak)[], results: readonly BreakResult[]): string {
  const [before, rest = ''] = page.split(BEGIN)
  const [tables, after] = rest.split(END)
  if (before === undefined || tables === undefined || after === undefined) throw new Error(`the page needs the lines ${BEGIN} and ${END}`)
  const old = new Map(rowsOf(tables).map((cells) => [cells[0] ?? '', cells]))
  const fresh = new Map(results.map((result) => [result.id, result]))
  const ofCampaigns: string[][] = []
  const ofTests: string[][] = []
  for (const broken of breaks) {
    const { id, about } = broken
    const head = [`\`${id}\``, cell(about)]
    const result = fresh.get(id)
    const kept = old.get(`\`${id}\``) ?? []
    if ('expected' in broken) {
      const rules = broken.expected.map((rule) => `\`${rule}\``).join(', ')
      const measured = result === undefined ? [kept[3] ?? NOT_MEASURED, kept[4] ?? '', kept[5] ?? ''] : measuredByCampaign(result)
      ofCampaigns.push([...head, rules, ...measured])
    } else {
      const named = result === undefined ? (kept[3] ?? NOT_MEASURED) : result.caught ? cell(result.message) : NOBODY
      ofTests.push([...head, `\`${broken.tests.replace(/^src\//, '')}\``, named])
    }
  }
  const caught = [...ofCampaigns, ...ofTests].filter((cells) => cells[3] !== NOBODY && cells[3] !== NOT_MEASURED).length
  const lines = [
    `${String(caught)} of ${String(breaks.length)} are caught: ${String(ofCampaigns.length)} are for the default campaign, ${String(ofTests.length)} for unit tests.`,
    '',
    '| break | what is wrong | rules that may name it | named by | runs | seconds |',
    '| --- | --- | --- | --- | ---: | ---: |',
    ...ofCampaigns.map(line),
    '',
    '| break | what is wrong | tests that must fail | the first test that does |',
    '| --- | --- | --- | --- |',
    ...ofTests.map(line),
  ]
  return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`
}

/** Names of the breaks that a page has rows for, in its order. */
export function breaksInTable(page: string): readonly string[] {
  return rowsOf(page.split(BEGIN)[1]?.split(END)[0] ?? '').map(([id = '']) => id.replaceAll('`', ''))
}

/** Cells of the rows that begin with the name of a break. */
function rowsOf(tables: string): string[][] {
  const rows = tables.split('\n').filter((row) => row.startsWith('| `'))
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((text) => text.trim()),
  )
}

function measuredByCampaign({ caught, guarantee, runs, secondsToName }: BreakResult): string[] {
  return [caught ? `\`${guarantee}\`` : NOBODY, String(runs), secondsToName.toFixed(1)]
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('_', '\\_').replaceAll('*', '\\*')
}
