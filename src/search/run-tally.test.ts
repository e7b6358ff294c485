import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { runExperiment } from './experiment.js'
import { tallyOf } from './run-tally.js'

const scenario = scenarios.find(({ name }) => name === 'word-count')
if (scenario === undefined) throw new RangeError('there is no word-count')
const result = runExperiment({ scenario, mode: 'aligned', seed: 'tally', plan: [], restores: true })
const promises = scenario.claims('aligned')

it('counts the branches that were restored, and those at another parallelism', () => {
  const { evidence } = tallyOf({ seed: 'tally', run: 0 }, result, promises)
  const rescaled = result.branches.filter(({ header }) => header.branch?.parallelism !== undefined).length
  expect(rescaled).not.toBe(result.branches.length - rescaled)
  expect(evidence).toMatchObject({ checkpointsRestored: result.branches.length, checkpointsRescaled: rescaled })
})

it('counts a point of which something is missing as undecided', () => {
  const { verdict } = result
  if (verdict === undefined) throw new RangeError('it was judged')
  const points = verdict.points.map((point) => ({ ...point, missing: 'the end of the input' }))
  const { points: told } = tallyOf({ seed: 'tally', run: 0 }, { ...result, verdict: { ...verdict, points } }, promises)
  for (const point of told) expect(point).toMatchObject({ runs: 1, undecided: 1, missing: 'the end of the input' })
})
