/** Failing runs on disk, one file each: stored when they are found, and run first the next time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../flink/index.js'
import { failureText, isWayText, nameInToken, parseFailure, type Cell, type Failure } from '../search/index.js'
import { hashString } from '../world/index.js'
import type { JobOptions } from './job-options.js'
import { makeDirectory, writeWhole } from './output-directory.js'

/** A failure and where it is stored. */
export interface StoredFailure {
  readonly path: string
  readonly failure: Failure
  readonly cell: Cell
}

/** The stored failures of these cells and of this job, by path. */
export function storedFailures(directory: string, cells: readonly Cell[], options: JobOptions): StoredFailure[] {
  const job = JSON.stringify(jobOf(options))
  return filesOf(directory).flatMap((path) => {
    const content = textOf(path)
    // Ways that checks have found lie there, too; they are no runs of a campaign.
    if (isWayText(content)) return []
    const failure = parseFailure(content, path)
    const cell = cells.find(({ scenario, mode }) => scenario.name === failure.scenario && mode === failure.mode)
    return cell === undefined || JSON.stringify(failure.job) !== job ? [] : [{ path, failure, cell }]
  })
}

/**
 * Reads one.
 * @throws InputError when it is none
 */
export function readFailure(path: string): Failure {
  return parseFailure(textOf(path), path)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(path, error instanceof Error ? error.message : 'cannot be read', 'a replay token, or a file under failures/')
  }
}

/** Stores a failure under a name of its own; the same failure of a later campaign takes its place. Returns the path. */
export function storeFailure(directory: string, failure: Failure, options: JobOptions): string {
  const { scenario, mode, seed, verdict } = failure
  const path = join(directory, fileName(scenario), `${mode}.${fileName(seed)}.${fileName(verdict.rule)}.json`)
  const job = jobOf(options)
  return storeFailureAt(path, { ...failure, ...(job !== undefined && { job }) })
}

/** Most characters of a name in a path: file systems take 255 bytes for all of them together. */
const MOST_OF_A_NAME = 100

/** A name in a path; of a long one its beginning, and a hash that tells it from others. */
function fileName(name: string): string {
  const whole = nameInToken(name)
  if (whole.length <= MOST_OF_A_NAME) return whole
  return `${whole.slice(0, MOST_OF_A_NAME)}-${(hashString(name) >>> 0).toString(16)}`
}

/** Stores a failure there; what was there before stays until the new one is whole. Returns the path. */
export function storeFailureAt(path: string, failure: Failure): string {
  makeDirectory(dirname(path))
  writeWhole(path, failureText(failure))
  return path
}

/** The options that name a job of the user's own; undefined for a built-in scenario. */
export function jobOf({ plan, job, conf, set, assume, claim }: JobOptions): Failure['job'] {
  if (plan === undefined) return undefined
  return {
    plan,
    ...(job !== undefined && { job }),
    ...(conf !== undefined && { conf }),
    ...(set !== undefined && { set }),
    ...(assume !== undefined && { assume }),
    ...(claim !== undefined && { claim }),
  }
}

/** The options again, as they are stored. */
export function jobOptionsOf({ job = {} }: Pick<Failure, 'job'>): JobOptions {
  const one = (name: string) => (typeof job[name] === 'string' ? { [name]: job[name] } : {})
  const many = (name: string) => (Array.isArray(job[name]) ? { [name]: job[name] } : {})
  return { ...one('plan'), ...one('job'), ...many('conf'), ...many('set'), ...one('assume'), ...many('claim') }
}

function filesOf(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(directory, name))
    .sort()
}
