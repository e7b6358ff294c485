import { expect, it } from 'vitest'
import { runExperiment } from '../src/search/experiment.js'
import { found } from './found.js'
import { scenarioOf } from './generated-job.js'

it.each(found)('not any more: $was', ({ mode, job, plan, seed }) => {
  const { status, verdict } = runExperiment({ scenario: scenarioOf(job), mode, seed, plan })
  expect(status).toBe('FINISHED')
  expect(verdict?.verdict).toBe('holds')
  expect(verdict?.protocol).toEqual([])
})
