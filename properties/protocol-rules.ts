import { expect } from 'vitest'
import '../src/vitest/index.js'
import { EVERY_MODE, struck, type Property } from './property.js'

/** No rule of the checkpointing protocol is broken. */
export const protocolRules: Property = {
  name: 'the protocol is kept',
  modes: EVERY_MODE,
  about: {},
  check(run) {
    expect(run).toKeepTheProtocol()
  },
  couldFail: struck,
  brokenBy: 'checkpoint-id-reused',
  brokenIn: 'aligned',
}
