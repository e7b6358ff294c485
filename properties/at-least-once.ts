import { expect } from 'vitest'
import '../src/vitest/index.js'
import { EVERY_MODE, replayed, type Property } from './property.js'

/** Nothing is lost, neither from the state nor from the output, whatever the mode and the sink. */
export const atLeastOnce: Property = {
  name: 'nothing is lost',
  modes: EVERY_MODE,
  about: {},
  check(run) {
    expect(run).toBeAtLeastOnce()
  },
  couldFail: replayed,
  brokenBy: 'channel-drops-when-full',
  brokenIn: 'at-least-once',
}
