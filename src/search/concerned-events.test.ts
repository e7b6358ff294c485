import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { concernedEvents } from './concerned-events.js'

const history = (...facts: HistoryFact[]): HistoryEvent[] => facts.map((fact, i): HistoryEvent => ({ ...fact, seq: i + 1, t: i }))
const finding = (records: readonly number[], evidence: readonly number[]) =>
  ({ anomaly: 'lost', rule: 'r', message: '', records, evidence }) as unknown as Parameters<typeof concernedEvents>[1]
const concerned = (events: HistoryEvent[], records: readonly number[], evidence: readonly number[]): number[] =>
  concernedEvents(events, finding(records, evidence)).map(({ seq }) => seq)
const at = { vertex: 'Sink', subtask: 0, attempt: 0 }

describe('what has to do with a finding', () => {
  it('are the recoveries behind the first fault, and not the start of the job', () => {
    const events = history(
      { kind: 'restore-chosen' },
      { kind: 'visible', vertex: 'Sink', at: 'log', id: 7 },
      { kind: 'fault', fault: 'crash', point: 'task.record', target: 'TaskManager-0' },
      { kind: 'restore-chosen', checkpoint: 1 },
      { kind: 'visible', vertex: 'Sink', at: 'log', id: 8 },
    )
    expect(concerned(events, [7], [2])).toEqual([2, 3, 4])
  })

  it('are the events of the checkpoint of the transaction, from its trigger to its completion', () => {
    const events = history(
      { kind: 'checkpoint-triggered', checkpoint: 1 },
      { kind: 'sink-write', ...at, id: 7, transaction: 't1' },
      { kind: 'pre-commit', ...at, transaction: 't1', checkpoint: 1 },
      { kind: 'checkpoint-completed', checkpoint: 1 },
      { kind: 'checkpoint-triggered', checkpoint: 2 },
      { kind: 'checkpoint-completed', checkpoint: 2 },
    )
    expect(concerned(events, [7], [2])).toEqual([1, 2, 3, 4])
  })

  it('are transactions that the same subtask has restored, and those of no other', () => {
    const restore = (subtask: number, committables: readonly string[]): HistoryFact => ({
      ...{ kind: 'restore', vertex: 'Committer', subtask, attempt: 1, checkpoint: 1 },
      content: { committables },
    })
    const events = history(
      { kind: 'restore', vertex: 'Writer', subtask: 0, attempt: 1, checkpoint: 1 },
      restore(0, ['mine']),
      restore(1, ['other']),
      { kind: 'commit', vertex: 'Committer', subtask: 0, attempt: 1, transaction: 'mine', result: 'applied' },
      { kind: 'commit', vertex: 'Committer', subtask: 1, attempt: 1, transaction: 'other', result: 'applied' },
    )
    const seqs = concerned(events, [], [1])
    expect(seqs).toContain(4)
    expect(seqs).not.toContain(5)
  })
})
