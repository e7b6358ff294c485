import { scenarios } from '../scenarios/index.js'
import type { Scenario } from '../src/search/index.js'

/** The built-in scenario of this name; a RangeError when there is none. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new RangeError(`there is no scenario ${name}`)
  return scenario
}
