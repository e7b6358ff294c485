/**
 * `npm run breaks -- [--json] [--only ID]… [--runs N] [--campaigns N] [--lanes N] [--markdown FILE]`: breaks the engine in every known
 * way and tells which oracle (or, where no history shows a break, which unit test) notices, and when. With `--explain`: why, beside what
 * was written by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { breaks, testedBreaks } from './breaks.js'
import { breaksDocument } from './breaks-document.js'
import { withBreaksTable } from './breaks-table.js'
import { explainMain } from './explain-main.js'
import { MAX_RUNS, runBreaks, type BreakResult } from './run-break.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    runs: { type: 'string' },
    campaigns: { type: 'string' },
    lanes: { type: 'string' },
    markdown: { type: 'string' },
    root: { type: 'string' },
    explain: { type: 'boolean' },
  },
})
const all = [...breaks, ...testedBreaks]
const unknown = (values.only ?? []).filter((id) => !all.some((broken) => broken.id === id))
const numbers = {
  runs: Number(values.runs ?? MAX_RUNS),
  campaigns: Number(values.campaigns ?? 1),
  lanes: Number(values.lanes ?? availableParallelism()),
}
const wrong = (['runs', 'campaigns', 'lanes'] as const).filter((name) => !Number.isInteger(numbers[name]) || numbers[name] <= 0)
if (unknown.length > 0) refuse(`there is no break ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`)
else if (wrong.length > 0) refuse(wrong.map((name) => `--${name} ${String(values[name])}: a whole number above 0 is needed`).join('\n'))
else if (values.explain === true) await explain()
else await run()

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}

async function explain(): Promise<void> {
  const agree = await explainMain(values.root ?? join(import.meta.dirname, '../../..'), values.only, values.json === true)
  process.exitCode = agree === undefined ? 2 : agree ? 0 : 1
}

async function run(): Promise<void> {
  const chosen = all.filter(({ id }) => values.only === undefined || values.only.includes(id))
  const root = values.root ?? join(import.meta.dirname, '../../..')
  const results = await runBreaks(root, chosen, {
    ...(values.json !== true && { told: print }),
    maxRuns: numbers.runs,
    seeds: Array.from({ length: numbers.campaigns }, (_, i) => (i === 0 ? 'default' : `default-campaign-${String(i + 1)}`)),
    lanes: numbers.lanes,
  })
  if (values.json === true) console.log(JSON.stringify(breaksDocument(results)))
  if (values.markdown !== undefined) {
    const page = withBreaksTable(readFileSync(values.markdown, 'utf8'), all, results)
    writeFileSync(values.markdown, await formatted(values.markdown, page))
  }
  process.exitCode = results.every(({ caught }) => caught) ? 0 : 1
}

async function formatted(file: string, page: string): Promise<string> {
  return format(page, { ...(await resolveConfig(file)), parser: 'markdown' })
}

function print({ id, caught, guarantee, campaigns, runs, seconds, at, message, seen, expected, shrunk }: BreakResult): void {
  const each = campaigns.length > 1 ? ` (${campaigns.join(', ')})` : ''
  const nobody =
    campaigns.length > 0
      ? `no ${expected.join(', ')} in ${String(runs)} runs${each}; seen ${JSON.stringify(seen)}`
      : `no failure in ${expected.join(', ')}${Object.keys(seen)
          .map((why) => `; ${why}`)
          .join('')}`
  const left = shrunk.map(({ faults, records }) => `; shrunk to ${String(faults)} faults and ${String(records)} records`).join('')
  const where = campaigns.length > 0 ? `after ${String(runs)} runs${each} (${at})` : `(${at})`
  console.log(
    `${id.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s  ${caught ? `${guarantee} ${where}: ${message}${left}` : `NOT CAUGHT: ${nobody}`}`,
  )
}
