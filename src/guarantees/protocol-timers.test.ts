import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import type { Oracle } from './oracle.js'
import { timers } from './protocol-timers.js'
import { watermarks } from './protocol-watermarks.js'
import { take } from './steps.js'

type Action = Extract<HistoryFact, { kind: 'timer' }>['action']

const where = (attempt: number) => at('Window', 0, attempt)
const late = (until: number, watermark?: number): HistoryFact => {
  const fact = { kind: 'record-ended', id: 1, why: 'late', until, ...at('Window', 0, 0) } as const
  return watermark === undefined ? fact : { ...fact, watermark }
}

const timer = (action: Action, time: number, attempt = 0, watermark?: number): HistoryFact => {
  const fact = { kind: 'timer', action, key: 'a', namespace: 0, at: time, ...where(attempt) } as const
  return watermark === undefined ? fact : { ...fact, watermark }
}
const snapshot = (checkpoint: number, attempt = 0): HistoryFact => ({ kind: 'snapshot-taken', checkpoint, ...where(attempt) })
const restore = (attempt: number, checkpoint?: number): HistoryFact =>
  checkpoint === undefined ? { kind: 'restore', ...where(attempt) } : { kind: 'restore', checkpoint, ...where(attempt) }
const end = (attempt: number): HistoryFact => ({ kind: 'end-of-input', ...where(attempt) })
const created: HistoryFact = { kind: 'job-status', status: 'CREATED' }

function messages<S>(oracle: Oracle<S>, facts: readonly HistoryFact[]): string[] {
  const state = oracle.init(SMALL_JOB)
  for (const event of events(facts)) take(oracle.step, state, event)
  return oracle.verdict(state).findings.map(({ rule, message }) => `${rule}: ${message}`)
}

describe('a timer', () => {
  const none = 'timer-fires-once: a timer of Window (0) attempt 0 for 9 µs under key a fires, and none is registered'

  it.each<[string, HistoryFact[], string[]]>([
    ['fires once', [timer('registered', 9), timer('fired', 9), end(0)], []],
    ['may be registered again', [timer('registered', 9), timer('fired', 9), timer('registered', 9), timer('fired', 9), end(0)], []],
    ['fires twice', [timer('registered', 9), timer('fired', 9), timer('fired', 9)], [none]],
    ['was deleted', [timer('registered', 9), timer('deleted', 9), timer('fired', 9)], [none]],
    [
      'never fires',
      [timer('registered', 9), end(0)],
      ['timer-fires-once: 1 timers of Window (0) attempt 0 have not fired at the end of its input'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(messages(timers, facts)).toEqual(expected)
  })

  const registered = [timer('registered', 5), snapshot(1), timer('registered', 9), timer('fired', 5)]
  it.each<[string, HistoryFact[], number]>([
    ['is restored with its checkpoint', [...registered, restore(1, 1), timer('fired', 5, 1), end(1)], 0],
    ['is lost by a restore', [...registered, restore(1, 1), end(1)], 1],
    ['comes back although its checkpoint did not hold it', [...registered, restore(1, 1), timer('fired', 5, 1), timer('fired', 9, 1)], 1],
    ['comes back from nothing', [...registered, restore(1), timer('fired', 5, 1)], 1],
    ['of an attempt that was superseded does not count', [...registered, restore(1), timer('fired', 9), timer('fired', 9), end(1)], 0],
    ['of a snapshot that nobody saw cannot be judged', [restore(1, 7), timer('fired', 5, 1), end(1)], 0],
    ['of a new job begins anew', [created, timer('registered', 5, 3), created, timer('fired', 5)], 1],
  ])('%s', (_, facts, count) => {
    expect(messages(timers, facts)).toHaveLength(count)
  })
})

describe('timers of a new job with another parallelism', () => {
  const named = (name: string, action: Action, subtask: number, time: number): HistoryFact => ({
    kind: 'timer',
    action,
    key: name,
    namespace: 0,
    at: time,
    ...at('Window', subtask, 0),
  })
  const before: HistoryFact[] = [
    created,
    named('a', 'registered', 0, 5),
    named('b', 'registered', 1, 7),
    ...[0, 1].map((subtask): HistoryFact => ({ kind: 'snapshot-taken', checkpoint: 1, ...at('Window', subtask, 0) })),
    created,
  ]
  const given = (subtask: number, ...names: string[]): HistoryFact => ({
    kind: 'restore',
    checkpoint: 1,
    content: { timers: names },
    ...at('Window', subtask, 0),
  })
  const ends = (...subtasks: number[]): HistoryFact[] => [
    ...subtasks.map((subtask): HistoryFact => ({ kind: 'end-of-input', ...at('Window', subtask, 0) })),
    { kind: 'job-status', status: 'FINISHED' },
  ]
  const fired = [named('a', 'fired', 0, 5), named('b', 'fired', 0, 7)]

  it.each<[string, HistoryFact[], string[]]>([
    ['go to one of its subtasks each', [given(0, 'a@0#5', 'b@0#7'), ...fired, ...ends(0)], []],
    [
      'are not given to two',
      [given(0, 'a@0#5', 'b@0#7'), given(1, 'b@0#7'), ...fired, named('b', 'fired', 1, 7), ...ends(0, 1)],
      ['timer-fires-once: Window (1) attempt 0 restored from checkpoint 1 the timer b@0#7, which another subtask has restored, too'],
    ],
    [
      'are all given',
      [given(0, 'a@0#5'), named('a', 'fired', 0, 5), ...ends(0)],
      ['timer-fires-once: 1 timers of Window in checkpoint 1 were restored by no subtask of the new job'],
    ],
    [
      'are those of the checkpoint',
      [given(0, 'a@0#5', 'b@0#7', 'c@0#9'), ...fired, named('c', 'fired', 0, 9), ...ends(0)],
      ['timer-fires-once: Window (0) attempt 0 restored from checkpoint 1 the timer c@0#9, which no snapshot of it holds'],
    ],
    ['are not called lost before the job has finished', [given(0, 'a@0#5')], []],
    [
      'fire where they were given',
      [given(0, 'a@0#5'), given(1, 'b@0#7'), ...fired.slice(0, 1), ...ends(0, 1)],
      ['timer-fires-once: 1 timers of Window (1) attempt 0 have not fired at the end of its input'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(messages(timers, [...before, ...facts])).toEqual(expected)
  })
})

describe('a watermark', () => {
  it.each<[string, HistoryFact[], string[]]>([
    ['rises', [timer('fired', 5, 0, 6), timer('fired', 4, 0, 6), timer('fired', 9, 0, 9)], []],
    ['begins anew with an attempt', [timer('fired', 5, 0, 6), timer('fired', 4, 1, 4)], []],
    ['begins anew with a job', [created, timer('fired', 5, 0, 6), created, timer('fired', 4, 0, 4)], []],
    [
      'falls',
      [timer('fired', 5, 0, 6), timer('fired', 4, 0, 5)],
      ['watermark-never-falls: the watermark of Window (0) attempt 0 falls from 6 to 5'],
    ],
    [
      'has not come yet',
      [timer('fired', 7, 0, 6)],
      ['timer-waits-for-watermark: a timer of Window (0) attempt 0 for 7 µs under key a fires at watermark 6'],
    ],
    ['has made a record late', [late(7, 7), late(7)], []],
    [
      'has not made a record late',
      [late(7, 6)],
      ['late-behind-its-window: Window (0) attempt 0 calls a record late whose window is open until 7 µs, at watermark 6'],
    ],
  ])('%s', (_, facts, expected) => {
    expect(messages(watermarks, facts)).toEqual(expected)
  })
})
