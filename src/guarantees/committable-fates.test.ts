import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

const first = (...facts: readonly HistoryFact[]): HistoryFact[] => [{ kind: 'job-status', status: 'CREATED', job: 'first' }, ...facts]
const created = (job: string): HistoryFact => ({ kind: 'job-status', status: 'CREATED', job })
const finished: HistoryFact = { kind: 'job-status', status: 'FINISHED', job: 'first' }
const restore = (attempt: number, checkpoint?: number): HistoryFact => ({
  kind: 'restore',
  ...(checkpoint !== undefined && { checkpoint }),
  ...at('Sink', 0, attempt),
})
const written = (transaction: string, attempt: number, id: string, checkpoint: number): HistoryFact[] => [
  { kind: 'transaction-begun', transaction, ...at('Sink', 0, attempt) },
  { kind: 'sink-write', id, transaction, ...at('Sink', 0, attempt) },
  { kind: 'pre-commit', transaction, ...at('Sink', 0, attempt) },
  { kind: 'snapshot-taken', checkpoint, ...at('Sink', 0, attempt) },
]
const asked = (transaction: string, attempt: number): HistoryFact => ({
  kind: 'commit-requested',
  transaction,
  retries: 0,
  ...at('Committer', 0, attempt),
})
const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
const complaints = (...facts: readonly HistoryFact[]): string[] =>
  judge(SMALL_JOB, events(facts))
    .protocol.filter(({ rule }) => rule === 'restored-committables-first')
    .map(({ message }) => message)
const orders = (...facts: readonly HistoryFact[]): string[] =>
  judge(SMALL_JOB, events(facts))
    .protocol.filter(({ rule }) => rule === 'commit-order')
    .map(({ message }) => message)

/** What became of transactions between the checkpoint that holds them and the restore that is to commit them. */
describe('the fate of a prepared transaction', () => {
  it('is asked about by each attempt anew', () => {
    const facts = first(restore(0), ...written('a', 0, '0:0', 1), completed(1), asked('a', 0), restore(1, 1))
    expect(complaints(...facts, asked('a', 1), finished)).toEqual([])
    expect(complaints(...facts, finished)).toHaveLength(1)
  })
  it('is sealed by a recovery that takes it back before the snapshot, and by none behind it', () => {
    // pre-committed of checkpoint 2, taken back by a restore from 1, then checkpoint 3 is taken without it and restored.
    const taken = first(
      restore(0),
      ...written('a', 0, '0:0', 1),
      completed(1),
      asked('a', 0),
      { kind: 'commit', transaction: 'a', result: 'applied', ...at('Committer', 0, 0) },
      ...written('b', 0, '0:1', 2),
    )
    const passed: HistoryFact[] = [
      restore(1, 1),
      asked('a', 1),
      { kind: 'snapshot-taken', checkpoint: 3, ...at('Sink', 0, 1) },
      completed(3),
      restore(2, 3),
      finished,
    ]
    expect(complaints(...taken, ...passed)).toEqual([])
    // held by 2 which is restored and not asked for, and only then taken back
    expect(complaints(...taken, completed(2), restore(1, 2), restore(2, 1), asked('a', 2), finished)).toHaveLength(1)
  })
  it('has no order with those of another job', () => {
    const facts = [
      ...first(restore(0), ...written('old', 0, '0:0', 5), completed(5)),
      created('second'),
      restore(0, 5),
      ...written('new', 0, '0:1', 2),
      completed(2),
    ]
    expect(orders(...facts, asked('old', 0), asked('new', 0))).toEqual([])
  })
  it('is not that of a checkpoint whose snapshot was taken before', () => {
    const late: HistoryFact[] = [
      { kind: 'transaction-begun', transaction: 'late', ...at('Sink', 0, 0) },
      { kind: 'sink-write', id: '0:1', transaction: 'late', ...at('Sink', 0, 0) },
      { kind: 'pre-commit', transaction: 'late', checkpoint: 1, ...at('Sink', 0, 0) },
    ]
    const facts = first(restore(0), ...written('a', 0, '0:0', 1), ...late, completed(1), restore(1, 1), asked('a', 1), finished)
    expect(complaints(...facts)).toEqual([])
  })
  it('is not told by what another vertex put into the checkpoint, nor asked of another vertex', () => {
    const other = (attempt: number) => at('Other', 0, attempt)
    const late: HistoryFact = { kind: 'pre-commit', transaction: 'late', checkpoint: 1, ...at('Sink', 0, 0) }
    const theirs: HistoryFact = { kind: 'snapshot-taken', checkpoint: 1, ...other(0) }
    const both = first(restore(0), { kind: 'restore', ...other(0) }, ...written('a', 0, '0:0', 1))
    expect(complaints(...both, late, theirs, completed(1), restore(1, 1), asked('a', 1), finished)).toEqual([])
    // only the other one is restored, in a region of its own
    const restored: HistoryFact = { kind: 'restore', checkpoint: 1, ...other(1) }
    expect(complaints(...both, theirs, completed(1), restored, asked('a', 0), finished)).toEqual([])
  })
  it('is not that of a checkpoint before its own, though that is durable only after it was prepared', () => {
    const [begun, write] = written('b', 0, '0:1', 2)
    if (begun === undefined || write === undefined) throw new Error('a transaction begins with a write')
    const prepared: HistoryFact = { kind: 'pre-commit', transaction: 'b', checkpoint: 2, ...at('Sink', 0, 0) }
    const facts = first(restore(0), begun, write, prepared, ...written('a', 0, '0:0', 1), completed(1), restore(1, 1), asked('a', 1))
    expect(complaints(...facts, finished)).toEqual([])
  })
  it('is not told by a snapshot behind the restore, whatever its number', () => {
    // second job takes checkpoint 1 anew, behind its restore from the first one's
    const facts = [
      ...first(restore(0), ...written('a', 0, '0:0', 1), completed(1)),
      created('second'),
      restore(0, 1),
      { kind: 'commit', transaction: 'a', result: 'applied', ...at('Committer', 0, 0) } as const,
      { kind: 'snapshot-taken', checkpoint: 1, ...at('Sink', 0, 0) } as const,
    ]
    expect(complaints(...facts, { kind: 'job-status', status: 'FINISHED', job: 'second' })).toHaveLength(1)
  })
})
