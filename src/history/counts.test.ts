import { describe, expect, it } from 'vitest'
import { type HistoryFact, type HistoryHeader, countHistory } from './index.js'

const HEADER: HistoryHeader = {
  millrace: 'history',
  schema: 1,
  origin: 'recorded',
  scenario: 'counted',
  operators: [],
  configuration: {},
  mode: 'aligned',
}

function count(facts: readonly HistoryFact[], header: Partial<HistoryHeader> = {}) {
  return countHistory(
    { ...HEADER, ...header },
    facts.map((fact, index) => ({ ...fact, seq: index + 1, t: 0 })),
  )
}

const src = { vertex: 'Src', subtask: 0, attempt: 0 }
const emit = (offset: number): HistoryFact => ({ kind: 'source-emit', ...src, id: `0:${offset}`, split: '0', offset, key: 'k' })
const apply = (offset: number, total: number, attempt = 0): HistoryFact => ({
  kind: 'state-apply',
  vertex: 'Count',
  subtask: 0,
  attempt,
  id: `0:${offset}`,
  key: 'k',
  count: total,
})
const seen = (offset: number, at: 'external-store' | 'read_committed' | 'read_uncommitted' = 'external-store'): HistoryFact => ({
  kind: 'visible',
  vertex: 'Sink',
  at,
  id: `0:${offset}`,
})

describe('counts', () => {
  it('count replays, and input that nobody sees', () => {
    const facts = [emit(0), emit(1), emit(1), apply(0, 1), apply(1, 2), seen(0), seen(0)]
    expect(count(facts)).toEqual({
      emitted: 3,
      processed: 2,
      written: 0,
      visible: 2,
      duplicated: 1,
      lost: 1,
      keyedStateMaxError: 0,
      checkpointsCompleted: 0,
    })
  })

  it('know of input that was never emitted only from the header', () => {
    expect(count([emit(0), seen(0)]).lost).toBe(0)
    expect(count([emit(0), seen(0)], { splits: [{ vertex: 'Src', split: '0', records: 4 }] }).lost).toBe(3)
  })

  it('follow state through restores, new attempts and new jobs', () => {
    const restored: HistoryFact = {
      kind: 'restore',
      vertex: 'Count',
      subtask: 0,
      attempt: 1,
      checkpoint: 1,
      content: { counts: [['k', 1]] },
    }
    const created: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'second' }
    const replay = [emit(0), emit(1), apply(0, 1), apply(1, 2), restored, apply(1, 2, 1)]
    expect(count(replay).keyedStateMaxError).toBe(0)
    expect(count([...replay, apply(1, 3, 0)]).keyedStateMaxError).toBe(0)
    expect(count([...replay, apply(1, 3, 1)]).keyedStateMaxError).toBe(1)
    expect(count([...replay, created]).keyedStateMaxError).toBe(2)
  })

  it('miss a record that was emitted and never absorbed', () => {
    expect(count([emit(0), emit(1), apply(0, 1)]).keyedStateMaxError).toBe(1)
  })

  it('keep the two readers of a log apart, and take the careful one for what is visible', () => {
    const counts = count([
      emit(0),
      emit(1),
      seen(0, 'read_committed'),
      seen(0, 'read_uncommitted'),
      seen(0, 'read_uncommitted'),
      seen(1, 'read_uncommitted'),
    ])
    expect(counts.readCommitted).toEqual({ records: 1, distinct: 1, duplicated: 0, lost: 1 })
    expect(counts.readUncommitted).toEqual({ records: 3, distinct: 2, duplicated: 1, lost: 0 })
    expect(counts).toMatchObject({ visible: 1, duplicated: 0, lost: 1 })
  })

  it('follow output back to the records that made it, and forgive what ended on purpose', () => {
    const derived: HistoryFact = { kind: 'emit', ...src, vertex: 'Window', id: 900, causes: ['0:0', '0:1'] }
    const late: HistoryFact = { kind: 'record-ended', ...src, vertex: 'Window', id: '0:2', why: 'late' }
    const visible: HistoryFact = { kind: 'visible', vertex: 'Sink', at: 'external-store', id: 900 }
    expect(count([emit(0), emit(1), emit(2), emit(3), derived, late, visible]).lost).toBe(1)
  })
})
