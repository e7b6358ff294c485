import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { faultMenu, planOf } from './fault-menu.js'
import { turnOf } from '../faults/index.js'

it('of five aimed runs one aims in normal running, two in a recovery and two in the next', () => {
  const scenario = scenarios.find(({ name }) => name === 'kafka-to-kafka-exactly-once')
  if (scenario === undefined) throw new RangeError('the scenario is there')
  const menu = faultMenu(scenario, 'aligned')
  // Aimed are the runs of odd numbers.
  const deepest = Array.from({ length: 5 }, (_, i) => planOf(`seed-${String(2 * i + 1)}`, menu)).map((plan) =>
    Math.max(...plan.map((fault) => turnOf(fault)?.depth ?? 0)),
  )
  expect(deepest).toEqual([0, 1, 2, 1, 2])
})
