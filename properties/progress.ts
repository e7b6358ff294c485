import { expect } from 'vitest'
import '../src/vitest/index.js'
import { EVERY_MODE, struck, type Property } from './property.js'

/** Once the faults are over, every job finishes. */
export const progress: Property = {
  name: 'every job finishes',
  modes: EVERY_MODE,
  about: {},
  check(run) {
    expect(run).toMakeProgress()
    // A job that a broken precondition keeps from its end may try for ever.
    if (run.verdict?.preconditionsBroken.length === 0) expect(run.status).toBe('FINISHED')
  },
  couldFail: struck,
  brokenBy: 'no-unblock-after-abort',
  brokenIn: 'aligned',
}
