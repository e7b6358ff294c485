import { didYouMean, InputError, importJob, type JobDescription } from '../flink/index.js'
import { cellsOf, MODES, type Cell, type Mode, type Scenario, type ScenarioSource } from '../search/index.js'
import { claimsOf, jobInputsOf, type JobOptions } from './job-options.js'
import { builtIn, imported, loadScenarios, pointsOf, possibilitiesOf, type NamedPossibility } from './scenario-source.js'

/** Scenarios and where worker threads find them. */
export interface ChosenScenarios {
  readonly source: ScenarioSource
  readonly scenarios: readonly Scenario[]
  /** The imported job; absent for built-in scenarios. */
  readonly job?: { readonly description: JobDescription; readonly possibilities: readonly NamedPossibility[] }
}

/**
 * The scenarios that the options name: built in, or made of the user's job.
 * @throws InputError for whatever is wrong with the job
 */
export async function chosenScenarios(options: JobOptions): Promise<ChosenScenarios> {
  const inputs = jobInputsOf(options)
  if (inputs === undefined) return { source: builtIn, scenarios: loadScenarios(undefined) }
  const claims = claimsOf(options)
  const description = await importJob(inputs)
  // What cannot be checked is said; nothing is run then.
  if (description.problems.length > 0) return { source: builtIn, scenarios: [], job: { description, possibilities: [] } }
  const argument = { description, claims }
  const possibilities = possibilitiesOf(argument)
  const scenarios = possibilities.map(({ scenario }) => scenario)
  refuseClaimsNowhere(
    claims.map(({ at }) => at),
    scenarios,
  )
  return { source: imported(argument), scenarios, job: { description, possibilities } }
}

function refuseClaimsNowhere(claimed: readonly string[], scenarios: readonly Scenario[]): void {
  const points = [...new Set(scenarios.flatMap((scenario) => scenario.modes.flatMap((mode) => pointsOf(scenario, mode))))]
  const wrong = claimed.find((at) => !points.includes(at))
  if (wrong !== undefined) throw new InputError(`--claim …@${wrong}`, `the job is not looked at there`, points.join(', '))
}

/**
 * The cells of some scenarios and modes.
 * @throws InputError for an unknown name, or when nothing is left
 */
export function chosenCells(
  scenarios: readonly Scenario[],
  names: readonly string[] | undefined,
  modes: readonly string[] | undefined,
): Cell[] {
  const chosen = names === undefined ? scenarios : names.map((name) => scenarioNamed(scenarios, name))
  const cells = cellsOf([...new Set(chosen)], modes?.map(modeNamed))
  if (cells.length === 0 && chosen.length > 0) {
    const possible = [...new Set(chosen.flatMap((scenario) => scenario.modes))]
    throw new InputError(`--mode ${(modes ?? []).join(', ')}`, 'no chosen scenario runs in this mode', possible.join(', '))
  }
  return cells
}

/** @throws InputError with the nearest name, if one is like it, when there is none of this */
export function scenarioNamed(scenarios: readonly Scenario[], name: string, where = `--scenario ${name}`): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  throw unknown(
    where,
    'scenario',
    name,
    scenarios.map((scenario) => scenario.name),
  )
}

/** @throws InputError with the nearest name, if one is like it, when there is no such mode */
export function modeNamed(name: string): Mode {
  const found = MODES.find((mode) => mode === name)
  if (found === undefined) throw unknown(`--mode ${name}`, 'mode', name, MODES)
  return found
}

function unknown(where: string, kind: string, name: string, known: readonly string[]): InputError {
  return new InputError(where, `unknown ${kind} '${name}'${didYouMean(name, known)}`, known.join(', '))
}
