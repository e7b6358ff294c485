import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkpointsConfigAnswer, configAnswer, planAnswer } from './recorded-answers.js'

it.each([planAnswer, checkpointsConfigAnswer, configAnswer])('$path is what was recorded', ({ path, json }) => {
  expect(json).toEqual(JSON.parse(readFileSync(`test/fixtures/rest/eo-aligned-2pc/${path}`, 'utf8')))
})
