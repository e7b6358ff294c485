/** A plan of faults from a file: an array of faults, as results, tokens and the words of `millrace` (`crash(…).at(…)`) make them. */
import { readFileSync } from 'node:fs'
import { InputError } from '../flink/index.js'
import type { FaultPlan } from '../faults/index.js'
import { checkedPlan } from '../search/index.js'

/**
 * Reads the plan.
 * @throws InputError when it is none, or names a failpoint that there is not
 */
export function readPlanFile(path: string): FaultPlan {
  const where = `--faults ${path}`
  return checkedPlan(parsed(textOf(path, where), where), where, 'only-known')
}

function textOf(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new InputError(where, error instanceof Error ? error.message : 'cannot be read', 'a file with a plan of faults')
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError(where, 'not JSON, or cut short', 'an array of faults; docs/command-line.md shows one')
  }
}
