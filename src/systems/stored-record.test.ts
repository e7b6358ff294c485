import { describe, expect, it } from 'vitest'
import { shownContent } from './stored-record.js'

describe('what is shown of a record', () => {
  it('is its key and its count, where it has nothing else', () => {
    expect(shownContent({ key: 'a' })).toEqual({ key: 'a' })
    expect(shownContent({ count: 2, key: 7 })).toEqual({ key: '7', count: 2 })
    expect(shownContent({ count: 2 })).toEqual({ count: 2 })
  })

  it.each([[null], ['text'], [3], [true], [[1, 2]], [{}], [{ word: 'a' }], [{ key: null }], [{ key: 'a', count: 'many' }]])(
    'has a digest of anything else: %j',
    (value) => {
      expect(shownContent(value).digest).toEqual(expect.any(Number))
    },
  )

  it('tells values apart, whatever the order of their members', () => {
    const { digest } = shownContent({ key: 'a', count: 2, sum: 5 })
    expect(shownContent({ sum: 5, count: 2, key: 'a' })).toEqual({ key: 'a', count: 2, digest })
    expect(shownContent({ key: 'a', count: 2, sum: 6 }).digest).not.toBe(digest)
  })
})
