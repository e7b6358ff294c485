import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history/index.js'
import { createTransactions, stepTransactions } from './transactions.js'

const at = (attempt: number) => ({ vertex: 'Sink', subtask: 0, attempt })

describe('a pre-commit', () => {
  it('belongs to the next snapshot of its own attempt, also when an attempt that was given up takes one in between', () => {
    const state = createTransactions()
    const events: readonly HistoryEvent[] = [
      { seq: 1, t: 1, kind: 'pre-commit', transaction: 'new', records: 0, ...at(2) },
      { seq: 2, t: 2, kind: 'snapshot-taken', checkpoint: 4, ...at(1) },
      { seq: 3, t: 3, kind: 'snapshot-taken', checkpoint: 9, ...at(2) },
    ]
    for (const event of events) stepTransactions(state, event)
    expect(state.byName.get('new')?.checkpoint).toBe(9)
  })

  it('belongs to no snapshot of a later attempt', () => {
    const state = createTransactions()
    const events: readonly HistoryEvent[] = [
      { seq: 1, t: 1, kind: 'pre-commit', transaction: 'old', records: 0, ...at(1) },
      { seq: 2, t: 2, kind: 'snapshot-taken', checkpoint: 4, ...at(2) },
    ]
    for (const event of events) stepTransactions(state, event)
    expect(state.byName.get('old')?.checkpoint).toBe(-1)
  })
})
