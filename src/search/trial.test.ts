import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { RewindableRun } from './rewindable-run.js'
import { runExperiment } from './experiment.js'
import { Trial } from './trial.js'

/** Late messages of a slow JobManager change nothing; the exception makes the job recover. */
const experiment = {
  scenario: sliceScenario,
  mode: 'aligned',
  seed: 'trial',
  plan: [
    { kind: 'rpc', rpc: 'acknowledge', nth: 2, delayUs: 10 },
    { kind: 'exception', point: 'task.record', nth: 90 },
  ],
} as const

describe('a recovery', () => {
  const run = new RewindableRun(experiment)
  const { history } = run.result
  const faults = history.filter(({ kind }) => kind === 'fault')
  const restores = history.filter(({ kind }) => kind === 'restore-chosen')
  // What is looked for does not matter here.
  const finding = { anomaly: 'lost', rule: '', message: '', records: [], evidence: [] } as const
  const sighting = { standing: 'violation', guarantee: 'exactly-once', at: 'state', anomaly: 'lost', rule: '', finding } as const
  const seen = { sighting, events: history.length, timeUs: 0, atTheEnd: true }
  const trial = new Trial(run, seen, '', undefined)

  it('goes with the fault that made it necessary, and with no other', () => {
    expect(faults).toHaveLength(2)
    expect(restores).toHaveLength(2)
    const [late, exception] = faults
    const [start, recovery] = restores
    expect(trial.recoversBecauseOf(recovery!, exception!)).toBe(true)
    expect(trial.recoversBecauseOf(recovery!, late!)).toBe(false)
    expect(trial.recoversBecauseOf(start!, exception!)).toBe(false)
    expect(trial.tries).toBe(2)
  })

  it('is none of a run without the fault', () => {
    const { history: calm } = runExperiment({ ...experiment, plan: experiment.plan.slice(0, 1) }, { keepHistory: true })
    expect(calm.filter(({ kind }) => kind === 'restore-chosen')).toHaveLength(1)
  })
})
