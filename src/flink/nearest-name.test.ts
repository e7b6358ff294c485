import { describe, expect, it } from 'vitest'
import { editDistance, nearestName } from './nearest-name.js'

describe('editDistance', () => {
  it('counts insertions, deletions, replacements and swaps', () => {
    expect(editDistance('abc', 'abc')).toBe(0)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(editDistance('intreval', 'interval')).toBe(1)
  })
})

describe('nearestName', () => {
  it('finds the closest, ignoring case', () => {
    expect(nearestName('EXECUTION.checkpointing.intervall', ['execution.checkpointing.mode', 'execution.checkpointing.interval'])).toBe(
      'execution.checkpointing.interval',
    )
  })
  it('has no answer without candidates', () => {
    expect(nearestName('x', [])).toBeUndefined()
  })
})
