/** The table of `docs/breaks.md`, written by the command that measures it. */
import type { Break, TestedBreak } from './break.js'
import type { BreakResult } from './run-break.js'

/** Lines between which the table stands; everything else in the page is written by hand. */
const BEGIN = '<!-- breaks: written by npm run breaks -->'
const END = '<!-- breaks: end -->'

/** The page with its tables made anew: what campaigns find, and what unit tests find. */
export function withBreaksTable(page: string, breaks: readonly (Break | TestedBreak)[], results: readonly BreakResult[]): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page needs the lines ${BEGIN} and ${END}`)
  const found = breaks.map((broken) => ({ broken, result: results.find(({ id }) => id === broken.id) }))
  const ofCampaigns = found.filter(({ broken }) => 'expected' in broken)
  const ofTests = found.filter(({ broken }) => 'tests' in broken)
  const caught = results.filter((result) => result.caught).length
  const lines = [
    `${String(caught)} of ${String(results.length)} are caught: ${String(ofCampaigns.length)} by the default campaign, ${String(ofTests.length)} by unit tests.`,
    '',
    '| break | what is wrong | rules that may name it | named by | runs | seconds |',
    '| --- | --- | --- | --- | ---: | ---: |',
    ...ofCampaigns.map(({ broken, result }) => campaignRow(broken, result)),
    '',
    '| break | what is wrong | unit tests that must fail | the test that does |',
    '| --- | --- | --- | --- |',
    ...ofTests.map(({ broken, result }) => testRow(broken, result)),
  ]
  return `${before}${BEGIN}\n\n${lines.join('\n')}\n\n${END}${after}`
}

function campaignRow(broken: Break | TestedBreak, result: BreakResult | undefined): string {
  const rules = 'expected' in broken ? broken.expected.map((rule) => `\`${rule}\``).join(', ') : ''
  const named = result?.caught === true ? `\`${result.guarantee}\`` : '**nobody**'
  const runs = String(result?.runs ?? 0)
  return `| \`${broken.id}\` | ${cell(broken.about)} | ${rules} | ${named} | ${runs} | ${(result?.seconds ?? 0).toFixed(1)} |`
}

function testRow(broken: Break | TestedBreak, result: BreakResult | undefined): string {
  const tests = 'tests' in broken ? `\`${broken.tests.replace(/^src\//, '')}\`` : ''
  const named = result?.caught === true ? cell(result.message) : '**none**'
  return `| \`${broken.id}\` | ${cell(broken.about)} | ${tests} | ${named} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
