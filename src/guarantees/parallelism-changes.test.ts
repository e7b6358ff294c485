import { describe, expect, it } from 'vitest'
import type { HistoryFact, SnapshotContent } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import type { Oracle } from './oracle.js'
import { attempts } from './protocol-attempts.js'
import { completion } from './protocol-completion.js'
import { restoredContents } from './restored-content.js'
import { take } from './steps.js'
import { createTimeline, lanesOf, TIMELINE_STEPS } from './timeline.js'

const created: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'j' }
const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
const took = (checkpoint: number, subtask: number, attempt: number, content: SnapshotContent = {}): HistoryFact => ({
  kind: 'snapshot-taken',
  checkpoint,
  content,
  ...at('Count', subtask, attempt),
})
const opens = (parallelism: number, subtask: number, attempt: number, counts?: SnapshotContent['counts']): HistoryFact => ({
  kind: 'restore',
  parallelism,
  ...(counts === undefined ? {} : { checkpoint: 1, content: { counts } }),
  ...at('Count', subtask, attempt),
})

function messages<S>(oracle: Oracle<S>, facts: readonly HistoryFact[]): string[] {
  const state = oracle.init(SMALL_JOB)
  for (const event of events(facts)) take(oracle.step, state, event)
  return oracle.verdict(state).findings.map(({ message }) => message)
}

describe('a job that goes on with more subtasks', () => {
  const a = ['a', 2] as const
  const b = ['b', 3] as const
  const before = [created, opens(1, 0, 0), took(1, 0, 0, { counts: [a, b] }), completed(1)]

  it('restores as a whole what its checkpoint holds, also once more', () => {
    const rescaled = [...before, opens(2, 0, 1, [b]), opens(2, 1, 0, [a])]
    expect(messages(restoredContents, rescaled)).toEqual([])
    expect(messages(restoredContents, [...rescaled, opens(2, 0, 2, [b]), opens(2, 1, 1, [a])])).toEqual([])
  })

  it('loses nothing of it and gives nothing twice', () => {
    expect(messages(restoredContents, [...before, opens(2, 0, 1, [b]), opens(2, 1, 0, [])])).toEqual([
      'Count at parallelism 2 did not get all that checkpoint 1 holds, without count a=2',
    ])
    expect(messages(restoredContents, [...before, opens(2, 0, 1, [a, b]), opens(2, 1, 0, [a]), opens(3, 0, 2, [a])])).toEqual([
      'several subtasks of Count at parallelism 2 got the same of checkpoint 1: count of a',
    ])
    // One subtask has yet to open: what it gets is not known.
    expect(messages(restoredContents, [...before, opens(2, 0, 1, [b])])).toEqual([])
  })

  it('restores subtask by subtask what it stored since', () => {
    const since = [...before, opens(2, 0, 1, [b]), opens(2, 1, 0, [a]), took(1, 0, 1, { counts: [b] }), took(1, 1, 0, { counts: [a] })]
    expect(messages(restoredContents, [...since, opens(2, 0, 2, [b]), opens(2, 1, 1, [a])])).toEqual([])
    expect(messages(restoredContents, [...since, opens(2, 0, 2, [a])])).toEqual([
      expect.stringMatching(/Count \(0\) attempt 2 did not get what checkpoint 1 holds: count a=2, without count b=3/),
    ])
  })

  it('owes no part of the new ones in checkpoints from before, and every part since', () => {
    const since = [...before, opens(2, 0, 1), opens(2, 1, 0), took(2, 0, 1)]
    expect(messages(completion, [...since, took(2, 1, 0), completed(2)])).toEqual([])
    expect(messages(completion, [...since, completed(2), took(3, 1, 0)])).toEqual([
      'checkpoint 2 completed without Count (1): no snapshot before it',
    ])
    // Without a change of the parallelism it was to take part from the first on.
    expect(messages(completion, [created, opens(2, 0, 0), took(1, 0, 0), completed(1), opens(2, 1, 0), took(2, 1, 0)])).toEqual([
      'checkpoint 1 completed without Count (1): no snapshot before it',
    ])
  })
})

describe('a job that goes on with fewer subtasks', () => {
  const before = [created, opens(2, 0, 0), opens(2, 1, 0), took(1, 0, 0), took(1, 1, 0), completed(1)]

  it('owes no part of those that it has no longer, and takes them back when they return', () => {
    const fewer = [...before, opens(1, 0, 1), took(2, 0, 1), completed(2)]
    expect(messages(completion, fewer)).toEqual([])
    const again = [...fewer, opens(2, 0, 2), opens(2, 1, 1), took(3, 0, 2)]
    expect(messages(completion, [...again, took(3, 1, 1), completed(3)])).toEqual([])
    expect(messages(completion, [...again, completed(3)])).toEqual(['checkpoint 3 completed without Count (1): no snapshot before it'])
  })

  it('takes back what they did since the checkpoint', () => {
    const apply = (id: string): HistoryFact => ({ kind: 'state-apply', id, key: 'k', ...at('Count', 1, 0) })
    const timeline = createTimeline(SMALL_JOB)
    const chosen: HistoryFact = { kind: 'restore-chosen', checkpoint: 1 }
    const facts = [created, apply('x'), took(1, 0, 0), took(1, 1, 0), apply('y'), chosen, opens(1, 0, 1, [])]
    for (const event of events(facts)) take(TIMELINE_STEPS, timeline, event)
    expect(lanesOf(timeline, 'Count').lanes[1]?.applied.ids).toEqual(['x'])
  })

  describe('and whose old subtask writes on', () => {
    const apply = (id: string, attempt: number): HistoryFact => ({ kind: 'state-apply', id, key: 'k', ...at('Count', 1, attempt) })
    const lost: HistoryFact = { kind: 'process-crashed', process: 'taskmanager 1', incarnation: 0 }
    const chosen: HistoryFact = { kind: 'restore-chosen', checkpoint: 1 }
    const goesOn = [chosen, opens(1, 0, 1, []), apply('late', 0)]
    const applied = (facts: readonly HistoryFact[]): unknown => {
      const timeline = createTimeline(SMALL_JOB)
      for (const event of events(facts)) take(TIMELINE_STEPS, timeline, event)
      return lanesOf(timeline, 'Count').lanes[1]?.applied.ids
    }

    it('counts nothing of it, which a lost TaskManager explains', () => {
      expect(applied([...before, lost, ...goesOn])).toEqual([])
      expect(messages(attempts, [...before, lost, ...goesOn])).toEqual([])
      expect(applied([...before, ...goesOn])).toEqual([])
      expect(messages(attempts, [...before, ...goesOn])).toEqual(['an attempt went on after its successor had been initialised: 1 events'])
    })

    it('counts what the subtask does when it returns, and what a new job does', () => {
      const again = [...before, lost, ...goesOn, opens(2, 1, 0), chosen, opens(2, 0, 2), opens(2, 1, 1), apply('x', 1), apply('later', 0)]
      expect(applied(again)).toEqual(['x'])
      expect(messages(attempts, again)).toEqual([])
      expect(applied([...before, lost, ...goesOn, { kind: 'job-status', status: 'CREATED', job: 'k' }, apply('x', 0)])).toEqual(['x'])
    })
  })
})
