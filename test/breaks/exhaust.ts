/**
 * Searches scopes in which breaks are looked for by exhaustion, each break in a copy of the project and in processes of its own. What is
 * not broken is searched first: what it shows, too, is no work of a break, and a search that ends early has shown nothing.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from './broken-copy.js'
import { breakCompiled, compileProject, removeCopy } from './broken-copy.js'
import type { ScopeSight, SearchOrder } from './exhaust-search.js'

/** What the scopes showed with some reductions, in their order up to the first that shows the break. */
export interface ReducedSight {
  readonly reductions: string
  /**
   * Distinct states of one scope, and seconds for it, at most; null for no limit. And the first scope, where it is not the first of all.
   */
  readonly bounds: { readonly states: number; readonly seconds: number | null; readonly from?: number }
  readonly sights: readonly ScopeSight[]
  /** Why the search ended before it had searched what it was to: an error of the measurement, whatever the sights are. */
  readonly failed?: string
  /** Scopes that tell nothing about a break, because something is wrong there that is not broken. */
  readonly spoiled?: readonly number[]
  /** The break was found deeper than the unbroken engine was searched in that scope: it may show the same. */
  readonly unconfirmed?: true
}

/** What came of one break; the one without a name is no break at all. */
export interface ExhaustResult {
  readonly id: string
  readonly about: string
  readonly reduced: readonly ReducedSight[]
}

/** How it is done. */
export interface ExhaustOptions {
  readonly reductions: readonly string[]
  /** Distinct states of one scope, and seconds for it, at most. */
  readonly maxStates: number
  readonly maxSeconds: number
  /** Which of the scopes are searched: the first one, from 1, and the last. */
  readonly from: number
  readonly scopes: number
  /** A file of results, one a line: what is in it, within the same bounds, is told as well and not searched again. */
  readonly log?: string
  readonly told?: (result: ExhaustResult) => void
}

/** What a process has told of its search before it ended, and why it ended if it was not through. */
export interface Searched {
  readonly sights: readonly ScopeSight[]
  readonly failed?: string
}

/** Searches as it is told. */
export type Search = (order: SearchOrder) => Promise<Searched>

/** Milliseconds for all scopes of one break, where scopes are not limited. */
const TIMEOUT_MS = 1_800_000

/** Searches for each break, and first in what is not broken. */
export async function exhaustBreaks(
  root: string,
  breaks: readonly (Change & { readonly about: string })[],
  options: ExhaustOptions,
): Promise<ExhaustResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'exhaust-'))
  const compiled = join(folder, 'unbroken')
  const results: ExhaustResult[] = []
  /** Takes what is known, and searches for the rest. */
  const search = async (id: string, about: string, missing: (reductions: readonly string[]) => Promise<ReducedSight[]>): Promise<void> => {
    const known = logged(options, id)
    const reductions = options.reductions.filter((each) => !known.some((other) => other.reductions === each))
    const found = reductions.length > 0 ? await missing(reductions) : []
    if (options.log !== undefined && found.length > 0) appendFileSync(options.log, `${JSON.stringify({ id, about, reduced: found })}\n`)
    const result = { id, about, reduced: [...known, ...found] }
    results.push(result)
    options.told?.(result)
  }
  const searchIn =
    (copy: string): Search =>
    (order) =>
      searched(join(copy, 'test/breaks/exhaust-search.js'), order)
  try {
    await compileProject(root, compiled)
    await search('', 'nothing is', (reductions) => searchUnbroken(searchIn(compiled), { ...options, reductions }))
    const unbroken = results[0]?.reduced ?? []
    for (const { id, about, ...change } of breaks) {
      const copy = join(folder, id)
      await search(id, about, async (reductions) => {
        await breakCompiled(root, compiled, copy, { id, ...change })
        const beside = unbroken.filter((each) => reductions.includes(each.reductions))
        return searchBroken(searchIn(copy), beside, options)
      })
      removeCopy(copy)
    }
  } finally {
    removeCopy(folder)
  }
  return results
}

/** What is known of a break, within these bounds, without searches that failed. */
export function logged(
  { log, maxStates, maxSeconds, from }: Pick<ExhaustOptions, 'log' | 'maxStates' | 'maxSeconds' | 'from'>,
  id: string,
): ReducedSight[] {
  if (log === undefined || !existsSync(log)) return []
  const lines = readFileSync(log, 'utf8').split('\n')
  // Written by `exhaustBreaks`, a line each; the last one may be cut off.
  const results = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as ExhaustResult)
  const wanted = JSON.stringify(boundsOf({ maxStates, maxSeconds, from }))
  return results
    .filter((result) => result.id === id)
    .flatMap(({ reduced }) => reduced)
    .filter(({ failed, bounds }) => failed === undefined && JSON.stringify(bounds) === wanted)
}

type Bounds = Pick<ExhaustOptions, 'reductions' | 'maxStates' | 'maxSeconds' | 'from' | 'scopes'>

/** What all scopes show where nothing is broken. */
export async function searchUnbroken(search: Search, most: Bounds): Promise<ReducedSight[]> {
  const { maxStates, maxSeconds } = most
  const all = Array.from({ length: most.scopes - most.from + 1 }, (_, i) => most.from - 1 + i)
  const reduced: ReducedSight[] = []
  for (const reductions of most.reductions) {
    const found = await search({ maxStates, maxSeconds, reductions, scopes: all, untilFound: false })
    reduced.push({ reductions, bounds: boundsOf(most), ...found })
  }
  return reduced
}

/** What the scopes show of a break in which nothing is wrong without it. */
export async function searchBroken(search: Search, unbroken: readonly ReducedSight[], most: Bounds): Promise<ReducedSight[]> {
  const { maxStates, maxSeconds } = most
  const reduced: ReducedSight[] = []
  for (const { reductions, sights } of unbroken) {
    const sound = sights.filter(({ reason }) => reason === '')
    const spoiled = sights.filter(({ reason }) => reason !== '').map(({ scope }) => scope)
    const scopes = sound.map(({ scope }) => scope)
    const found = { reductions, bounds: boundsOf(most), ...(await search({ maxStates, maxSeconds, reductions, scopes, untilFound: true })) }
    const kill = killOf(found)
    const searchedSoFar = sound.find(({ scope }) => scope === kill?.scope)
    const confirmed = kill === undefined || searchedSoFar?.exhausted === true || kill.depth < (searchedSoFar?.depth ?? 0)
    reduced.push({ ...found, ...(spoiled.length > 0 && { spoiled }), ...(!confirmed && { unconfirmed: true }) })
  }
  return reduced
}

function boundsOf({ maxStates, maxSeconds, from }: Pick<Bounds, 'maxStates' | 'maxSeconds' | 'from'>): ReducedSight['bounds'] {
  return { states: maxStates, seconds: Number.isFinite(maxSeconds) ? maxSeconds : null, ...(from > 1 && { from }) }
}

/** What a process has shown of the scopes in turn, and how it died if it did. */
export function searched(program: string, order: SearchOrder): Promise<Searched> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=2048', program, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: TIMEOUT_MS,
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      // Written by `exhaust-search.ts`, a line each.
      const whole = stdout.split('\n').filter((line) => line.endsWith('}'))
      const sights = whole.map((line) => JSON.parse(line) as ScopeSight)
      const failed = `the search died (${signal ?? `exit code ${String(code)}`}) behind ${String(sights.length)} scopes`
      resolve({ sights, ...(code !== 0 && { failed }) })
    })
  })
}

/** The sight that shows the break; undefined: none does. */
export function killOf({ sights }: Pick<ReducedSight, 'sights'>): ScopeSight | undefined {
  return sights.find(({ reason }) => reason !== '')
}
