import { expect, it } from 'vitest'
import { inWords } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it('with aligned barriers every completed checkpoint is a consistent cut', () => {
  const runs = checkEveryRun({ mode: 'aligned', seed: 6 }, ({ verdict: { cut } }) => {
    if (cut.verdict === 'undecided') return `the cut is undecided: ${cut.missing ?? ''}`
    return inWords(cut.findings)
  })
  const checkpoints = runs.reduce((sum, { verdict }) => sum + verdict.evidence.checkpointsCompleted, 0)
  expect(checkpoints).toBeGreaterThan(2 * runs.length)
})
