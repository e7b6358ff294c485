import { expect } from 'vitest'
import '../src/vitest/index.js'
import { replayed, type Property } from './property.js'

/** Without checkpoints a job starts over from nothing: its state is that of one run, too. */
export const exactlyOnceState: Property = {
  name: 'every record is in the state exactly once',
  modes: ['aligned', 'off'],
  about: { first: 'count' },
  check(run) {
    expect(run).toBeExactlyOnce({ at: 'state' })
  },
  couldFail: replayed,
  brokenBy: 'offset-before-emit',
  brokenIn: 'aligned',
}
