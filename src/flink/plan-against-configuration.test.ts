import { expect, it } from 'vitest'
import { effectiveConfiguration, readSetOption } from './configuration/index.js'
import { refuseTooFewKeyGroups } from './plan-against-configuration.js'
import { readPlan } from './plan/index.js'

it('a vertex with a maximum parallelism of its own does not go by that of the job', () => {
  const configuration = effectiveConfiguration([readSetOption('pipeline.max-parallelism=128')])
  const plan = readPlan({ nodes: [{ id: 'a', parallelism: 200, description: 'Source: a -> Sink: b' }] }, 'p')
  const withOwn = (maxParallelism: number) => ({ ...plan, vertices: plan.vertices.map((vertex) => ({ ...vertex, maxParallelism })) })
  expect(() => refuseTooFewKeyGroups(plan, configuration)).toThrow(/parallelism \(200\) is higher than the max parallelism \(128\)/)
  expect(() => refuseTooFewKeyGroups(withOwn(1024), configuration)).not.toThrow()
  expect(() => refuseTooFewKeyGroups(withOwn(150), configuration)).toThrow(
    /^the plan's vertex .*parallelism \(200\) is higher than the max parallelism \(150\)/,
  )
})
