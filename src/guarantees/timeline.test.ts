import { describe, expect, it } from 'vitest'
import type { HistoryFact, RecordId } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { createTimeline, lanesOf, TIMELINE_STEPS, type Timeline } from './timeline.js'
import { take } from './steps.js'

function timelineOf(facts: readonly HistoryFact[]): Timeline {
  const timeline = createTimeline(SMALL_JOB)
  for (const event of events(facts)) take(TIMELINE_STEPS, timeline, event)
  return timeline
}

const absorbed = (timeline: Timeline): RecordId[][] => lanesOf(timeline, 'Count').lanes.map((lane) => lane.applied.ids)
const emit = (offset: number, attempt: number): HistoryFact => ({
  kind: 'source-emit',
  ...at('Src', 0, attempt),
  id: `0:${String(offset)}`,
  split: '0',
  offset,
})
const apply = (id: string, subtask: number, attempt: number): HistoryFact => ({
  kind: 'state-apply',
  ...at('Count', subtask, attempt),
  id,
  key: 'k',
})
const snapshot = (vertex: string, subtask: number, attempt: number, checkpoint: number): HistoryFact => ({
  kind: 'snapshot-taken',
  ...at(vertex, subtask, attempt),
  checkpoint,
})
const restore = (vertex: string, subtask: number, attempt: number, checkpoint?: number): HistoryFact => ({
  kind: 'restore',
  ...at(vertex, subtask, attempt),
  ...(checkpoint === undefined ? {} : { checkpoint }),
})
const created = (job: string): HistoryFact => ({ kind: 'job-status', status: 'CREATED', job })

describe('what an attempt does behind its successor', () => {
  const before = [created('j'), apply('a', 0, 0), snapshot('Count', 0, 0, 1)]
  const crash: HistoryFact = { kind: 'process-crashed', process: 'taskmanager', incarnation: 0 }
  const fenced = (...facts: HistoryFact[]): number[] => timelineOf([...before, ...facts]).fenced
  const behind = [restore('Count', 0, 1, 1), apply('b', 0, 0)]

  it('is allowed when its TaskManager or its JobManager had been lost', () => {
    expect(fenced(crash, ...behind)).toEqual([])
    expect(fenced({ kind: 'fault', fault: 'taskmanager-shutdown', point: 'tm_kill', target: 'taskmanager' }, ...behind)).toEqual([])
    expect(fenced({ kind: 'job-status', status: 'SUSPENDED', job: 'j' }, ...behind)).toEqual([])
  })

  it('is not allowed otherwise: nothing was lost, or only before it began, or since its successor did', () => {
    expect(fenced(...behind)).toEqual([5])
    expect(fenced({ kind: 'fault', fault: 'task-exception', point: 'process', target: 'subtask 0' }, ...behind)).toEqual([6])
    expect(fenced(crash, restore('Count', 0, 1, 1), restore('Count', 0, 2, 1), apply('b', 0, 1))).toEqual([7])
    expect(fenced(restore('Count', 0, 1, 1), crash, apply('b', 0, 0))).toEqual([6])
    expect(fenced(crash, restore('Count', 0, 1, 1), created('k'), restore('Count', 0, 1, 1), apply('b', 0, 0))).toEqual([8])
  })
})

describe('surviving timeline', () => {
  it('rolls a subtask back to the snapshot it is restored from', () => {
    const timeline = timelineOf([
      created('j'),
      apply('a', 0, 0),
      snapshot('Count', 0, 0, 1),
      apply('b', 0, 0),
      restore('Count', 0, 1, 1),
      apply('c', 0, 1),
    ])
    expect(absorbed(timeline)).toEqual([['a', 'c']])
  })

  it('empties a subtask that starts without a checkpoint', () => {
    const timeline = timelineOf([created('j'), apply('a', 0, 0), restore('Count', 0, 1), apply('b', 0, 1)])
    expect(absorbed(timeline)).toEqual([['b']])
  })

  it('leaves the regions alone that did not fail', () => {
    const timeline = timelineOf([
      created('j'),
      apply('a', 0, 0),
      apply('b', 1, 0),
      snapshot('Count', 0, 0, 1),
      snapshot('Count', 1, 0, 1),
      apply('c', 0, 0),
      apply('d', 1, 0),
      restore('Count', 0, 1, 1),
      apply('e', 1, 0),
    ])
    expect(absorbed(timeline)).toEqual([['a'], ['b', 'd', 'e']])
  })

  it('does not count what an attempt does after its successor was initialised', () => {
    const timeline = timelineOf([created('j'), apply('a', 0, 0), snapshot('Count', 0, 0, 1), restore('Count', 0, 1, 1), apply('b', 0, 0)])
    expect(absorbed(timeline)).toEqual([['a']])
    expect(timeline.fenced).toEqual([5])
  })

  it('takes a snapshot of a superseded attempt for nothing', () => {
    const timeline = timelineOf([
      created('j'),
      apply('a', 0, 0),
      snapshot('Count', 0, 0, 1),
      restore('Count', 0, 1, 1),
      snapshot('Count', 0, 0, 2),
      apply('b', 0, 1),
      restore('Count', 0, 2, 1),
    ])
    expect(absorbed(timeline)).toEqual([['a']])
  })

  it('rolls every subtask back when a new job starts, also one that the new job no longer has', () => {
    const timeline = timelineOf([
      created('j1'),
      apply('a', 0, 0),
      apply('b', 1, 0),
      snapshot('Count', 0, 0, 3),
      snapshot('Count', 1, 0, 3),
      apply('c', 0, 0),
      apply('d', 1, 0),
      created('j2'),
      { kind: 'restore-chosen', checkpoint: 3, path: 'savepoint' },
      restore('Count', 0, 0, 3),
      apply('e', 0, 0),
    ])
    expect(absorbed(timeline)).toEqual([['a', 'e'], ['b']])
  })

  it('lets a subtask go on in a new job that had ended in the one before, and takes back what it does there', () => {
    const before = [
      created('j1'),
      apply('1', 0, 0),
      snapshot('Count', 0, 0, 1),
      { kind: 'end-of-input', ...at('Count', 0, 0) } as const,
      apply('2', 1, 0),
      snapshot('Count', 1, 0, 1),
      snapshot('Count', 1, 0, 2),
      created('j2'),
      restore('Count', 0, 0, 2),
      apply('3', 0, 0),
    ]
    expect(absorbed(timelineOf(before))).toEqual([['1', '3'], ['2']])
    expect(absorbed(timelineOf([...before, restore('Count', 0, 1, 2)]))).toEqual([['1'], ['2']])
  })

  it('empties everything when a new job starts from nothing, although ids and attempts repeat', () => {
    const timeline = timelineOf([
      created('j1'),
      apply('a', 0, 0),
      snapshot('Count', 0, 0, 1),
      created('j2'),
      restore('Count', 0, 0),
      apply('b', 0, 0),
      snapshot('Count', 0, 0, 1),
      restore('Count', 0, 1, 1),
    ])
    expect(absorbed(timeline)).toEqual([['b']])
  })

  it('goes on with the same job when the JobManager comes back', () => {
    const timeline = timelineOf([created('j'), apply('a', 0, 0), created('j'), apply('b', 0, 0)])
    expect(absorbed(timeline)).toEqual([['a', 'b']])
  })

  it('keeps what a source emitted and lost again, and counts it as replayed', () => {
    const timeline = timelineOf([
      created('j'),
      emit(0, 0),
      snapshot('Src', 0, 0, 1),
      emit(1, 0),
      emit(2, 0),
      restore('Src', 0, 1, 1),
      emit(1, 1),
    ])
    const { lanes, takenBack } = lanesOf(timeline, 'Src')
    expect(lanes[0]?.emitted.ids).toEqual(['0:0', '0:1'])
    expect(takenBack.ids).toEqual(['0:1', '0:2'])
    expect(timeline.replayed).toBe(2)
  })

  it('keeps the whole lane of a subtask that had ended before the checkpoint', () => {
    const timeline = timelineOf([
      created('j'),
      apply('a', 0, 0),
      snapshot('Count', 0, 0, 1),
      apply('b', 0, 0),
      { kind: 'end-of-input', ...at('Count', 0, 0) },
      restore('Count', 0, 1, 5),
    ])
    expect(absorbed(timeline)).toEqual([['a', 'b']])
  })
})
