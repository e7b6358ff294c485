/**
 * `npm run breaks -- [--json] [--only ID]… [--runs N]`: breaks the engine in every known way and tells which oracle (or, where no
 * history shows a break, which unit test) notices, and when.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { breaks, testedBreaks } from './breaks.js'
import { MAX_RUNS, runBreaks, type BreakResult } from './run-break.js'

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true }, runs: { type: 'string' }, root: { type: 'string' } },
})
const all = [...breaks, ...testedBreaks]
const unknown = (values.only ?? []).filter((id) => !all.some((broken) => broken.id === id))
const maxRuns = Number(values.runs ?? MAX_RUNS)
if (unknown.length > 0) refuse(`there is no break ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`)
else if (!Number.isInteger(maxRuns) || maxRuns <= 0) refuse(`--runs ${String(values.runs)}: a whole number above 0 is needed`)
else run()

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}

function run(): void {
  const chosen = all.filter(({ id }) => values.only === undefined || values.only.includes(id))
  const root = values.root ?? join(import.meta.dirname, '../../..')
  const results = runBreaks(root, chosen, values.json === true ? undefined : print, maxRuns)
  if (values.json === true) console.log(JSON.stringify({ schema: 1, breaks: results }))
  process.exitCode = results.every(({ caught }) => caught) ? 0 : 1
}

function print({ id, caught, guarantee, runs, seconds, at, message, seen, expected }: BreakResult): void {
  const nobody =
    runs > 0 ? `no ${expected.join(', ')} in ${String(runs)} runs; seen ${JSON.stringify(seen)}` : `no failure in ${expected.join(', ')}`
  const where = runs > 0 ? `after ${String(runs)} runs (${at})` : `(${at})`
  console.log(
    `${id.padEnd(34)} ${seconds.toFixed(1).padStart(6)} s  ${caught ? `${guarantee} ${where}: ${message}` : `NOT CAUGHT: ${nobody}`}`,
  )
}
