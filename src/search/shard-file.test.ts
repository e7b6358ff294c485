import { expect, it } from 'vitest'
import { parseShard } from './shard-file.js'

it.each([
  ['null', 'not the results of a campaign'],
  ['[]', 'not the results of a campaign'],
  ['{"schema": 2}', 'results of schema 2'],
  ['{"schema": 1}', 'the results of a whole campaign, not of a shard'],
])('%s is refused: %s', (content, what) => {
  expect(() => parseShard(content, 'results.json')).toThrow(`results.json: ${what}`)
})
