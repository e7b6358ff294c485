import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { FaultPlan } from '../faults/index.js'
import { runExperiment } from './experiment.js'
import { tallyOf } from './run-tally.js'

const declined: FaultPlan = [{ kind: 'exception', point: 'task.snapshot.async', nth: 3 }]
const failing: FaultPlan = [{ kind: 'exception', point: 'task.record', nth: 30 }]
const aborted = 'aborted-checkpoint'
const failed = 'failed-by-checkpoints'

it.each<[string, string, FaultPlan, readonly string[]]>([
  ['that restarts the job is seen where none may fail', 'count-to-append', declined, [aborted, failed]],
  ['restarts no job that may have more', 'word-count', declined, [aborted]],
  ['does not restart the job where a task has failed and it is aborted for that', 'count-to-append', failing, [aborted]],
])('a failed checkpoint %s', (_, name, plan, expected) => {
  const scenario = scenarios.find((each) => each.name === name)
  if (scenario === undefined) throw new RangeError(`there is no ${name}`)
  const result = runExperiment({ scenario, mode: 'aligned', seed: 'declined', plan, restores: false })
  const { witnesses } = tallyOf({ seed: 'declined', run: 0 }, result, scenario.claims('aligned'))
  expect([aborted, failed].filter((witness) => witness in witnesses)).toEqual(expected)
})
