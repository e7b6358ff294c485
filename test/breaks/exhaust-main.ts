/** `npm run breaks -- --exhaust [--only ID]… [--reduce NAMES]… [--states N] [--scopes N] [--json] [--markdown FILE]`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import type { Break } from './break.js'
import { exhaustBreaks, killOf, type ExhaustResult } from './exhaust.js'
import { describeScope, exhaustReductions, exhaustScopes } from './exhaust-scopes.js'
import { withExhaustTables } from './exhaust-table.js'

/** What was asked for. */
export interface ExhaustRequest {
  readonly root: string
  readonly breaks: readonly Break[]
  readonly reductions: readonly string[] | undefined
  readonly maxStates: number
  readonly scopes: number
  readonly json: boolean
  readonly markdown: string | undefined
}

/** Searches, and prints what it found; true when nothing but breaks was found, and each with all reductions. */
export async function exhaustMain(request: ExhaustRequest): Promise<boolean> {
  const { root, breaks, reductions = exhaustReductions, maxStates, scopes, json, markdown } = request
  const results = await exhaustBreaks(root, breaks, { reductions, maxStates, scopes, ...(!json && { told: print }) })
  if (json) console.log(JSON.stringify(exhaustDocument(results, maxStates)))
  if (markdown !== undefined) {
    const page = withExhaustTables(readFileSync(markdown, 'utf8'), results)
    writeFileSync(markdown, await format(page, { ...(await resolveConfig(markdown)), parser: 'markdown' }))
  }
  return results.every(({ id, reduced }) => reduced.every((each) => (killOf(each) === undefined) === (id === '')))
}

/** The document of `--json`. */
function exhaustDocument(results: readonly ExhaustResult[], maxStates: number) {
  const breaks = results.map(({ id, about, reduced }) => ({
    id,
    about,
    reduced: reduced.map((each) => ({ reductions: each.reductions.split(','), killed: killOf(each) ?? null, searched: each.sights })),
  }))
  return {
    schema: 1,
    maxStates,
    scopes: exhaustScopes,
    unbroken: breaks.filter(({ id }) => id === ''),
    breaks: breaks.filter(({ id }) => id !== ''),
  }
}

function print({ id, reduced }: ExhaustResult): void {
  for (const each of reduced) {
    const kill = killOf(each)
    const scope = kill && exhaustScopes[kill.scope]
    const states = each.sights.map(({ distinct, exhausted }) => `${String(distinct)}${exhausted ? '' : '+'}`).join(' ')
    const what = kill && scope ? `${kill.reason} (${describeScope(scope)}, ${String(kill.depth)} steps)` : 'nothing found'
    console.log(`${(id === '' ? '(not broken)' : id).padEnd(34)} ${each.reductions.padEnd(40)} ${what}; states ${states}`)
  }
}
