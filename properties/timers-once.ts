import { expect } from 'vitest'
import { EVERY_MODE, findingsOf, replayed, type Property } from './property.js'

/** A timer that is registered fires once: recoveries neither forget it nor let it fire again. */
export const timersOnce: Property = {
  name: 'every timer fires once',
  modes: EVERY_MODE,
  about: { first: 'window' },
  check(run) {
    expect(findingsOf(run, ['timer-fires-once'])).toBe('')
  },
  couldFail: replayed,
  brokenBy: 'timers-not-restored',
  brokenIn: 'aligned',
}
