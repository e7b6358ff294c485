import { expect } from 'vitest'
import '../src/vitest/index.js'
import { outputOf, replayed, type Property } from './property.js'

/** A sink in two phases shows what its checkpoint holds, once that is complete. */
export const exactlyOnceOutput: Property = {
  name: 'a two-phase sink shows every result exactly once',
  modes: ['aligned'],
  about: { sinks: ['two-phase', 'file'] },
  check(run) {
    expect(run).toBeExactlyOnce({ at: outputOf(run) })
  },
  couldFail: replayed,
  brokenBy: 'commit-at-pre-commit',
  brokenIn: 'aligned',
}
