import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import type { FaultPlan } from '../../faults/index.js'
import { runExperiment, type Experiment } from '../experiment.js'
import { faultMenu } from '../fault-menu.js'
import { ReachLog } from '../reach-log.js'
import { fewerFaults } from './fewer-faults.js'
import { countedInRun } from './moved-faults.js'
import type { Shown } from './pass.js'

describe('a fault that counts what comes in a recovery', () => {
  const plan: FaultPlan = [
    { kind: 'exception', point: 'task.record', nth: 5 },
    { kind: 'exception', point: 'task.record', nth: 3, who: 'operator', depth: 1 },
    { kind: 'crash', process: '*', at: { point: 'task.restored', nth: 1, depth: 2 }, downUs: 1000 },
  ]
  const experiment: Experiment = { scenario: sliceScenario, mode: 'aligned', seed: 'counted', plan, restores: false }
  const reached = new ReachLog()
  const { setUp, endUs, traceHash } = runExperiment(experiment, { reached })
  const [second, third] = [reached.turns.get(plan[1]!) ?? 0, reached.turns.get(plan[2]!) ?? 0]
  const counted: FaultPlan = [
    { kind: 'exception', point: 'task.record', nth: 5 },
    { kind: 'exception', point: 'task.record', nth: second },
    { kind: 'crash', process: '*', at: { point: 'task.restored', nth: third }, downUs: 1000 },
  ]

  it('strikes the same time of all in the run, and the run is the same', () => {
    expect([second, third].every((nth) => nth > 3)).toBe(true)
    expect(countedInRun(plan, reached)).toEqual(counted)
    expect(countedInRun(counted, reached)).toBeUndefined()
    expect(runExperiment({ ...experiment, plan: counted }).traceHash).toBe(traceHash)
  })

  it('is tried where it struck without the failure that led there', () => {
    const best: Shown = { experiment, kind: '', reached, setUp, endUs, menu: faultMenu(sliceScenario, 'aligned'), hasty: true }
    const proposed: FaultPlan[] = []
    const proposals = fewerFaults(best)
    for (let next = proposals.next(); next.done !== true;) {
      proposed.push(next.value.plan)
      next = proposals.next({ shows: false, best, reached })
    }
    expect(proposed).toContainEqual(counted.slice(1))
    expect(proposed).toContainEqual(plan.slice(1))
  })
})
