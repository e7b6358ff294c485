import { describe, expect, it } from 'vitest'
import { goodRun, events } from '../guarantees/hand-made-history.js'
import { HISTORY_KINDS, type HistoryEvent } from '../history/index.js'
import { eventInWords } from './event-in-words.js'

const at = { vertex: 'Count', subtask: 1, attempt: 2, seq: 1, t: 0 }
const nameOf = (id: number | string): string => `record ${String(id)}`

describe('events in words', () => {
  it.each<[HistoryEvent, string]>([
    [{ kind: 'snapshot-taken', ...at, checkpoint: 3 }, 'Count 2 (attempt 2) takes its snapshot of checkpoint 3'],
    [
      { kind: 'checkpoint-notified', ...at, subtask: -1, checkpoint: 3, outcome: 'abort' },
      'the coordinator of Count is told that checkpoint 3 is aborted',
    ],
    [
      { kind: 'state-apply', ...at, id: 7, key: 'k', again: true },
      'Count 2 (attempt 2) absorbs record 7 under key k, although its state holds it already',
    ],
    [{ kind: 'pre-commit', ...at, transaction: 'txn' }, 'Count 2 (attempt 2) pre-commits txn for no checkpoint'],
    [{ kind: 'restore-chosen', seq: 1, t: 0 }, 'recovery restores no checkpoint'],
    [{ kind: 'job-status', status: 'FAILED', seq: 1, t: 0 }, 'the job is FAILED'],
  ])('%j', (event, words) => {
    expect(eventInWords(event, nameOf)).toBe(words)
  })

  it('know what happens in a run', () => {
    const run = events(goodRun())
    expect(run.length).toBeGreaterThan(20)
    expect(run.map((event) => eventInWords(event, nameOf)).filter((words) => HISTORY_KINDS.includes(words))).toEqual([])
  })
})
