import { expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import type { Scenario } from './scenario.js'
import { explainRun } from './explain-run.js'
import { runExperiment, type Experiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'
import { kindOf, sightingsOf } from './sighting.js'

it('explains the violation that is asked for, not the first there is', () => {
  const scenario: Scenario = {
    ...sliceScenario,
    claims: () => [
      { guarantee: 'exactly-once', at: 'external-store' },
      { guarantee: 'at-most-once', at: 'external-store' },
    ],
  }
  const menu = faultMenu(scenario, 'off')
  for (let i = 0; i < 100; i++) {
    const seed = `explain-${String(i)}`
    const plan = planOf(seed, menu)
    const experiment: Experiment = { scenario, mode: 'off', seed, plan, restores: false }
    const { verdict } = runExperiment(experiment)
    const kinds = verdict === undefined ? [] : sightingsOf(verdict, scenario.claims('off')).map(kindOf)
    const violations = kinds.filter((kind) => kind.startsWith('violation|'))
    if (violations.length < 2) continue
    for (const kind of violations) {
      const { counterexample } = explainRun({ scenario, mode: 'off' }, { seed, plan, restores: false } as never, { kind, forks: 1 })
      const { standing, guarantee, at, sink = '', anomaly, rule } = counterexample!
      expect([standing, guarantee, at, sink, anomaly, rule].join('|')).toBe(kind)
    }
    return
  }
  throw new Error('none of 100 seeds shows two violations')
})
