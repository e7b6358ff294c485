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
  it('finds the shortest that begins with it, or has it in it, before any that is spelled like it', () => {
    const names = ['word-count', 'kafka-to-kafka-exactly-once', 'kafka-to-kafka-none', 'count-to-append']
    expect(nearestName('Kafka', names)).toBe('kafka-to-kafka-none')
    expect(nearestName('append', names)).toBe('count-to-append')
    expect(nearestName('count', names)).toBe('count-to-append')
    // Too short to be more than chance.
    expect(nearestName('ka', ['kafka-to-kafka-none', 'kb'])).toBe('kb')
  })
  it('has no answer without candidates', () => {
    expect(nearestName('x', [])).toBeUndefined()
  })
})
