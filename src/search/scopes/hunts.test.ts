import { expect, it } from 'vitest'
import { huntsAmong } from './reductions.js'

it('systems is a hunt unless inline-state goes with it', () => {
  expect(huntsAmong(['answers', 'inline-state', 'mails', 'credits', 'symmetry'])).toEqual([])
  expect(huntsAmong(['systems', 'inline-state'])).toEqual([])
  expect(huntsAmong(['systems'])).toEqual(['systems is a bug hunt without inline-state: it leaves out what may matter'])
  expect(huntsAmong(['ample', 'late-words', 'atomic-restart', 'rpcs'])).toHaveLength(4)
})
