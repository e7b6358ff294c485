import { expect, it } from 'vitest'
import { signalOf } from './kafka-committer.js'

it.each([
  ['NONE', 'committed'],
  ['PRODUCER_FENCED', 'failed-with-known-reason'],
  ['INVALID_PRODUCER_EPOCH', 'failed-with-known-reason'],
  ['INVALID_TXN_STATE', 'failed-with-known-reason'],
  ['CONCURRENT_TRANSACTIONS', undefined],
  ['COORDINATOR_NOT_AVAILABLE', undefined],
  ['REQUEST_TIMED_OUT', undefined],
  ['INVALID_PRODUCER_ID_MAPPING', 'failed-with-unknown-reason'],
] as const)('%s is %s', (error, signal) => {
  expect(signalOf(error)).toBe(signal)
})
