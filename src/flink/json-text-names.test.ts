import { expect, it } from 'vitest'
import { parseJsonText } from './json-text.js'

it('a name whose first quotes are missing is refused at its place', () => {
  expect(() => parseJsonText('{a": 1}', 'plan.json')).toThrow('plan.json:1:2: not JSON, found "a"; allowed: a name in double quotes')
})
