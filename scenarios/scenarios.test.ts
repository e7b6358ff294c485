import { describe, expect, it } from 'vitest'
import { runExperiment } from '../src/search/experiment.js'
import { faultMenu, planOf } from '../src/search/fault-menu.js'
import { scenarios } from './index.js'

const SEEDS = 8
const cells = scenarios.flatMap((scenario) => scenario.modes.map((mode) => ({ name: scenario.name, scenario, mode })))

describe.each(cells)('$name ($mode)', ({ scenario, mode }) => {
  it('finishes undisturbed, takes about nine checkpoints, and keeps every claim', () => {
    const { status, verdict } = runExperiment({ scenario, mode, seed: 'undisturbed', plan: [] }, { freeze: true })
    expect(status).toBe('FINISHED')
    expect(verdict?.verdict).toBe('holds')
    const promised = verdict?.claims.filter((claim) => claim.promised) ?? []
    for (const { at } of scenario.claims(mode)) expect(promised.some((claim) => claim.at === at && claim.verdict === 'holds')).toBe(true)
    const completed = verdict?.evidence.checkpointsCompleted ?? 0
    if (mode === 'off') expect(completed).toBe(0)
    else expect(Math.abs(completed - 10)).toBeLessThanOrEqual(2)
  })

  it('keeps its claims under faults, which strike', () => {
    const menu = faultMenu(scenario, mode)
    let struck = 0
    let replayed = 0
    for (let run = 0; run < SEEDS; run++) {
      const seed = `${scenario.name} ${mode} ${run}`
      const { status, verdict } = runExperiment({ scenario, mode, seed, plan: planOf(seed, menu) })
      expect(verdict?.verdict, seed).toBe('holds')
      expect(status, seed).toBe('FINISHED')
      const { faults = {}, recordsReplayed = 0 } = verdict?.evidence ?? {}
      if (Object.keys(faults).length > 0) struck++
      replayed += recordsReplayed
    }
    expect(struck).toBeGreaterThan(SEEDS / 2)
    expect(replayed).toBeGreaterThan(0)
  })
})

/** Of each scenario one mode, each mode in turn. */
const oneOfEach = scenarios.flatMap((scenario, index) => {
  const mode = scenario.modes[index % scenario.modes.length]
  return mode === undefined ? [] : [{ name: scenario.name, scenario, mode }]
})

it.each(oneOfEach)('$name ($mode) takes every step the same way each time, and goes on as if nobody had looked', ({ scenario, mode }) => {
  const seed = `${scenario.name} ${mode} repeated`
  const experiment = { scenario, mode, seed, plan: planOf(seed, faultMenu(scenario, mode)), restores: false }
  const repeated = runExperiment(experiment, { repeatSteps: true })
  expect(repeated.notDeterministic).toBeUndefined()
  expect(repeated.traceHash).toBe(runExperiment(experiment, { unjudged: true }).traceHash)
})
