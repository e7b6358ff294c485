import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearestName } from './nearest-name.js'

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
  it('finds none that is like it only by chance', () => {
    expect(nearestName('zookeeper', ['aligned', 'at-least-once', 'off'])).toBeUndefined()
    expect(nearestName('ab', ['xy'])).toBeUndefined()
    // A third of it may be wrong, and two letters of a short one.
    expect(nearestName('abcdefxyz', ['abcdef123', 'abcdef'])).toBe('abcdef123')
    expect(nearestName('abcdexyz1', ['abcde2345'])).toBeUndefined()
    expect(nearestName('abcd', ['abxy'])).toBe('abxy')
    expect(nearestName('abcdefg', ['abcd123'])).toBeUndefined()
  })
  it('has no answer without candidates', () => {
    expect(nearestName('x', [])).toBeUndefined()
  })
})

describe('didYouMean', () => {
  it('asks for the nearest name, and nothing where none is like it', () => {
    expect(didYouMean('alined', ['aligned', 'off'])).toBe(' (did you mean aligned?)')
    expect(didYouMean('zookeeper', ['aligned', 'off'])).toBe('')
  })
})
