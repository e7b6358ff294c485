import { expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { runExperiment } from './experiment.js'

it('the last record of a split is the last that may be left', () => {
  const run = (offset: (records: number) => number) => {
    const base = { scenario: sliceScenario, mode: 'aligned', seed: 'limits', plan: [] } as const
    const { setUp } = runExperiment(base, { unjudged: true, maxSteps: 0 })
    const [split] = setUp.splits
    if (split === undefined) throw new RangeError('it has a split')
    const at = offset(split.size ?? split.records)
    const records = [{ vertex: split.vertex, split: split.split, offsets: [at], end: at + 1 }]
    return runExperiment({ ...base, reduction: { records } }, { unjudged: true, maxSteps: 0 })
  }
  expect(() => run((records) => records - 1)).not.toThrow()
  expect(() => run((records) => records)).toThrow(/has no record/)
})
