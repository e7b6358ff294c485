import { expect, it } from 'vitest'
import { MODES } from '../src/search/scenario.js'
import { inWords } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it.each(MODES)('no rule of the protocol is broken (%s)', (mode) => {
  const runs = checkEveryRun({ mode, seed: 7 }, ({ verdict }) => inWords(verdict.protocol))
  const struck = runs.filter(({ verdict }) => Object.keys(verdict.evidence.faults).length > 0)
  expect(struck.length).toBeGreaterThan(runs.length / 3)
})
