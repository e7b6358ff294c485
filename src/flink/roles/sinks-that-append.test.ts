import { expect, it } from 'vitest'
import { readPlan } from '../plan/index.js'
import { guessRoles, readAssumptions } from './index.js'

const plan = readPlan(
  {
    name: 'job',
    nodes: [
      { id: 'a', parallelism: 1, description: 'Source: Src' },
      { id: 'b', parallelism: 1, description: 'Sink: Out', inputs: [{ id: 'a', ship_strategy: 'FORWARD' }] },
    ],
  },
  'p',
)
const sink = (kind: string) => {
  const { roles } = guessRoles(plan, readAssumptions(`vertices:\n  "Sink: Out":\n    kind: ${kind}\n`, plan, 'assume.yaml'))
  return roles.find(({ role }) => role === 'sink')
}

it.each([
  ['append', ['AT_LEAST_ONCE', 'NONE']],
  ['print', ['AT_LEAST_ONCE']],
])('a sink that is said to be %s', (kind, possibilities) => {
  expect(sink(kind)).toMatchObject({ guarantee: { possibilities } })
})
