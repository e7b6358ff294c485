import { it } from 'vitest'
import { MODES } from '../src/search/scenario.js'
import { inWords } from './complaints.js'
import { checkEveryRun } from './run-generated.js'

it.each(MODES)('once the faults are over, every job finishes (%s)', (mode) => {
  checkEveryRun({ mode, seed: 8 }, ({ status, verdict }) => {
    if (status !== 'FINISHED') return `the job ended as ${status}`
    return inWords(verdict.progress.findings)
  })
})
