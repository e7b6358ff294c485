/**
 * `npm run breaks -- --exhaust [--only ID]… [--reduce NAMES]… [--states N] [--seconds N] [--from N] [--scopes N] [--log FILE] [--json]
 * [--markdown FILE]`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import type { Break } from './break.js'
import { exhaustBreaks, killOf, type ExhaustResult, type ReducedSight } from './exhaust.js'
import { describeScope, exhaustReductions, exhaustScopes } from './exhaust-scopes.js'
import { withExhaustTables, type ExhaustBounds } from './exhaust-table.js'

/** What was asked for. */
export interface ExhaustRequest {
  readonly root: string
  readonly breaks: readonly Break[]
  readonly reductions: readonly string[] | undefined
  readonly maxStates: number
  readonly maxSeconds: number
  readonly from: number
  readonly scopes: number
  readonly log: string | undefined
  readonly json: boolean
  readonly markdown: string | undefined
}

/** Searches, and prints what it found: the exit code. */
export async function exhaustMain(request: ExhaustRequest): Promise<number> {
  const { root, breaks, reductions = exhaustReductions, maxStates, maxSeconds, from, scopes, log, json, markdown } = request
  const most = { maxStates, maxSeconds, from, scopes }
  const results = await exhaustBreaks(root, breaks, {
    reductions,
    ...most,
    ...(log !== undefined && { log }),
    ...(!json && { told: print }),
  })
  if (json) console.log(JSON.stringify(exhaustDocument(results, most)))
  for (const error of errorsOf(results)) console.error(error)
  if (markdown !== undefined) {
    const page = withExhaustTables(readFileSync(markdown, 'utf8'), results, most)
    writeFileSync(markdown, await format(page, { ...(await resolveConfig(markdown)), parser: 'markdown' }))
  }
  return exitCodeOf(results)
}

/** 70: a search died, and what it might have shown is not known; 1: a break was not found, or something is wrong without one. */
export function exitCodeOf(results: readonly ExhaustResult[]): number {
  if (errorsOf(results).length > 0) return 70
  return results.every(({ id, reduced }) => reduced.every((each) => (killOf(each) === undefined) === (id === ''))) ? 0 : 1
}

/** What went wrong with the measurement itself. */
function errorsOf(results: readonly ExhaustResult[]): string[] {
  return results.flatMap(({ id, reduced }) =>
    reduced.flatMap(({ reductions, failed }) =>
      failed === undefined ? [] : [`error of the measurement: ${named(id)}, ${reductions}: ${failed}`],
    ),
  )
}

function named(id: string): string {
  return id === '' ? '(not broken)' : id
}

/** The document of `--json`. */
function exhaustDocument(results: readonly ExhaustResult[], most: ExhaustBounds) {
  const breaks = results.map(({ id, about, reduced }) => ({
    id,
    about,
    reduced: reduced.map((each) => ({
      reductions: each.reductions.split(','),
      killed: killOf(each) ?? null,
      unconfirmed: each.unconfirmed === true,
      searched: each.sights,
      spoiled: each.spoiled ?? [],
      failed: each.failed ?? null,
    })),
  }))
  return {
    schema: 1,
    maxStates: most.maxStates,
    maxSeconds: Number.isFinite(most.maxSeconds) ? most.maxSeconds : null,
    scopes: exhaustScopes,
    unbroken: breaks.filter(({ id }) => id === ''),
    breaks: breaks.filter(({ id }) => id !== ''),
  }
}

function print({ id, reduced }: ExhaustResult): void {
  for (const each of reduced) {
    const states = each.sights.map(({ distinct, exhausted }) => `${String(distinct)}${exhausted ? '' : '+'}`).join(' ')
    console.log(`${named(id).padEnd(34)} ${each.reductions.padEnd(40)} ${inWords(each)}; states ${states}`)
  }
}

/** What was found, or why that is not known. */
function inWords(each: ReducedSight): string {
  const { failed, spoiled = [], unconfirmed } = each
  const kill = killOf(each)
  const scope = kill && exhaustScopes[kill.scope]
  const found = kill && scope ? `${kill.reason} (${describeScope(scope)}, ${String(kill.depth)} steps)` : 'nothing found'
  return [
    kill === undefined && failed !== undefined ? 'NOT MEASURED' : found,
    ...(unconfirmed === true ? ['deeper than the unbroken engine was searched there'] : []),
    ...(failed === undefined ? [] : [`ERROR: ${failed}`]),
    ...(spoiled.length === 0 ? [] : [`not searched because of what the unbroken engine shows: ${spoiled.map((i) => i + 1).join(', ')}`]),
  ].join('; ')
}
