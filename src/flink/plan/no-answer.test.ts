import { afterEach, expect, it, vi } from 'vitest'
import { readRunningJob } from './running-cluster.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

// Where a name has several addresses Node fails with an AggregateError, whose own message is empty.
it('an empty cause is no reason to give none', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause: new AggregateError([], '') })))
  await expect(readRunningJob('http://h:8081', 'f3cb29e330633e7f0f70fbe058cba1c3')).rejects.toThrow('no answer (fetch failed)')
})
