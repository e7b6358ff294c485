import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { createTransactions, TRANSACTION_STEPS } from './transactions.js'
import { take } from './steps.js'

const writer = { vertex: 'Sink: Writer', subtask: 0 }
const committer = { vertex: 'Sink: Committer', subtask: 0 }
const name = { transaction: 'Sink-0-6' }

/** The store of checkpoint 6 was unknown to its coordinator; the branch behind checkpoint 5 uses the name again, for checkpoint 7. */
const twice: readonly HistoryFact[] = [
  { kind: 'transaction-begun', ...writer, attempt: 0, ...name },
  { kind: 'pre-commit', ...writer, attempt: 0, records: 1, checkpoint: 6, ...name },
  { kind: 'transaction-begun', ...writer, attempt: 1, ...name },
  { kind: 'pre-commit', ...writer, attempt: 1, records: 1, checkpoint: 7, ...name },
]

function after(more: readonly HistoryFact[]) {
  return usesAfter([...twice, ...more])
}

function usesAfter(facts: readonly HistoryFact[]) {
  const state = createTransactions()
  for (const [index, event] of facts.entries()) take(TRANSACTION_STEPS, state, { ...event, seq: index + 1, t: index })
  return state.all.map(({ checkpoint, requested, answered }) => ({ checkpoint, requested: requested.length, answered: answered.length }))
}

const commit = (attempt: number): HistoryFact[] => [
  { kind: 'commit-requested', ...committer, attempt, retries: 0, ...name },
  { kind: 'commit', ...committer, attempt, result: 'applied', ...name },
]
const restore = (attempt: number, checkpoint: number): HistoryFact => ({
  kind: 'restore',
  ...committer,
  attempt,
  checkpoint,
  content: { committables: [name.transaction] },
})

describe('a name of a transaction that is used twice', () => {
  it('means the newest use to who has seen it begin', () => {
    expect(after(commit(1))).toEqual([
      { checkpoint: 6, requested: 0, answered: 0 },
      { checkpoint: 7, requested: 1, answered: 1 },
    ])
  })

  it('means the use that the restored checkpoint holds to who was restored from it', () => {
    expect(after([restore(1000, 6), ...commit(1000)])).toEqual([
      { checkpoint: 6, requested: 1, answered: 1 },
      { checkpoint: 7, requested: 0, answered: 0 },
    ])
  })

  it('means the use that the restored checkpoint holds also where the newest one was never pre-committed', () => {
    const third: HistoryFact = { kind: 'transaction-begun', ...writer, attempt: 2, ...name }
    expect(after([third, restore(1000, 6), ...commit(1000)])).toEqual([
      { checkpoint: 6, requested: 1, answered: 1 },
      { checkpoint: 7, requested: 0, answered: 0 },
      { checkpoint: -1, requested: 0, answered: 0 },
    ])
  })

  it('means the use that the snapshots of the restored checkpoint hold, where the newest one says that it is for the same checkpoint', () => {
    const [begun, first, again, second] = twice
    if (begun === undefined || first === undefined || again === undefined || second?.kind !== 'pre-commit')
      throw new RangeError('four facts')
    const taken: HistoryFact = { kind: 'snapshot-taken', ...writer, attempt: 0, checkpoint: 6 }
    const told = [begun, first, taken, again, { ...second, checkpoint: 6 }]
    expect(usesAfter([...told, restore(1000, 6), ...commit(1000)])).toEqual([
      { checkpoint: 6, requested: 1, answered: 1 },
      { checkpoint: 6, requested: 0, answered: 0 },
    ])
  })

  it('means the use of its own writer to a committer, and not that of a writer that was given up and goes on behind it', () => {
    const zombie: HistoryFact = { kind: 'sink-write', ...writer, attempt: 0, id: 3, ...name }
    expect(usesAfter([...twice.slice(2), zombie, ...commit(1)])).toEqual([
      { checkpoint: 7, requested: 1, answered: 1 },
      { checkpoint: -1, requested: 0, answered: 0 },
    ])
  })

  it('means the use of its own writer to who aborts it, and where that has ended what was begun behind it', () => {
    const aborted = (facts: readonly HistoryFact[]): boolean[] => {
      const state = createTransactions()
      for (const [index, event] of facts.entries()) take(TRANSACTION_STEPS, state, { ...event, seq: index + 1, t: index })
      return state.all.map((use) => use.aborted > 0)
    }
    const zombie: HistoryFact = { kind: 'sink-write', ...writer, attempt: 0, id: 3, ...name }
    const abort = (attempt: number, why: 'timeout' | 'lingering'): HistoryFact => ({ kind: 'abort', ...writer, attempt, why, ...name })
    expect(aborted([...twice.slice(2), zombie, abort(1, 'timeout')])).toEqual([true, false])
    expect(aborted([...twice.slice(2), zombie, abort(2, 'lingering')])).toEqual([true, false])
    expect(aborted([...twice.slice(2), zombie, abort(0, 'timeout')])).toEqual([false, true])
    expect(aborted([...twice.slice(2), zombie, ...commit(1), abort(2, 'lingering')])).toEqual([false, true])
  })

  it('means the newest use to who was restored from a checkpoint that holds it', () => {
    expect(after([restore(1000, 7), ...commit(1000)])).toEqual([
      { checkpoint: 6, requested: 0, answered: 0 },
      { checkpoint: 7, requested: 1, answered: 1 },
    ])
  })
})

const at = (attempt: number) => ({ vertex: 'Sink', subtask: 0, attempt })

describe('a pre-commit', () => {
  it('belongs to the next snapshot of its own attempt, also when an attempt that was given up takes one in between', () => {
    const state = createTransactions()
    const events: readonly HistoryEvent[] = [
      { seq: 1, t: 1, kind: 'pre-commit', transaction: 'new', records: 0, ...at(2) },
      { seq: 2, t: 2, kind: 'snapshot-taken', checkpoint: 4, ...at(1) },
      { seq: 3, t: 3, kind: 'snapshot-taken', checkpoint: 9, ...at(2) },
    ]
    for (const event of events) take(TRANSACTION_STEPS, state, event)
    expect(state.byName.get('new')?.checkpoint).toBe(9)
  })

  it('belongs to no snapshot of a later attempt', () => {
    const state = createTransactions()
    const events: readonly HistoryEvent[] = [
      { seq: 1, t: 1, kind: 'pre-commit', transaction: 'old', records: 0, ...at(1) },
      { seq: 2, t: 2, kind: 'snapshot-taken', checkpoint: 4, ...at(2) },
    ]
    for (const event of events) take(TRANSACTION_STEPS, state, event)
    expect(state.byName.get('old')?.checkpoint).toBe(-1)
  })
})
