import { expect } from 'vitest'
import '../src/vitest/index.js'
import { EVERY_MODE, struck, type Property } from './property.js'

/** A job that does not restart reads nothing twice: what it promises instead of exactly-once is that nothing is there twice. */
export const atMostOnce: Property = {
  name: 'nothing is there twice where a job does not restart',
  modes: EVERY_MODE,
  about: { restart: 'never' },
  check(run) {
    expect(run).toBeAtMostOnce()
  },
  couldFail: struck,
  brokenBy: {
    id: 'appends-twice',
    file: 'src/connectors/append-sink.ts',
    find: 'records: [record] })',
    replace: 'records: [record, record] })',
  },
  brokenIn: 'aligned',
}
