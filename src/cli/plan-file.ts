/** A plan of faults from a file: an array of faults, as results, tokens and the words of `millrace` (`crash(…).at(…)`) make them. */
import { readFileSync } from 'node:fs'
import { InputError, nearestName } from '../flink/index.js'
import type { FaultPlan } from '../faults/index.js'
import { LATE_CALLS, misnamedIn, neverLateIn, parsePlan } from '../search/index.js'

/**
 * Reads the plan.
 * @throws InputError when it is none, or names a failpoint that there is not
 */
export function readPlanFile(path: string): FaultPlan {
  const where = `--faults ${path}`
  const { plan, problem } = parsePlan(parsed(textOf(path, where), where))
  if (plan === undefined)
    throw new InputError(`${where} $${problem.path}`, problem.message, 'an array of faults; docs/command-line.md shows one')
  const [early] = neverLateIn(plan)
  if (early !== undefined)
    throw new InputError(`${where} $.${String(early.place)}.outcome`, `${early.point} cannot be applied later`, LATE_CALLS.join(', '))
  const [wrong] = misnamedIn(plan)
  if (wrong === undefined) return plan
  const { place, name, known } = wrong
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`
  throw new InputError(`${where} $.${String(place)}`, `there is no failpoint '${name}' for this kind of fault${hint}`, known.join(', '))
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
