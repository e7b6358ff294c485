import { expect, it } from 'vitest'
import { parseReductions, usualReductions } from './reductions.js'
import { scopeOf } from './scope.js'

it('the usual reductions are those that the scope allows', () => {
  expect(usualReductions(scopeOf())).toContain('answers')
  const failing = scopeOf({ outcomes: 1 })
  expect(usualReductions(failing)).not.toContain('answers')
  expect(parseReductions(usualReductions(failing).join(','), failing)).toEqual(usualReductions(failing))
})
