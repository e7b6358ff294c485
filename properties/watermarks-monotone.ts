import { expect } from 'vitest'
import { EVERY_MODE, findingsOf, struck, type Property } from './property.js'

/** The watermark of an attempt never falls, and no timer fires before the watermark has reached it. */
export const watermarksMonotone: Property = {
  name: 'watermarks never fall',
  modes: EVERY_MODE,
  about: { first: 'window' },
  check(run) {
    expect(findingsOf(run, ['watermark-never-falls', 'timer-waits-for-watermark'])).toBe('')
  },
  couldFail: struck,
  brokenBy: {
    id: 'timer-fires-early',
    file: 'src/engine/task/operator-chain.ts',
    find: 'timer.timestamp > until) return',
    replace: 'timer.timestamp > until + 5_000) return',
  },
  brokenIn: 'aligned',
}
