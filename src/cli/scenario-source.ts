/**
 * Where a command gets its scenarios: the built-in ones, or those that are made of a job of the user's own. Worker threads load it, too.
 */
import { importedScenarios, scenarios, type ImportedScenario } from '../../scenarios/index.js'
import type { JobDescription } from '../flink/index.js'
import type { DeliveryPromise } from '../history/index.js'
import { beyondBudget, runExperiment, type Mode, type Scenario, type ScenarioSource } from '../search/index.js'

/** What a source of imported scenarios is told. */
export interface ImportedArgument {
  readonly description: JobDescription
  readonly claims: readonly DeliveryPromise[]
}

/** One possibility of an imported job, under a name that fits into a table. */
export type NamedPossibility = Omit<ImportedScenario, 'mode'>

/** The source of the built-in scenarios. */
export const builtIn: ScenarioSource = { module: import.meta.url, argument: undefined }

/** The source of the scenarios of an imported job. */
export function imported(argument: ImportedArgument): ScenarioSource {
  return { module: import.meta.url, argument }
}

/** The scenarios of a source of this module. */
export function loadScenarios(argument: unknown): readonly Scenario[] {
  if (isBeyond(argument)) return loadScenarios(argument.beyondBudget).map(beyondBudget)
  return isImported(argument) ? possibilitiesOf(argument).map(({ scenario }) => scenario) : scenarios
}

/** The scenarios of a source, beyond the budget of faults. */
export function beyondBudgetOf({ module, argument }: ScenarioSource): ScenarioSource {
  return { module, argument: { beyondBudget: argument } }
}

function isBeyond(argument: unknown): argument is { readonly beyondBudget: unknown } {
  return typeof argument === 'object' && argument !== null && 'beyondBudget' in argument
}

function isImported(argument: unknown): argument is ImportedArgument {
  return typeof argument === 'object' && argument !== null && 'description' in argument
}

/** The possibilities of an imported job: the best guess has the name of the plan, the others a number behind it. */
export function possibilitiesOf({ description, claims }: ImportedArgument): NamedPossibility[] {
  return importedScenarios(description).map(({ scenario, mode, ...assumed }, index) => {
    const name = index === 0 ? description.plan.name : `${description.plan.name}#${String(index + 1)}`
    const points = new Set(pointsOf(scenario, mode))
    const claimed = claims.filter(({ at }) => points.has(at))
    return { ...assumed, scenario: { ...scenario, name, claims: () => claimed } }
  })
}

/** The points at which a scenario can be judged: `state`, and where its output is looked at. */
export function pointsOf(scenario: Scenario, mode: Mode): string[] {
  const { header } = runExperiment({ scenario, mode, seed: 'points', plan: [] }, { unjudged: true, maxSteps: 0 })
  const stateful = header.operators.some((operator) => operator.stateful === true)
  return [...(stateful ? ['state'] : []), ...new Set(header.operators.flatMap(({ observed = [] }) => observed))]
}
