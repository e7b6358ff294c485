/** Counts that others have published; the large ones by command: `npm run goldens`. */
import { describe, expect, it } from 'vitest'
import { goldens } from './golden.js'

describe('goldens', () => {
  it.each(goldens.filter(({ large }) => !large).map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    expect(golden.count()).toEqual(golden.expected)
  })
})
