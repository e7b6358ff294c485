import { expect, it } from 'vitest'
import { claimBroken } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it('with aligned barriers every record is in the state exactly once, whatever the job and the faults', () => {
  const runs = checkEveryRun({ mode: 'aligned', seed: 1 }, (run) => claimBroken(run, 'exactly-once', 'state'))
  // The check would mean nothing if no recovery had taken records back.
  expect(runs.filter(({ verdict }) => verdict.evidence.recordsReplayed > 0).length).toBeGreaterThan(runs.length / 5)
})
