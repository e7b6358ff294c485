import { expect, it } from 'vitest'
import { scenarioOf } from '../src/fast-check/index.js'
import { runExperiment } from '../src/search/index.js'
import { found } from './found.js'

it.each(found)('not any more: $was', ({ mode, job, plan, seed }) => {
  const { status, verdict } = runExperiment({ scenario: scenarioOf(job), mode, seed, plan })
  // A job that a broken precondition keeps from its end may try for ever.
  if (verdict?.preconditionsBroken.length === 0) expect(status).toBe('FINISHED')
  expect(verdict?.verdict).toBe('holds')
  expect(verdict?.protocol).toEqual([])
})
