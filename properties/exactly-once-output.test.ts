import { expect, it } from 'vitest'
import { claimBroken } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it('with aligned barriers a two-phase sink shows every result exactly once', () => {
  const runs = checkEveryRun({ mode: 'aligned', sink: 'two-phase', seed: 2 }, (run) => claimBroken(run, 'exactly-once', 'external-store'))
  expect(runs.filter(({ verdict }) => verdict.evidence.recordsReplayed > 0).length).toBeGreaterThan(runs.length / 5)
})

it('an append sink repeats itself under the same faults: the check can fail', () => {
  let repeated = 0
  checkEveryRun({ mode: 'aligned', sink: 'append', seed: 2 }, (run) => {
    if (claimBroken(run, 'exactly-once', 'external-store') !== undefined) repeated++
    return undefined
  })
  expect(repeated).toBeGreaterThan(0)
})
