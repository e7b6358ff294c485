import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { RecordNames } from './record-names.js'
import { tellingEvents } from './telling-events.js'

const at = { vertex: 'Sink', subtask: 0, attempt: 0 }
const source = { vertex: 'Src', subtask: 0, attempt: 0 }

function history(...facts: HistoryFact[]): HistoryEvent[] {
  return facts.map((fact, i) => ({ ...fact, seq: i + 1, t: i * 1000 }))
}

const story = history(
  { kind: 'job-status', status: 'CREATED' },
  { kind: 'restore-chosen' },
  { kind: 'source-emit', ...source, id: 1, split: 'a', offset: 0, key: 'k7' },
  { kind: 'source-emit', ...source, id: 2, split: 'a', offset: 1 },
  { kind: 'emit', ...at, id: 100, causes: [1, 2] },
  { kind: 'sink-write', ...at, id: 100, transaction: 'txn-5' },
  { kind: 'sink-write', ...at, id: 2, transaction: 'txn-6' },
  { kind: 'pre-commit', ...at, transaction: 'txn-5', checkpoint: 5 },
  { kind: 'pre-commit', ...at, transaction: 'txn-6', checkpoint: 6 },
  { kind: 'checkpoint-completed', checkpoint: 5 },
  { kind: 'checkpoint-completed', checkpoint: 6 },
  { kind: 'fault', fault: 'crash', point: 'task.notify.done', target: 'TaskManager-0' },
  { kind: 'restore-chosen', checkpoint: 6 },
  { kind: 'abort', ...at, transaction: 'txn-5', why: 'lingering' },
  { kind: 'job-status', status: 'FINISHED' },
)

describe('telling events', () => {
  it('are the fault, the way of the record, its transaction and checkpoint, the recovery, and the end', () => {
    const finding = { anomaly: 'lost', rule: 'output-at-least-once', message: '', records: [100], evidence: [6] } as const
    expect(tellingEvents(story, finding).map(({ seq }) => seq)).toEqual([5, 6, 8, 10, 12, 13, 14, 15])
  })

  it('are few, however much a finding names', () => {
    const long = history(...Array.from({ length: 500 }, (): HistoryFact => ({ kind: 'visible', vertex: 'Sink', at: 'log', id: 7 })))
    const finding = { anomaly: 'duplicated', rule: '', message: '', records: [7], evidence: long.map(({ seq }) => seq) } as const
    const told = tellingEvents(long, finding)
    expect(told.length).toBeLessThanOrEqual(16)
    expect(told.at(-1)?.seq).toBe(500)
  })
})

describe('names of records', () => {
  const names = new RecordNames(story)
  it.each([
    [1, 'a:0 (key k7)'],
    [2, 'a:1'],
    [100, "Sink's record of a:0 (key k7), a:1"],
    [77, 'record 77'],
  ])('%i is %s', (id, name) => {
    expect(names.of(id)).toBe(name)
  })
})
