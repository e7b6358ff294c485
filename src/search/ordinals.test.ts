import { expect, it } from 'vitest'
import { planInWords } from './plan-in-words.js'

it('counts as one does', () => {
  const words = [1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 101, 113].map((nth) => planInWords([{ kind: 'rpc', rpc: 'x', nth }]).join())
  const ordinals = '1st 2nd 3rd 4th 11th 12th 13th 14th 21st 22nd 23rd 101st 113th'.split(' ')
  expect(words).toEqual(ordinals.map((ordinal) => expect.stringContaining(`the ${ordinal} x`)))
})
