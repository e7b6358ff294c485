import { describe, expect, it } from 'vitest'
import { addFetchedSplit, createFetchingReader, takeBatch } from './split-fetching.js'

const records = [0, 1, 2, 3].map((id) => ({ id, value: id, timestamp: 0 }))

describe('a batch that was fetched', () => {
  it.each([
    [null, 4],
    [9, 4],
    [2, 2],
  ])('of a split that ends at %s has %i of four records', (stop, within) => {
    const reader = createFetchingReader(undefined)
    addFetchedSplit(reader, { split: 'a', offset: 0 }, stop)
    const [split] = reader.splits
    if (split === undefined) throw new RangeError('the split was added')
    takeBatch(split, 4, [0, 1, 2, 3], records)
    expect(split.records).toEqual(records.slice(0, within))
    expect(split).toMatchObject({ position: 4, head: 0, asked: false, again: false })
  })
})
