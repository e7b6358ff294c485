import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Break, TestedBreak } from './break.js'
import { breakCompiled, breakSources, brokenSource, compileProject, copySources, removeCopy } from './broken-copy.js'
import type { CampaignSight, ShrunkBreak } from './default-campaign.js'

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
  /** Runs until it was named, by campaign; none when unit tests name it. */
  readonly campaigns: readonly number[]
  /** Median of them; 0 when unit tests name it. */
  readonly runs: number
  /** All of it. */
  readonly seconds: number
  /** Median of the time until a campaign had named it. */
  readonly secondsToName: number
  /** The run of each campaign that names it, made small; none when unit tests name it. */
  readonly shrunk: readonly ShrunkBreak[]
  readonly message: string
  /** Where the first campaign saw it: scenario, mode and seed. */
  readonly at: string
  /** Runs by every rule that complained in the first campaign. */
  readonly seen: Readonly<Record<string, number>>
}

/** How breaks are run. */
export interface RunOptions {
  /** Is told of each result, in the order of the breaks. */
  readonly told?: (result: BreakResult) => void
  /** Runs of each campaign at most; `MAX_RUNS` unless said otherwise. */
  readonly maxRuns?: number
  /** Seeds of the campaigns; every one must name the break. Only the default campaign unless said otherwise. */
  readonly seeds?: readonly string[]
  /** Breaks that run at the same time; 1 unless said otherwise. */
  readonly lanes?: number
}

/** What the reporter `json` of the test runner writes, as far as it is read here. */
interface TestReport {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Compiles the project once, runs each break in a copy and in processes of its own, and cleans up. */
export async function runBreaks(root: string, breaks: readonly (Break | TestedBreak)[], options: RunOptions = {}): Promise<BreakResult[]> {
  const { told = () => {}, maxRuns = MAX_RUNS, seeds = ['default'], lanes = 1 } = options
  for (const broken of breaks) brokenSource(root, broken)
  const folder = mkdtempSync(join(tmpdir(), 'breaks-'))
  const compiled = join(folder, 'unbroken')
  const results: (BreakResult | undefined)[] = breaks.map(() => undefined)
  let next = 0
  let toldOf = 0
  async function lane(): Promise<void> {
    for (let index = next++; index < breaks.length; index = next++) {
      const broken = breaks[index]
      if (broken === undefined) return
      const copy = join(folder, broken.id)
      const running = 'tests' in broken ? runTests(root, copy, broken) : runCampaigns(root, compiled, copy, broken, { maxRuns, seeds })
      // One break that does not run is no reason not to run the others.
      results[index] = await running.catch((error: unknown) => notRun(broken, error))
      removeCopy(copy)
      for (let result = results[toldOf]; result !== undefined; result = results[++toldOf]) told(result)
    }
  }
  try {
    if (breaks.some((broken) => 'expected' in broken)) await compileProject(root, compiled)
    await checkTests(root, join(folder, 'sources'), breaks)
    await Promise.all(Array.from({ length: lanes }, lane))
    return results.filter((result) => result !== undefined)
  } finally {
    removeCopy(folder)
  }
}

async function runCampaigns(
  root: string,
  compiled: string,
  copy: string,
  broken: Break,
  { maxRuns, seeds }: { readonly maxRuns: number; readonly seeds: readonly string[] },
): Promise<BreakResult> {
  const began = performance.now()
  await breakCompiled(root, compiled, copy, broken)
  const { id, expected } = broken
  const sights: CampaignSight[] = []
  const seconds: number[] = []
  for (const seed of seeds) {
    const begun = performance.now()
    const sight = await runCampaign(copy, broken, maxRuns, seed)
    sights.push(sight)
    seconds.push(Math.max(0, Math.round(100 * (secondsSince(begun) - (sight.caught?.shrunk.seconds ?? 0))) / 100))
  }
  const campaigns = sights.map(({ runs }) => runs)
  const shrunk = sights.flatMap(({ caught }) => (caught === null ? [] : [caught.shrunk]))
  const times = { seconds: secondsSince(began), secondsToName: median(seconds) }
  const counts = { expected, campaigns, runs: median(campaigns), ...times, shrunk, seen: sights[0]?.seen ?? {} }
  const first = sights[0]?.caught
  if (!first || sights.some(({ caught }) => caught === null))
    return { id, caught: false, guarantee: '', anomaly: '', message: '', at: '', ...counts }
  const { rule, anomaly, message, scenario, seed } = first
  return { id, caught: true, guarantee: rule, anomaly, message, at: `${scenario}, seed ${seed}`, ...counts }
}

async function runCampaign(copy: string, { id, expected }: Break, maxRuns: number, seed: string): Promise<CampaignSight> {
  const program = join(copy, 'test/breaks/default-campaign.js')
  const { status, stdout, stderr } = await ran([program, expected.join(','), String(maxRuns), seed])
  if (status !== 0) throw new Error(`break ${id}: the campaign ended with ${String(status)}\n${stderr}`)
  // Written by `default-campaign.ts`, as its last line.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CampaignSight
}

function notRun(broken: Break | TestedBreak, error: unknown): BreakResult {
  const expected = 'tests' in broken ? [broken.tests] : broken.expected
  const counts = {
    expected,
    campaigns: [],
    runs: 0,
    seconds: 0,
    secondsToName: 0,
    shrunk: [],
    at: '',
    seen: { [`not run: ${String(error)}`]: 1 },
  }
  return { id: broken.id, caught: false, guarantee: '', anomaly: '', message: '', ...counts }
}

/** A test that fails where nothing is broken names nothing: such tests are refused. */
async function checkTests(root: string, copy: string, breaks: readonly (Break | TestedBreak)[]): Promise<void> {
  const files = [...new Set(breaks.flatMap((broken) => ('tests' in broken ? [broken.tests] : [])))]
  if (files.length === 0) return
  copySources(root, copy)
  const failed = await failedTests(root, copy, files)
  removeCopy(copy)
  if (failed.length > 0) throw new Error(`unit tests fail although nothing is broken: ${failed.join('; ')}`)
}

/** Full names of the tests in these files that fail. */
async function failedTests(root: string, copy: string, files: readonly string[]): Promise<readonly string[]> {
  const runner = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout, stderr } = await ran([runner, 'run', ...files, '--root', copy, '--reporter=json'])
  if (!stdout.includes('{')) throw new Error(`${files.join(', ')} could not be run\n${stderr}`)
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as TestReport
  // A file that cannot be loaded has no tests that could fail.
  if (testResults.length < files.length || testResults.some(({ assertionResults }) => assertionResults.length === 0))
    throw new Error(`${files.join(', ')}: not all of them could be loaded\n${stderr}`)
  const assertions = testResults.flatMap(({ assertionResults }) => assertionResults)
  return assertions.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
}

async function runTests(root: string, copy: string, broken: TestedBreak): Promise<BreakResult> {
  const began = performance.now()
  const { id, tests } = broken
  breakSources(root, copy, broken)
  const [failed] = await failedTests(root, copy, [tests])
  const caught = failed !== undefined
  return {
    id,
    caught,
    guarantee: caught ? 'unit test' : '',
    anomaly: '',
    expected: [tests],
    campaigns: [],
    runs: 0,
    seconds: secondsSince(began),
    secondsToName: 0,
    shrunk: [],
    message: failed ?? '',
    at: tests,
    seen: {},
  }
}

/** Runs a program of Node's to its end. */
function ran(args: readonly string[]): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    // A break may make a program run for ever, or use up all memory there is.
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 600_000,
      env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=1024' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => {
      resolve({ status, stdout, stderr })
    })
  })
}

/** The middle one; of two, the lower. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 10) / 100
}
