import { describe, expect, it } from 'vitest'
import type { HistoryFact, SnapshotContent } from '../history/index.js'
import { at, events, SIMULATED_JOB } from './hand-made-history.js'
import { snapshotContents } from './snapshot-content.js'
import { take } from './steps.js'

const created: HistoryFact = { kind: 'job-status', status: 'CREATED' }
const where = { checkpoint: 1, ...at('Count', 0, 0) }
const restored = (content: SnapshotContent): HistoryFact => ({ kind: 'restore', ...where, content })
const apply = (id: number, count?: number): HistoryFact => ({
  ...{ kind: 'state-apply', ...at('Count', 0, 0), id, key: 'a' },
  ...(count !== undefined && { count }),
})
const taken = (content?: SnapshotContent): HistoryFact => ({ kind: 'snapshot-taken', ...where, ...(content && { content }) })
const durable = (content: SnapshotContent): HistoryFact => ({ kind: 'snapshot-durable', ...where, content })
const begun: HistoryFact = { kind: 'restore', ...at('Count', 0, 0) }

function messages(...facts: readonly HistoryFact[]): string[] {
  const state = snapshotContents.init(SIMULATED_JOB)
  for (const event of events([created, ...facts])) take(snapshotContents.step, state, event)
  return snapshotContents.verdict(state).findings.map(({ message }) => message)
}

describe('a snapshot of a state', () => {
  it('of values alone holds these', () => {
    expect(messages(begun, taken({ values: [['a', 1]] }), durable({ values: [['a', 1]] }))).toEqual([])
    expect(messages(begun, taken({ values: [['a', 1]] }), durable({ values: [['a', 2]] }))).toEqual([expect.stringMatching(/key a\)/)])
    expect(messages(begun, taken({ values: [['a', 1]] }), durable({ absorbed: [] }))).toEqual([expect.stringMatching(/key a\)/)])
  })

  it('of counts alone, to which nothing has come since they were restored, holds these', () => {
    const other = [
      { kind: 'state-apply', ...at('Count', 1, 0), id: 9, key: 'b', count: 1 } satisfies HistoryFact,
      restored({ counts: [['a', 2]] }),
    ]
    expect(messages(...other, taken(), durable({ counts: [['a', 2]] }))).toEqual([])
    expect(messages(...other, taken(), durable({ counts: [['a', 3]] }))).toEqual([expect.stringMatching(/a: 3 for 2/)])
  })

  it('of records without counts holds none that came later', () => {
    expect(messages(begun, apply(1), taken(), apply(2), durable({ absorbed: [1] }))).toEqual([])
    expect(messages(begun, apply(1), taken(), apply(2), durable({ absorbed: [1, 2] }))).toEqual([
      expect.stringMatching(/holds 1 records absorbed after it was taken/),
    ])
  })

  it('of which nothing else is known holds what it had when it was taken', () => {
    expect(messages(taken({ values: [['a', 1]] }), durable({ values: [['a', 2]] }))).toHaveLength(1)
    expect(messages(apply(1), taken(), apply(2), durable({ absorbed: [1, 2] }))).toHaveLength(1)
    const again: HistoryFact = { kind: 'state-apply', ...at('Count', 0, 0), id: 1, key: 'a', count: 3, again: true }
    expect(messages(again, taken(), durable({ counts: [['a', 4]] }))).toEqual([expect.stringMatching(/a: 4 for 3/)])
    // What came before the history begins may have left anything there.
    expect(messages(taken(), durable({ values: [['a', 1]] }))).toEqual([])
  })

  it('is compared key by key', () => {
    expect(messages(begun, taken({ values: [['a', 1]] }), durable({ values: [['b', 1]] }))).toEqual([
      expect.stringMatching(/key (a, b|b, a)\)/),
    ])
  })

  it('in which nothing was holds nothing that came later', () => {
    expect(messages(begun, taken(), apply(1, 1), durable({ counts: [], absorbed: [] }))).toEqual([])
    expect(messages(begun, taken(), apply(1, 1), durable({ counts: [['a', 1]], absorbed: [] }))).toEqual([
      expect.stringMatching(/a: 1 for 0/),
    ])
    expect(messages(begun, taken(), apply(1), durable({ absorbed: [1] }))).toEqual([
      expect.stringMatching(/holds 1 records absorbed after it was taken/),
    ])
    expect(messages(begun, taken(), apply(1), durable({ values: [['a', 1]], absorbed: [] }))).toEqual([expect.stringMatching(/key a\)/)])
  })
})
