/** Runs campaigns of all drivers on broken copies: one copy and one process for each break, in which all its campaigns run. */
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DRIVERS, type DriverName } from '../../src/search/drivers/driver-name.js'
import type { Break } from './break.js'
import { breakCompiled, brokenSource, compileProject, removeCopy } from './broken-copy.js'
import type { DriverCampaign } from './driver-campaigns.js'
import { ofDriver, type RunsToDetect } from './runs-to-detect.js'

/** How the drivers did on one break. */
export interface DriversCompared {
  readonly id: string
  readonly drivers: Readonly<Record<DriverName, RunsToDetect>>
}

/** How drivers are compared. */
export interface CompareOptions {
  /** Campaigns of each driver; their seeds are the same for all drivers and all breaks. */
  readonly campaigns: number
  /** Runs of a campaign at most. */
  readonly maxRuns: number
  /** Is told of each break, in order. */
  readonly told?: (result: DriversCompared) => void
  /** Each campaign is added to this file, a line of JSON; those that are in it are not run again. */
  readonly log?: string
}

/** A campaign as the log has it. */
export interface LoggedCampaign extends DriverCampaign {
  readonly id: string
  readonly maxRuns: number
}

/** The seed of a campaign, by its number from 1; none of the seeds with which anything else is measured. */
export function campaignSeed(number: number): string {
  return `drivers-${String(number)}`
}

/** Compares the drivers, break by break. */
export async function compareDrivers(root: string, breaks: readonly Break[], options: CompareOptions): Promise<DriversCompared[]> {
  const { told = () => {} } = options
  for (const broken of breaks) brokenSource(root, broken)
  const folder = mkdtempSync(join(tmpdir(), 'drivers-'))
  const compared: DriversCompared[] = []
  try {
    const compiled = join(folder, 'unbroken')
    await compileProject(root, compiled)
    for (const broken of breaks) {
      const copy = join(folder, broken.id)
      await breakCompiled(root, compiled, copy, broken)
      const result = await compareOn(copy, broken, options)
      removeCopy(copy)
      compared.push(result)
      told(result)
    }
    return compared
  } finally {
    removeCopy(folder)
  }
}

async function compareOn(copy: string, { id, expected }: Break, { campaigns, maxRuns, log }: CompareOptions): Promise<DriversCompared> {
  const seeds = Array.from({ length: campaigns }, (_, i) => campaignSeed(i + 1))
  const done = loggedCampaigns(log).filter((each) => each.id === id && each.maxRuns === maxRuns && seeds.includes(each.seed))
  const isDone = (driver: DriverName, seed: string): boolean => done.some((each) => each.driver === driver && each.seed === seed)
  const all: DriverCampaign[] = [...done]
  const program = join(copy, 'test/breaks/driver-campaigns.js')
  const left = seeds.flatMap((seed) => DRIVERS.filter((driver) => !isDone(driver, seed)).map((driver) => `${driver}:${seed}`))
  if (left.length > 0) {
    await eachLine([program, expected.join(','), String(maxRuns), ...left], (line) => {
      const campaign = JSON.parse(line) as DriverCampaign
      all.push(campaign)
      if (log !== undefined) appendFileSync(log, `${JSON.stringify({ id, maxRuns, ...campaign } satisfies LoggedCampaign)}\n`)
    })
  }
  const of = (driver: DriverName): RunsToDetect => ofDriver(all.filter((each) => each.driver === driver).toSorted(bySeed(seeds)))
  return { id, drivers: { swarm: of('swarm'), random: of('random'), pct: of('pct'), guided: of('guided') } }
}

function bySeed(seeds: readonly string[]): (one: DriverCampaign, other: DriverCampaign) => number {
  return (one, other) => seeds.indexOf(one.seed) - seeds.indexOf(other.seed)
}

/** Campaigns of a log; none where there is no file yet. */
export function loggedCampaigns(log: string | undefined): LoggedCampaign[] {
  if (log === undefined || !existsSync(log)) return []
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LoggedCampaign)
}

/** Runs a program of Node's to its end, and tells of each line that it prints. */
function eachLine(args: readonly string[], told: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // A break may use up all memory there is.
    const child = spawn(process.execPath, ['--max-old-space-size=1024', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const lines = createInterface({ input: child.stdout })
    lines.on('line', told)
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${args.join(' ')} ended with ${String(code)}\n${said}`))
    })
  })
}
