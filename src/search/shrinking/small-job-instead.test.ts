import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import { runExperiment, type Experiment } from '../experiment.js'
import { faultMenu } from '../fault-menu.js'
import { ReachLog } from '../reach-log.js'
import type { Shown, Trial } from './pass.js'
import { smallJobInstead } from './small-job-instead.js'

function shownOf(experiment: Experiment): Shown {
  const reached = new ReachLog()
  const { setUp, endUs } = runExperiment(experiment, { reached })
  return { experiment, kind: '', reached, setUp, endUs, menu: faultMenu(experiment.scenario, experiment.mode), hasty: true }
}

const best = shownOf({
  scenario: sliceScenario,
  mode: 'aligned',
  seed: 'many',
  plan: [{ kind: 'exception', point: 'task.record', nth: 7 }],
})
const records = ({ reduction }: Experiment): number =>
  reduction?.records?.reduce((sum, { offsets }) => sum + offsets.length, 0) ??
  best.setUp.splits.reduce((sum, split) => sum + split.records, 0)

/** What is proposed until one is taken. */
function proposals(takes: (experiment: Experiment, place: number) => boolean): Experiment[] {
  const proposed: Experiment[] = []
  const pass = smallJobInstead(best)
  for (let step = pass.next(); step.done !== true;) {
    proposed.push(step.value)
    const shows = takes(step.value, proposed.length - 1)
    // What a small job reaches is near enough to what the whole one does.
    const trial: Trial = { shows, best, reached: best.reached }
    step = pass.next(trial)
  }
  return proposed
}

describe('a small job instead of many records', () => {
  const all = proposals(() => false)

  it('has few records and one subtask of everything, and at most one fault', () => {
    expect(records({ ...best.experiment })).toBeGreaterThan(100)
    expect(Math.max(...all.map(records))).toBeLessThan(60)
    for (const { plan, reduction } of all) {
      expect(plan.length).toBeLessThan(2)
      expect(Object.values(reduction?.parallelism ?? {})).toEqual(best.setUp.graph.vertices.map(() => 1))
    }
  })

  it('is tried without a fault, then with a late call, at another moment, and with any fault at last', () => {
    const phase = ({ plan: [fault], reduction }: Experiment): string => {
      if (fault?.kind === 'rpc' && fault.delayUs !== undefined) return 'late'
      if (fault !== undefined) return 'any'
      const ends = reduction?.records?.every(({ end }, i) => end === best.setUp.splits[i]?.records) ?? false
      return ends && reduction?.checkpointIntervalUs === undefined ? 'none' : 'moment'
    }
    const phases = all.map(phase)
    expect(phases.filter((each, i) => each !== phases[i - 1])).toEqual(['none', 'late', 'moment', 'any'])
    expect(new Set(all.flatMap(({ plan }) => plan.map(({ kind }) => kind)))).toEqual(new Set(['rpc', 'crash', 'exception', 'call']))
  })

  it('strikes from both ends of the run inwards', () => {
    const { all: reached } = best.reached
    const last = Math.max(...reached.filter(({ point }) => point === 'acknowledge').map(({ nth }) => nth))
    const struck = all.flatMap(({ plan: [fault] }) => (fault?.kind === 'rpc' && fault.rpc === 'acknowledge' ? [fault.nth] : []))
    expect(struck.slice(0, 4)).toEqual([1, last, 2, last - 1])
  })

  it('is enough once it shows the anomaly', () => {
    expect(proposals((_, place) => place === 1).length).toBe(2)
    expect(proposals(({ plan }) => plan.length > 0).at(-1)?.plan).toMatchObject([{ kind: 'rpc', nth: 1 }])
  })
})
