import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** Two writers have pre-committed a transaction each when checkpoint 1 completes; then a new job restores it. */
function beginning(): HistoryFact[] {
  const written = [0, 1].flatMap((subtask): HistoryFact[] => {
    const transaction = `t${String(subtask)}`
    const where = at('Sink', subtask, 0)
    return [
      { kind: 'restore', ...where },
      { kind: 'transaction-begun', transaction, ...where },
      { kind: 'sink-write', id: `0:${String(subtask)}`, transaction, ...where },
      { kind: 'pre-commit', transaction, ...where },
      { kind: 'snapshot-taken', checkpoint: 1, ...where },
    ]
  })
  return [{ kind: 'job-status', status: 'CREATED', job: 'first' }, ...written, { kind: 'checkpoint-completed', checkpoint: 1 }]
}

const restored = (subtask: number): HistoryFact => ({ kind: 'restore', checkpoint: 1, ...at('Sink', subtask, 0) })
const committed = (transaction: string, subtask: number): HistoryFact[] => [
  { kind: 'commit-requested', transaction, retries: 0, ...at('Committer', subtask, 0) },
  { kind: 'commit', transaction, result: 'applied', ...at('Committer', subtask, 0) },
]
const newRecord: HistoryFact = { kind: 'sink-write', id: '0:2', transaction: 'new', ...at('Sink', 0, 0) }

function complaints(...facts: readonly HistoryFact[]): string[] {
  const second: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'second' }
  const finished: HistoryFact = { kind: 'job-status', status: 'FINISHED', job: 'second' }
  const { protocol } = judge(SMALL_JOB, events([...beginning(), second, ...facts, finished]))
  return protocol.filter(({ rule }) => rule === 'restored-committables-first').map(({ message }) => message)
}

describe('what a restored checkpoint holds to be committed', () => {
  it('is committed first by who held it', () => {
    expect(complaints(restored(0), restored(1), ...committed('t0', 0), ...committed('t1', 1), newRecord)).toEqual([])
    expect(complaints(restored(0), restored(1), ...committed('t1', 1), newRecord, ...committed('t0', 0))).toEqual([
      expect.stringMatching(/^Sink \(0\).* holds t0, and wrote something new before committing it/),
    ])
  })

  it('may be asked for once more behind the first record', () => {
    const again: HistoryFact = { kind: 'commit-requested', transaction: 't0', retries: 1, ...at('Committer', 0, 0) }
    expect(complaints(restored(0), restored(1), ...committed('t0', 0), ...committed('t1', 1), newRecord, again)).toEqual([])
  })

  it('is committed first in each job, whatever an attempt of that number did in the one before', () => {
    const third: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'third' }
    const both = [restored(0), restored(1), ...committed('t0', 0), ...committed('t1', 1)]
    expect(complaints(...both, third, ...both, newRecord)).toEqual([])
    expect(complaints(...both, third, restored(0), restored(1), newRecord)).toHaveLength(2)
  })

  it('is committed by somebody in a job with another parallelism, who keeps the others not waiting', () => {
    expect(complaints(restored(0), ...committed('t0', 0), ...committed('t1', 0))).toEqual([])
    expect(complaints(restored(0), restored(1), restored(2), newRecord, ...committed('t1', 2), ...committed('t0', 1))).toEqual([])
  })

  it('keeps no other subtask waiting where the writer of who commits never opens', () => {
    expect(complaints(restored(0), ...committed('t0', 0), newRecord, ...committed('t1', 1))).toEqual([])
    const early: HistoryFact[] = [{ kind: 'transaction-begun', transaction: 'early', ...at('Sink', 1, 0) }, ...committed('early', 1)]
    expect(complaints(restored(0), ...committed('t0', 0), ...early, newRecord)).toEqual([])
    // Whoever commits what another one held is alone.
    expect(complaints(restored(0), ...committed('t0', 0), newRecord, ...committed('t1', 0))).toHaveLength(1)
    // And so is who commits beside another sink, or behind a job in which both did.
    const others: HistoryFact[] = [{ kind: 'transaction-begun', transaction: 'other', ...at('Other', 1, 0) }, ...committed('other', 1)]
    expect(complaints(restored(0), ...committed('t0', 0), ...others)).toHaveLength(1)
    const third: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'third' }
    const both = [restored(0), restored(1), ...committed('t0', 0), ...committed('t1', 1)]
    expect(complaints(...both, third, restored(0), ...committed('t0', 0))).toHaveLength(1)
  })

  it('keeps only who holds it waiting in such a job, whoever held it before', () => {
    const other: HistoryFact = { kind: 'sink-write', id: '0:3', transaction: 'another', ...at('Sink', 1, 0) }
    expect(complaints(restored(0), restored(1), restored(2), ...committed('t0', 0), other, ...committed('t1', 2))).toEqual([])
    expect(complaints(restored(0), restored(1), restored(2), ...committed('t0', 0), other, ...committed('t1', 1))).toHaveLength(1)
  })

  it('is held on by others in such a job when one of its regions is restored once more', () => {
    const all = [restored(0), restored(1), restored(2), ...committed('t0', 1), ...committed('t1', 2)]
    const again: HistoryFact = { kind: 'restore', checkpoint: 1, ...at('Sink', 0, 1) }
    expect(complaints(...all, again)).toEqual([])
    const own = [restored(0), restored(1), restored(2), ...committed('t0', 0), ...committed('t1', 2)]
    // Where all are restored once more, whoever held it asks once more.
    const others = [1, 2].map((subtask): HistoryFact => ({ kind: 'restore', checkpoint: 1, ...at('Sink', subtask, 1) }))
    expect(complaints(...all, again, ...others)).toHaveLength(2)
    expect(complaints(...own, again)).toEqual([expect.stringMatching(/^Sink \(0\) attempt 1 .* holds t0, and never committed it/)])
  })

  it('is held on by whoever was restored from a newer checkpoint later in such a job', () => {
    const all = [restored(0), restored(1), restored(2), ...committed('t0', 1), ...committed('t1', 2)]
    const again: HistoryFact = { kind: 'restore', checkpoint: 1, ...at('Sink', 0, 1) }
    const further: HistoryFact[] = [1, 2].map((subtask) => ({ kind: 'restore', checkpoint: 2, ...at('Sink', subtask, 1) }))
    expect(complaints(...all, again, ...further)).toEqual([])
  })

  it('is held in each job anew', () => {
    const third = (...facts: readonly HistoryFact[]): HistoryFact[] => [{ kind: 'job-status', status: 'CREATED', job: 'third' }, ...facts]
    const again = [0, 1, 2].map((subtask): HistoryFact => ({ kind: 'restore', checkpoint: 1, ...at('Sink', subtask, 1) }))
    const asked = [0, 1].map((transaction): HistoryFact => ({
      kind: 'commit-requested',
      transaction: `t${String(transaction)}`,
      retries: 0,
      ...at('Committer', transaction + 1, 1),
    }))
    const second = [restored(0), restored(1), restored(2), ...committed('t0', 1), ...committed('t1', 2)]
    expect(complaints(...second, ...again.slice(0, 1), ...third(...again, ...asked))).toEqual([])
    const ended: HistoryFact = { kind: 'job-status', status: 'FINISHED', job: 'third' }
    const created: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'second' }
    const facts = events([...beginning(), created, ...second, ...third(...again, ended)])
    const found = judge(SMALL_JOB, facts).protocol.filter(({ rule }) => rule === 'restored-committables-first')
    const restores = facts.filter(({ kind }) => kind === 'restore').map(({ seq }) => seq)
    expect(found.map(({ evidence }) => evidence)).toEqual([restores.slice(-3), restores.slice(-3)])
  })

  it('comes first in each attempt of such a job, whatever a later one makes up for', () => {
    const again: HistoryFact = { kind: 'restore', checkpoint: 1, ...at('Sink', 0, 1) }
    const madeUp: HistoryFact = { kind: 'commit-requested', transaction: 't0', retries: 0, ...at('Committer', 0, 1) }
    expect(complaints(restored(0), newRecord, again, madeUp, ...committed('t1', 0))).toContainEqual(
      expect.stringMatching(/^Sink \(0\) attempt 0 .* holds t0, and wrote something new before committing it/),
    )
  })

  it('has nothing of an attempt that had been given up when it prepared it', () => {
    const late: HistoryFact[] = [
      { kind: 'job-status', status: 'CREATED', job: 'first' },
      { kind: 'restore', ...at('Sink', 0, 0) },
      { kind: 'transaction-begun', transaction: 'late', ...at('Sink', 0, 0) },
      { kind: 'sink-write', id: '0:0', transaction: 'late', ...at('Sink', 0, 0) },
    ]
    const successor: HistoryFact = { kind: 'restore', ...at('Sink', 0, 1) }
    const prepared: HistoryFact = { kind: 'pre-commit', transaction: 'late', checkpoint: 1, ...at('Sink', 0, 0) }
    const then: HistoryFact[] = [
      { kind: 'snapshot-taken', checkpoint: 1, ...at('Sink', 0, 1) },
      { kind: 'checkpoint-completed', checkpoint: 1 },
      { kind: 'job-status', status: 'CREATED', job: 'second' },
      restored(0),
      { kind: 'job-status', status: 'FINISHED', job: 'second' },
    ]
    const rules = (...facts: readonly HistoryFact[]) => judge(SMALL_JOB, events(facts)).protocol.map(({ rule }) => rule)
    expect(rules(...late, successor, prepared, ...then)).not.toContain('restored-committables-first')
    expect(rules(...late, prepared, { kind: 'snapshot-taken', checkpoint: 1, ...at('Sink', 0, 0) }, ...then.slice(1))).toContain(
      'restored-committables-first',
    )
  })

  it('is not forgotten with the subtasks that such a job has no more', () => {
    expect(complaints(restored(0), ...committed('t0', 0))).toEqual([expect.stringMatching(/holds t1, and never committed it/)])
    expect(complaints(restored(0), newRecord, ...committed('t0', 0), ...committed('t1', 0))).toHaveLength(2)
  })

  it('is not committed by a new job that began before it, whichever subtask had written it', () => {
    const later: HistoryFact[] = [
      { kind: 'transaction-begun', transaction: 't9', ...at('Sink', 1, 0) },
      { kind: 'sink-write', id: '0:5', transaction: 't9', ...at('Sink', 1, 0) },
      { kind: 'pre-commit', transaction: 't9', ...at('Sink', 1, 0) },
      { kind: 'snapshot-taken', checkpoint: 2, ...at('Sink', 1, 0) },
    ]
    const facts = [...beginning(), ...later, { kind: 'job-status', status: 'CREATED', job: 'second' } as const, restored(0)]
    const rules = (behind: readonly HistoryFact[]) => judge(SMALL_JOB, events([...facts, ...behind])).protocol.map(({ rule }) => rule)
    expect(rules(committed('t9', 0))).toContain('commit-of-the-past')
    expect(rules([])).not.toContain('commit-of-the-past')
    // A third job restores what the second one had passed over, or what the second one took without it.
    const third = (checkpoint: number): HistoryFact[] => [
      { kind: 'snapshot-taken', checkpoint: 3, ...at('Sink', 1, 0) },
      { kind: 'job-status', status: 'CREATED', job: 'third' },
      { kind: 'restore', checkpoint, ...at('Sink', 1, 0) },
      ...committed('t9', 1),
    ]
    expect(rules(third(2))).not.toContain('commit-of-the-past')
    expect(rules(third(3))).toContain('commit-of-the-past')
    // The committer opens before the writer, and commits at once; what another attempt restores is not what it holds.
    const committerFirst = (checkpoint: number, asker = 0): HistoryFact[] => [
      { kind: 'job-status', status: 'CREATED', job: 'third' },
      { kind: 'restore', checkpoint, ...at('Committer', 1, 0) },
      { kind: 'commit-requested', transaction: 't9', retries: 0, ...at('Committer', 1, asker) },
      { kind: 'commit', transaction: 't9', result: 'applied', ...at('Committer', 1, asker) },
    ]
    expect(rules(committerFirst(2))).not.toContain('commit-of-the-past')
    expect(rules(committerFirst(2, 1))).toContain('commit-of-the-past')
    expect(rules(committerFirst(1))).toContain('commit-of-the-past')
  })
})
