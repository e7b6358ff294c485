import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { runExperiment } from './experiment.js'
import { rescaled } from './rescaling.js'

it('what runs in one subtask cannot become smaller', () => {
  const [scenario] = scenarios
  if (scenario === undefined) throw new RangeError('there is one')
  const base = { scenario, mode: 'aligned', seed: 'least', plan: [] } as const
  const { setUp: whole } = runExperiment(base, { unjudged: true, maxSteps: 0 })
  const parallelism = Object.fromEntries(whole.graph.vertices.map(({ name }) => [name, 1]))
  const { setUp } = runExperiment({ ...base, reduction: { parallelism } }, { unjudged: true, maxSteps: 0 })
  expect(rescaled(setUp, 'smaller', () => 0)).toEqual({ setUp })
})
