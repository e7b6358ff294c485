import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { certaintyOf } from './certainty.js'
import { runExperiment, type Experiment } from './experiment.js'
import { explainSighting } from './explanation.js'
import { faultMenu, planOf } from './fault-menu.js'
import { RewindableRun } from './rewindable-run.js'
import { shows, shrinkRun } from './shrinking/shrink.js'

/** Without checkpoints, a task that had finished and committed writes everything again when another one fails. */
const scenario: typeof sliceScenario = { ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] }
const kind = 'violation|exactly-once|external-store|Sink|duplicated|output-at-most-once'
const menu = faultMenu(scenario, 'off')

function violating(): Experiment {
  for (let i = 0; i < 100; i++) {
    const seed = `explain-${String(i)}`
    const experiment: Experiment = { scenario, mode: 'off', seed, plan: planOf(seed, menu), restores: false }
    if (shows(runExperiment(experiment), experiment, kind)) return shrinkRun(experiment, kind).experiment
  }
  throw new Error('none of 100 seeds duplicates anything')
}

const experiment = violating()

describe('an explanation', () => {
  const explanation = explainSighting(experiment, kind, { forks: 8 })

  it('ends with what was seen, and contains each fault that it needs', () => {
    const kinds = explanation?.because.map((event) => event.kind) ?? []
    expect(kinds.filter((each) => each === 'fault')).toHaveLength(experiment.plan.length)
    expect(kinds.at(-1)).toBe('visible')
    expect(kinds.length).toBeLessThan(10)
    expect(explanation?.because.map(({ seq }) => seq)).toEqual(explanation?.because.map(({ seq }) => seq).toSorted((a, b) => a - b))
  })

  it('is the same again', () => {
    expect(explainSighting(experiment, kind, { forks: 8 })).toEqual(explanation)
  })

  it('says that it was certain at a step, and not right before', () => {
    const { before, after, step, probes } = explanation?.certain ?? { before: 1, after: 0, step: 0, probes: [] }
    expect(after).toBe(1)
    expect(before).toBeLessThan(1)
    expect(probes.some((probe) => probe.step === step - 1 && probe.shown < probe.forks)).toBe(true)
  })

  it('leaves out a fault that has nothing to do with it', () => {
    const idle = {
      ...experiment,
      plan: [{ kind: 'slow', process: 'JobManager', fromUs: 0, untilUs: 5_000, extraUs: 1 } as const, ...experiment.plan],
    }
    const kinds = explainSighting(idle, kind, { forks: 2 })?.because.filter((event) => event.kind === 'fault')
    if (shows(runExperiment(idle), idle, kind)) expect(kinds?.map((event) => event.fault)).not.toContain('slow')
    else expect(kinds).toBeUndefined()
  })

  it('is none of what the run does not show', () => {
    expect(explainSighting(experiment, kind.replace('duplicated', 'lost'))).toBeUndefined()
  })
})

describe('certainty', () => {
  const run = new RewindableRun(experiment)
  const enoughUs = (): number => Infinity

  it('of what every fork shows is from the start; of what forks never show it is the end', () => {
    expect(certaintyOf(run, { shows: () => true, enoughUs }, run.steps, { forks: 2 })).toMatchObject({ step: 0, before: 1, after: 1 })
    expect(certaintyOf(run, { shows: () => false, enoughUs }, run.steps, { forks: 2 })).toMatchObject({ step: run.steps, after: 0 })
  })

  it('is not known when too many steps would be needed', () => {
    expect(certaintyOf(run, { shows: () => true, enoughUs }, run.steps, { maxSteps: 10 })).toBeUndefined()
  })
})
