/** `npm run breaks -- [--json] [--only ID] [--runs N]`: breaks the engine in every known way and tells which oracle notices when. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { breaks } from './breaks.js'
import { MAX_RUNS, runBreaks, type BreakResult } from './run-break.js'

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true }, runs: { type: 'string' }, root: { type: 'string' } },
})
const only = values.only
const unknown = (only ?? []).filter((id) => !breaks.some((broken) => broken.id === id))
if (unknown.length > 0) {
  console.error(`there is no break ${unknown.join(', ')}; there are ${breaks.map(({ id }) => id).join(', ')}`)
  process.exit(2)
}
const maxRuns = Number(values.runs ?? MAX_RUNS)
if (!Number.isInteger(maxRuns) || maxRuns <= 0) {
  console.error(`--runs ${String(values.runs)}: a whole number above 0 is needed`)
  process.exit(2)
}
const root = values.root ?? join(import.meta.dirname, '../../..')
const chosen = breaks.filter(({ id }) => only === undefined || only.includes(id))
const results = runBreaks(root, chosen, values.json === true ? undefined : print, maxRuns)
if (values.json === true) console.log(JSON.stringify({ schema: 1, breaks: results }))
process.exitCode = results.every(({ caught }) => caught) ? 0 : 1

function print({ id, caught, guarantee, runs, seconds, at, message, seen }: BreakResult): void {
  const how = caught
    ? `${guarantee} after ${String(runs)} runs (${at}): ${message}`
    : `NOT CAUGHT in ${String(runs)} runs; seen ${JSON.stringify(seen)}`
  console.log(`${id.padEnd(40)} ${seconds.toFixed(1).padStart(6)} s  ${how}`)
}
