import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import type { FaultPlan } from '../faults/index.js'
import { cellsOf } from './cell.js'
import { runExperiment, type Experiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'
import { shows, shrinkPlan } from './shrink.js'

/** Without checkpoints, a task that had finished and committed writes everything again when another one fails. */
const [cell] = cellsOf([{ ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] }], ['off'])
const scenario = cell!.scenario
const menu = faultMenu(scenario, 'off')
const kind = 'violation|exactly-once|external-store|Sink|duplicated|output-at-most-once'

function experimentOf(seed: string, plan: FaultPlan = planOf(seed, menu)): Experiment {
  return { scenario, mode: 'off', seed, plan }
}

/** The first seed that duplicates, with a plan in which no fault can be spared. */
function needed(): Experiment {
  for (let i = 0; i < 100; i++) {
    const experiment = experimentOf(`shrink-${String(i)}`)
    if (shows(runExperiment(experiment), experiment, kind)) return shrinkPlan(experiment, kind).experiment
  }
  throw new Error('none of 100 seeds duplicates anything')
}

describe('shrinking', () => {
  const { seed, plan } = needed()
  /** Faults that never come to pass, around the one that does. */
  const idle: FaultPlan = [
    { kind: 'exception', point: 'task.record', nth: 100_000 },
    { kind: 'rpc', rpc: 'acknowledge', nth: 100_000 },
    { kind: 'call', point: 'storage.put', nth: 100_000, outcome: 'failed' },
  ]
  const experiment = experimentOf(seed, [...idle, ...plan, ...idle])

  it('leaves out every fault that is not needed, and no other', () => {
    expect(plan.length).toBeGreaterThan(0)
    const { experiment: small, faultsBefore, tries } = shrinkPlan(experiment, kind)
    expect(small.plan).toEqual(plan)
    expect(faultsBefore).toBe(plan.length + 6)
    expect(tries).toBeLessThan(30)
    expect(shows(runExperiment(small), small, kind)).toBe(true)
  })

  it('leaves the plan alone when another anomaly is meant', () => {
    expect(shrinkPlan(experiment, kind.replace('duplicated', 'lost')).experiment.plan).toEqual(experiment.plan)
  })
})
