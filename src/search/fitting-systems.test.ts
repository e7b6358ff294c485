import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/index.js'
import { systemCalls } from '../systems/index.js'
import { unrecordedExperiment } from './experiment.js'
import { faultMenu } from './fault-menu.js'
import type { Scenario } from './scenario.js'

function fits(scenario: Scenario, point: string): boolean {
  const plan: FaultPlan = [{ kind: 'call', point, nth: 1, outcome: 'failed' }]
  try {
    unrecordedExperiment({ scenario, mode: 'aligned', seed: 'calls', plan })
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

it.each(scenarios)('the calls that fit $name are those of the systems it calls', (scenario) => {
  const { calls } = faultMenu(scenario, 'aligned')
  for (const { name } of systemCalls) expect([name, fits(scenario, name)]).toEqual([name, calls.includes(name)])
})
