/** The thread of a worker that explores a scope: finds the scenario it was told of. */
import { workOnWorld } from '../check/index.js'
import type { ScenarioModule } from './chunk-runners.js'
import { exploredScope, type ScopeTask } from './scopes/scope-crew.js'

await workOnWorld(async (told: ScopeTask) => {
  const { source, scenario: name } = told
  const { loadScenarios } = (await import(source.module)) as ScenarioModule
  const scenario = loadScenarios(source.argument).find((each) => each.name === name)
  if (scenario === undefined) throw new RangeError(`${source.module} has no scenario ${name}`)
  return exploredScope(told, scenario)
})
