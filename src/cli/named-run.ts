/** The run that `replay` and `shrink` are given: by a replay token, or by a file under failures/. */
import { existsSync } from 'node:fs'
import { InputError } from '../flink/index.js'
import { beyondBudget, isBeyondBudget, parseToken, type Cell, type Failure, type RunName } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { jobOptionsOf, readFailure } from './failure-store.js'
import type { JobOptions } from './job-options.js'

/** What was named. */
export interface NamedRun {
  readonly cell: Cell
  readonly name: RunName
  /** When a file was given. */
  readonly failure?: Failure
  /** Options of the job it is of, given or stored. */
  readonly job: JobOptions
}

/**
 * Finds it.
 * @throws InputError when it is neither token nor failure, or its scenario is gone
 */
export async function namedRun(given: string, options: JobOptions): Promise<NamedRun> {
  // A token is never the name of a file: it has no suffix of its own.
  const failure = given.endsWith('.json') || existsSync(given) ? readFailure(given) : undefined
  const name = parseToken(failure?.token ?? given)
  const jobOptions = failure !== undefined && options.plan === undefined ? jobOptionsOf(failure) : options
  const { scenarios: within, job } = await chosenScenarios(jobOptions)
  const scenarios = isBeyondBudget(name.scenario) ? within.map(beyondBudget) : within
  const where = job === undefined && name.scenario !== '' ? 'replay token (for a job of your own give --plan as well)' : 'replay token'
  const scenario = scenarioNamed(scenarios, name.scenario, where)
  if (!scenario.modes.includes(name.mode)) {
    throw new InputError('replay token', `${scenario.name} does not run in mode ${name.mode}`, scenario.modes.join(', '))
  }
  return { cell: { scenario, mode: name.mode }, name, ...(failure !== undefined && { failure }), job: jobOptions }
}
