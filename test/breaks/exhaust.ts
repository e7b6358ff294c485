/** Searches scopes in which breaks are looked for by exhaustion, each break in a copy of the project and in processes of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from './broken-copy.js'
import { breakCompiled, compileProject, removeCopy } from './broken-copy.js'
import type { ScopeSight } from './exhaust-search.js'

/** What the scopes showed with some reductions, in their order up to the first that shows the break. */
export interface ReducedSight {
  readonly reductions: string
  readonly sights: readonly ScopeSight[]
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
  /** Distinct states of one scope at most. */
  readonly maxStates: number
  /** How many of the scopes are searched, from the smallest up. */
  readonly scopes: number
  readonly told?: (result: ExhaustResult) => void
}

/** Milliseconds for all scopes of one break. */
const TIMEOUT_MS = 1_800_000

/** Searches for each break, and first in what is not broken. */
export async function exhaustBreaks(
  root: string,
  breaks: readonly (Change & { readonly about: string })[],
  { reductions, maxStates, scopes, told = () => undefined }: ExhaustOptions,
): Promise<ExhaustResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'exhaust-'))
  const compiled = join(folder, 'unbroken')
  const results: ExhaustResult[] = []
  try {
    compileProject(root, compiled)
    for (const broken of [undefined, ...breaks]) {
      const copy = broken === undefined ? compiled : join(folder, broken.id)
      if (broken !== undefined) breakCompiled(root, compiled, copy, broken)
      const reduced: ReducedSight[] = []
      for (const each of reductions)
        reduced.push({ reductions: each, sights: await searched(copy, [each, String(maxStates), String(scopes)]) })
      const result = { id: broken?.id ?? '', about: broken?.about ?? 'nothing is', reduced }
      results.push(result)
      told(result)
      if (broken !== undefined) removeCopy(copy)
    }
  } finally {
    removeCopy(folder)
  }
  return results
}

/** What a process has shown of the scopes in turn; a process that dies has shown what it told before. */
function searched(copy: string, how: readonly string[]): Promise<ScopeSight[]> {
  const program = join(copy, 'test/breaks/exhaust-search.js')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--max-old-space-size=2048', program, ...how], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: TIMEOUT_MS,
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.on('error', reject)
    child.on('close', () => {
      // Written by `exhaust-search.ts`, a line each.
      const whole = stdout.split('\n').filter((line) => line.endsWith('}'))
      resolve(whole.map((line) => JSON.parse(line) as ScopeSight))
    })
  })
}

/** The sight that shows the break; undefined: none does. */
export function killOf({ sights }: ReducedSight): ScopeSight | undefined {
  return sights.find(({ reason }) => reason !== '')
}
