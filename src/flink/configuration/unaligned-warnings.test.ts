import { describe, expect, it } from 'vitest'
import { effectiveConfiguration } from './effective-configuration.js'
import { readSetOption } from './set-option.js'

const set = (...texts: string[]) => effectiveConfiguration(texts.map(readSetOption))

describe('what is accepted at the limit', () => {
  it('AT_LEAST_ONCE without unaligned needs no warning', () => {
    expect(set('execution.checkpointing.mode=AT_LEAST_ONCE', 'execution.checkpointing.interval=10 s').warnings).toEqual([])
  })
  it('an inline threshold of 1 MB, and not a byte more', () => {
    expect(set('execution.checkpointing.data-inline-threshold=1048576 b').settings.checkpointing.inlineThresholdBytes).toBe(1_048_576)
    expect(() => set('execution.checkpointing.data-inline-threshold=1048577 b')).toThrow(/1 MB/)
  })
})
