/** Ways that checks have found, on disk: one file each, beside the failing runs of campaigns. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../flink/index.js'
import { formatScope, isWayText, isWayToken, nameInToken, parseWay, wayText, type ComparedScope, type StoredWay } from '../search/index.js'
import { jobOf } from './failure-store.js'
import type { JobOptions } from './job-options.js'
import { makeDirectory, writeWhole } from './output-directory.js'

/** Stores the violation of a check under a name of its own; the same one of a later check takes its place. Returns the path. */
export function storeWay(directory: string, { scenario, mode, scope, violation }: ComparedScope, options: JobOptions): string | undefined {
  if (violation?.token === undefined) return undefined
  const { token, reason, steps = [] } = violation
  const job = jobOf(options)
  const size = formatScope(scope)
  const path = join(directory, nameInToken(scenario), `${mode}.check.${size.replaceAll('=', '').replaceAll(',', '-')}.json`)
  makeDirectory(dirname(path))
  const words = steps.map(({ action, answers }) => [action, ...answers].join('; '))
  writeWhole(path, wayText({ token, scenario, mode, scope: size, reason, steps: words, ...(job && { job }) }))
  return path
}

/**
 * The way that a user names, by a token or by a file; undefined: it is meant as something else.
 * @throws InputError when it is a way that is damaged
 */
export function wayNamed(given: string): { readonly token: string; readonly stored?: StoredWay } | undefined {
  if (isWayToken(given) && !existsSync(given)) return { token: given }
  const content = existsSync(given) ? contentOf(given) : undefined
  if (content === undefined || !isWayText(content)) return undefined
  const stored = parseWay(content, given)
  return { token: stored.token, stored }
}

/**
 * Refuses a way where only runs of campaigns are of use.
 * @throws InputError when it is a way
 */
export function refuseWay(given: string, why: string): void {
  if (wayNamed(given) === undefined) return
  throw new InputError(given, `is a way that a check has found; ${why}`, 'a run of a campaign: mr1.…, or its file under failures/')
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A directory, for example: whoever reads it as something else says so.
    return undefined
  }
}
