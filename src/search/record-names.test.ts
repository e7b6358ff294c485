import { expect, it } from 'vitest'
import type { HistoryEvent } from '../history/index.js'
import { RecordNames } from './record-names.js'

const made = (causes: number): string => {
  const sources = Array.from({ length: causes }, (_, i): HistoryEvent => ({
    ...{ kind: 'source-emit', seq: i + 1, t: 0, vertex: 'Src', subtask: 0, attempt: 0 },
    ...{ id: i, split: 'a', offset: i },
  }))
  const emit: HistoryEvent = {
    ...{ kind: 'emit', seq: 99, t: 0, vertex: 'Sum', subtask: 0, attempt: 0 },
    ...{ id: 99, causes: sources.map((_, i) => i) },
  }
  return new RecordNames([...sources, emit]).of(99)
}

it('names all causes up to the most, and counts those beyond', () => {
  const names = Array.from({ length: 12 }, (_, i) => made(i + 1))
  expect(names.filter((name) => name.includes('and 0 more'))).toEqual([])
  const first = names.findIndex((name) => name.endsWith(' and 1 more'))
  expect(first).toBeGreaterThan(0)
  expect(names[first - 1]).not.toContain('more')
})
