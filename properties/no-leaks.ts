import { expect } from 'vitest'
import { EVERY_MODE, findingsOf, struck, type Property } from './property.js'

/**
 * When a job has ended and all is quiet, its checkpoint storage holds what is retained, whole, and nothing that nothing refers to; and no
 * transaction of it is open outside.
 */
export const noLeaks: Property = {
  name: 'no file is leaked, and none is missing',
  modes: EVERY_MODE.filter((mode) => mode !== 'off'),
  about: {},
  check(run) {
    expect(findingsOf(run, ['no-leaked-files', 'no-open-transactions', 'completed-checkpoint-is-whole', 'retained-files-stay'])).toBe('')
  },
  couldFail: struck,
  brokenBy: 'subsumed-state-stays',
  brokenIn: 'aligned',
}
