import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Break } from './break.js'
import { breakCopy, compileProject, removeCopy } from './broken-copy.js'
import type { CampaignSight } from './default-campaign.js'

/** Runs of the default campaign within which a break must be named. */
export const MAX_RUNS = 2000

/** What came of one break. */
export interface BreakResult {
  readonly id: string
  readonly caught: boolean
  /** The rule or guarantee that named it, or ''. */
  readonly guarantee: string
  readonly anomaly: string
  readonly expected: readonly string[]
  readonly runs: number
  readonly seconds: number
  readonly message: string
  /** Where it was seen first: scenario and mode, seed. */
  readonly at: string
  /** Runs by every rule that complained. */
  readonly seen: Readonly<Record<string, number>>
}

/** Compiles the project once, runs each break in a copy and a process of its own, and cleans up. */
export function runBreaks(
  root: string,
  breaks: readonly Break[],
  told: (result: BreakResult) => void = () => {},
  maxRuns = MAX_RUNS,
): BreakResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'breaks-'))
  try {
    const compiled = join(folder, 'unbroken')
    compileProject(root, compiled)
    return breaks.map((broken) => {
      const result = runBreak(root, compiled, join(folder, broken.id), broken, maxRuns)
      told(result)
      return result
    })
  } finally {
    removeCopy(folder)
  }
}

function runBreak(root: string, compiled: string, copy: string, broken: Break, maxRuns: number): BreakResult {
  const began = performance.now()
  breakCopy(root, compiled, copy, broken)
  const program = join(copy, 'test/breaks/default-campaign.js')
  const child = spawnSync(process.execPath, [program, broken.expected.join(','), String(maxRuns)], { encoding: 'utf8', maxBuffer: 1 << 26 })
  removeCopy(copy)
  if (child.status !== 0) throw new Error(`break ${broken.id}: the campaign ended with ${String(child.status)}\n${child.stderr}`)
  // Written by `default-campaign.ts`, as its last line.
  const sight = JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as CampaignSight
  const { caught, runs, seen } = sight
  return {
    id: broken.id,
    caught: caught !== null,
    guarantee: caught?.rule ?? '',
    anomaly: caught?.anomaly ?? '',
    expected: broken.expected,
    runs,
    seconds: Math.round((performance.now() - began) / 10) / 100,
    message: caught?.message ?? '',
    at: caught === null ? '' : `${caught.scenario}, seed ${caught.seed}`,
    seen,
  }
}
