import { expect, it } from 'vitest'
import { formatHistory, isHistoryHeader, parseHistory, type History } from './history-text.js'

it('a history may be empty, and says so', () => {
  const header = {
    ...{ millrace: 'history', schema: 1, origin: 'simulated', scenario: 's', operators: [] },
    ...{ configuration: {}, mode: 'aligned', events: 0 },
  } as unknown as History['header']
  expect(parseHistory(formatHistory({ header, events: [] })).events).toEqual([])
})

it('a header is an object', () => {
  expect(isHistoryHeader(' {"millrace" : "history"}')).toBe(true)
  expect(isHistoryHeader('[{"millrace":"history"}]')).toBe(false)
  expect(isHistoryHeader('{"ev":"log"}')).toBe(false)
})
