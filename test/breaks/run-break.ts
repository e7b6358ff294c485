import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Break, TestedBreak } from './break.js'
import { breakCompiled, breakSources, compileProject, removeCopy } from './broken-copy.js'
import type { CampaignSight } from './default-campaign.js'

/** Runs of the default campaign within which a break must be named. */
export const MAX_RUNS = 2000

/** What came of one break. */
export interface BreakResult {
  readonly id: string
  readonly caught: boolean
  /** The rule or guarantee that named it, or the unit test; '' when nothing did. */
  readonly guarantee: string
  readonly anomaly: string
  /** Rules that may name it, or the test files that must. */
  readonly expected: readonly string[]
  /** Runs of the default campaign; 0 when unit tests name it. */
  readonly runs: number
  readonly seconds: number
  readonly message: string
  /** Where it was seen first: scenario, mode and seed. */
  readonly at: string
  /** Runs by every rule that complained. */
  readonly seen: Readonly<Record<string, number>>
}

/** What the reporter `json` of the test runner writes, as far as it is read here. */
interface TestReport {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Compiles the project once, runs each break in a copy and a process of its own, and cleans up. */
export function runBreaks(
  root: string,
  breaks: readonly (Break | TestedBreak)[],
  told: (result: BreakResult) => void = () => {},
  maxRuns = MAX_RUNS,
): BreakResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'breaks-'))
  try {
    const compiled = join(folder, 'unbroken')
    compileProject(root, compiled)
    return breaks.map((broken) => {
      const copy = join(folder, broken.id)
      const result = 'tests' in broken ? runTests(root, copy, broken) : runCampaign(root, compiled, copy, broken, maxRuns)
      removeCopy(copy)
      told(result)
      return result
    })
  } finally {
    removeCopy(folder)
  }
}

function runCampaign(root: string, compiled: string, copy: string, broken: Break, maxRuns: number): BreakResult {
  const began = performance.now()
  breakCompiled(root, compiled, copy, broken)
  const { id, expected } = broken
  const program = join(copy, 'test/breaks/default-campaign.js')
  const child = spawnSync(process.execPath, [program, expected.join(','), String(maxRuns)], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (child.status !== 0) throw new Error(`break ${id}: the campaign ended with ${String(child.status)}\n${child.stderr}`)
  // Written by `default-campaign.ts`, as its last line.
  const { caught, runs, seen } = JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as CampaignSight
  const seconds = secondsSince(began)
  if (caught === null) return { id, caught: false, guarantee: '', anomaly: '', expected, runs, seconds, message: '', at: '', seen }
  const { rule, anomaly, message, scenario, seed } = caught
  return { id, caught: true, guarantee: rule, anomaly, expected, runs, seconds, message, at: `${scenario}, seed ${seed}`, seen }
}

function runTests(root: string, copy: string, broken: TestedBreak): BreakResult {
  const began = performance.now()
  breakSources(root, copy, broken)
  const { id, tests } = broken
  const runner = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawnSync(process.execPath, [runner, 'run', tests, '--root', copy, '--reporter=json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const { testResults } = JSON.parse(child.stdout.slice(child.stdout.indexOf('{'))) as TestReport
  const [failed] = testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'))
  const caught = failed !== undefined
  const seconds = secondsSince(began)
  return {
    id,
    caught,
    guarantee: caught ? 'unit test' : '',
    anomaly: '',
    expected: [tests],
    runs: 0,
    seconds,
    message: failed?.fullName ?? '',
    at: tests,
    seen: {},
  }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 10) / 100
}
