import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../../src/faults/index.js'
import { runExperiment } from '../../src/search/index.js'

/** Runs that once were judged wrong; each plan is as small as it could be made. */
const found: readonly { readonly why: string; readonly scenario: string; readonly seed: string; readonly plan: FaultPlan }[] = [
  {
    why: 'a JobManager restores a checkpoint whose store answer was lost, after its predecessor had started from nothing',
    scenario: 'count-to-append',
    seed: '1-68',
    plan: [
      { kind: 'crash', process: '*', at: { point: 'recovery.tasks.deployed', nth: 2 }, downUs: 229_000 },
      { kind: 'call', point: 'store.add', nth: 1, outcome: 'unknown-applied' },
    ],
  },
]

it.each(found)('$scenario: $why', ({ scenario: name, seed, plan }) => {
  const scenario = scenarios.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  const { verdict, status, history } = runExperiment({ scenario, mode: 'aligned', seed, plan }, { keepHistory: true })
  expect(history.filter(({ kind }) => kind === 'fault')).toHaveLength(plan.length)
  expect({ verdict: verdict?.verdict, status, broken: verdict?.protocol }).toEqual({ verdict: 'holds', status: 'FINISHED', broken: [] })
})
