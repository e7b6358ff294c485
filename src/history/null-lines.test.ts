import { expect, it } from 'vitest'
import { HistoryFormatError } from './history-format-error.js'
import { parseHistory } from './history-text.js'

it('a line that is null is refused with its number', () => {
  const header = {
    ...{ millrace: 'history', schema: 1, origin: 'simulated', scenario: 's', operators: [], edges: [] },
    ...{ configuration: {}, mode: 'aligned', seed: '1' },
  }
  let error: unknown
  try {
    parseHistory(`${JSON.stringify(header)}\nnull\n`)
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(HistoryFormatError)
  expect(error).toMatchObject({ line: 2, what: 'not an object' })
})
