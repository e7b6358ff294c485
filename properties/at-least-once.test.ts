import { expect, it } from 'vitest'
import { claimBroken } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it('in at-least-once mode nothing is lost, neither from the state nor from the output', () => {
  checkEveryRun(
    { mode: 'at-least-once', seed: 3 },
    (run) => claimBroken(run, 'at-least-once', 'state') ?? claimBroken(run, 'at-least-once', 'external-store'),
  )
})

it('an append sink loses nothing in aligned mode either, and repeats itself', () => {
  let repeated = 0
  checkEveryRun({ mode: 'aligned', sink: 'append', seed: 4 }, (run) => {
    if (claimBroken(run, 'at-most-once', 'external-store') !== undefined) repeated++
    return claimBroken(run, 'at-least-once', 'external-store')
  })
  expect(repeated).toBeGreaterThan(0)
})

it('without checkpoints a job starts over and shows everything at least once', () => {
  checkEveryRun({ mode: 'off', seed: 5 }, (run) => claimBroken(run, 'at-least-once', 'external-store'))
})
