import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { runExperiment } from './experiment.js'
import { safetyPhaseUs } from './scenario.js'

const SECOND = 1_000_000

describe('the time in which something new may go wrong', () => {
  const { setUp } = runExperiment({ scenario: sliceScenario, mode: 'aligned', seed: 'safety', plan: [], restores: false }, { maxSteps: 0 })
  const { graph } = setUp
  const phase = (intervalUs: number, limitUs: number, enabled = true): number => {
    const checkpointing = { ...graph.configuration.checkpointing, enabled, intervalUs }
    return safetyPhaseUs({ ...setUp, graph: { ...graph, configuration: { ...graph.configuration, checkpointing } }, limitUs })
  }

  it('is ten seconds, or longer where checkpoints are far apart', () => {
    expect(phase(SECOND / 10, 120 * SECOND)).toBe(10 * SECOND)
    expect(phase(SECOND, 120 * SECOND)).toBe(36 * SECOND)
    expect(phase(60 * SECOND, 120 * SECOND, false)).toBe(10 * SECOND)
  })

  it('leaves the job half of its time to come to its end', () => {
    expect(phase(60 * SECOND, 1000 * SECOND)).toBe(500 * SECOND)
  })
})
