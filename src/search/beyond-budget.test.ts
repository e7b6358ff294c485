import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { FOR_GOOD_US } from '../faults/index.js'
import { beyondBudget, isBeyondBudget } from './beyond-budget.js'
import { CellRunner } from './cell.js'
import { runExperiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'

const scenario = beyondBudget(sliceScenario)
const menu = faultMenu(scenario, 'aligned')
const planOfSeed = (seed: number) => planOf(`disaster-${String(seed)}`, menu)

describe('a scenario beyond the budget', () => {
  it('is told by its name, asks for no witness, and grants few restarts', () => {
    expect([isBeyondBudget(scenario.name), isBeyondBudget(sliceScenario.name)]).toEqual([true, false])
    expect(scenario.witnesses('aligned')).toEqual([])
    const { header } = runExperiment({ scenario, mode: 'aligned', seed: 'header', plan: [] }, { maxSteps: 0 })
    expect(header).toMatchObject({ discipline: 'beyond-budget', configuration: { 'restart-strategy.fixed-delay.attempts': '3' } })
  })

  it('has plans in which processes and systems go away for good, and storms of crashes and exceptions', () => {
    const plans = Array.from({ length: 60 }, (_, seed) => planOfSeed(seed))
    const some = (matches: (fault: (typeof plans)[number][number]) => boolean, times = 1): boolean =>
      plans.some((plan) => plan.filter(matches).length >= times)
    expect(some((fault) => fault.kind === 'crash' && fault.downUs === FOR_GOOD_US)).toBe(true)
    expect(some((fault) => fault.kind === 'crash' && fault.downUs === FOR_GOOD_US, menu.ofTheJob.length)).toBe(true)
    expect(some((fault) => fault.kind === 'pause' && fault.forUs === FOR_GOOD_US)).toBe(true)
    expect(some((fault) => fault.kind === 'crash' && fault.downUs < FOR_GOOD_US, 6)).toBe(true)
    expect(some((fault) => fault.kind === 'exception', 5)).toBe(true)
    expect(planOfSeed(0)).toEqual(planOfSeed(0))
  })

  it('fails cleanly, and gives no wrong answer', () => {
    const tally = new CellRunner([{ scenario, mode: 'aligned' }]).run({ cell: 0, from: 0, count: 40 }, 'disaster')
    expect(Object.values(tally.anomalies).filter(({ standing }) => standing === 'violation')).toEqual([])
    expect(tally.defects).toEqual({})
    expect(tally.statuses['FAILED']?.runs).toBeGreaterThan(5)
  })
})
