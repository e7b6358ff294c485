/**
 * `npm run breaks -- [--json] [--only ID]… [--runs N] [--campaigns N] [--lanes N] [--markdown FILE]`: breaks the engine in every known
 * way and tells which oracle (or, where no history shows a break, which unit test) notices, and when. With `--explain`: why, beside what
 * was written by hand. With `--drivers` (and `--log FILE`, to go on later): how many runs each driver needs. With
 * `--exhaust`: in which scope a search of all states finds it, with which reductions.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { breaks, testedBreaks } from './breaks.js'
import { breaksDocument } from './breaks-document.js'
import { withBreaksTable } from './breaks-table.js'
import { driversMain } from './drivers-main.js'
import { withDriversTable } from './drivers-table.js'
import { exhaustMain } from './exhaust-main.js'
import { exhaustScopes } from './exhaust-scopes.js'
import { allChains, explainMain } from './explain-main.js'
import { withExplainedTable } from './explained-table.js'
import { breaksRequest, type BreaksRequest } from './request.js'
import { runBreaks, type BreakResult } from './run-break.js'
import { withShrunkTable } from './shrunk-table.js'

const PROJECT = join(import.meta.dirname, '../../..')
const ACTS = { breaks: run, explain, drivers, exhaust }

const request = breaksRequest(process.argv.slice(2))
if ('refused' in request) refuse(request.refused)
else await ACTS[request.what](request)

function refuse(why: string): void {
  console.error(why)
  process.exitCode = 2
}

async function explain({ root = PROJECT, only, json, markdown }: BreaksRequest): Promise<void> {
  const compared = await explainMain(root, only, json)
  if (compared === undefined) {
    process.exitCode = 2
    return
  }
  if (markdown !== undefined)
    writeFileSync(markdown, await formatted(markdown, withExplainedTable(readFileSync(markdown, 'utf8'), allChains, compared)))
  process.exitCode = compared.every(({ agrees }) => agrees) ? 0 : 1
}

async function drivers({ root = PROJECT, only, markdown, log, json, campaigns, maxRuns }: BreaksRequest): Promise<void> {
  const results = await driversMain(root, { only, campaigns, maxRuns, json, log })
  if (results === undefined) process.exitCode = 2
  else if (markdown !== undefined) {
    const page = withDriversTable(readFileSync(markdown, 'utf8'), results, { campaigns, maxRuns })
    writeFileSync(markdown, await formatted(markdown, page))
  }
}

async function exhaust({ root = PROJECT, only, reduce, states, seconds, from, scopes, log, json, markdown }: BreaksRequest): Promise<void> {
  const chosen = breaks.filter(({ id }) => only === undefined || only.includes(id))
  const most = { maxStates: states, maxSeconds: seconds, from, scopes: Math.min(scopes, exhaustScopes.length) }
  process.exitCode = await exhaustMain({ root, breaks: chosen, reductions: reduce, ...most, log, json, markdown })
}

async function run({ root = PROJECT, only, markdown, json, campaigns, maxRuns, lanes }: BreaksRequest): Promise<void> {
  const all = [...breaks, ...testedBreaks]
  const chosen = all.filter(({ id }) => only === undefined || only.includes(id))
  const results = await runBreaks(root, chosen, {
    ...(!json && { told: print }),
    maxRuns,
    seeds: Array.from({ length: campaigns }, (_, i) => (i === 0 ? 'default' : `default-campaign-${String(i + 1)}`)),
    lanes,
  })
  if (json) console.log(JSON.stringify(breaksDocument(results)))
  if (markdown !== undefined) {
    const ids = breaks.map(({ id }) => id)
    const page = withShrunkTable(withBreaksTable(readFileSync(markdown, 'utf8'), all, results), ids, results)
    writeFileSync(markdown, await formatted(markdown, page))
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
