import { expect, it } from 'vitest'
import { crashSteps } from '../engine/index.js'
import { scenarios } from '../../scenarios/index.js'
import { faultMenu } from './fault-menu.js'

it('where the JobManager must not die no crash waits for a step of it', () => {
  const ofJobManager = new Set<string>(crashSteps.filter(({ role }) => role === 'JobManager').map(({ name }) => name))
  const menus = scenarios.flatMap((scenario) => scenario.modes.map((mode) => faultMenu(scenario, mode)))
  const without = menus.filter(({ ofTheJob }) => !ofTheJob.includes('JobManager'))
  expect(without.length).toBeGreaterThan(0)
  for (const { moments } of without) expect(moments.flat().filter((point) => ofJobManager.has(point))).toEqual([])
})
