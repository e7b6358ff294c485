import { describe, expect, it } from 'vitest'
import { wordCount } from '../../scenarios/index.js'
import { runExperiment, type Experiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'
import { RewindableRun } from './rewindable-run.js'

const menu = faultMenu(wordCount, 'aligned')
const experimentOf = (seed: string): Experiment => ({ scenario: wordCount, mode: 'aligned', seed, plan: planOf(seed, menu) })

describe('a run that can be gone back in', () => {
  it('is the run itself, and goes on the same way from every step', () => {
    for (const seed of ['1-0', '1-1', '1-2', '1-3', '1-4', '1-5', '1-6', '1-7']) {
      const experiment = experimentOf(seed)
      const { traceHash, verdict } = runExperiment(experiment)
      const run = new RewindableRun(experiment)
      expect(run.result.traceHash).toBe(traceHash)
      for (const part of [0, 0.3, 0.7, 0.95]) {
        const step = Math.floor(run.steps * part)
        const again = run.after(step).again(run.past(step))
        again.toTheEnd()
        const result = again.result()
        expect([seed, step, result.traceHash]).toEqual([seed, step, traceHash])
        expect(result.verdict).toEqual(verdict)
      }
    }
  })

  it('keeps fewer copies of a run that has many actors, and goes back to every step all the same', () => {
    const experiment = experimentOf('1-1')
    const [all, few] = [new RewindableRun(experiment), new RewindableRun(experiment, 200)]
    expect(all.copiedActors).toBeGreaterThan(400)
    expect(few.copiedActors).toBeLessThanOrEqual(200)
    for (const step of [0, 100, all.steps >> 1, all.steps - 1]) {
      expect(few.stepInWords(step)).toEqual(all.stepInWords(step))
      expect(few.after(step).world.traceHash()).toBe(all.after(step).world.traceHash())
    }
  })
})
