import { describe, expect, it } from 'vitest'
import { importRecording } from './import-recording.js'

type Line = Record<string, unknown> & { ev: string }

const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 1 }
const runs: Line = { ev: 'job_state', job: 'j1', from: 'CREATED', to: 'RUNNING' }
const chosen: Line = { ev: 'log', msg: 'Restoring job j1 from Checkpoint 3 @ 1 for j1 located at file:/x/chk-3.' }
const task = (to: string, att = 0): Line => ({ ev: 'task_state', task: 'Source: Src -> Map', sub: 0, par: 1, att, from: 'x', to })
const start = (inc: number, splits = '[]'): Line => ({ ev: 'reader_start', op: 'Src', sub: 0, inc, splits })
const add = (inc: number): Line => ({ ev: 'reader_add', op: 'Src', sub: 0, inc, splits: '[0@0]' })
const emit = (inc: number): Line => ({ ev: 'emit', op: 'Src', sub: 0, inc, id: `0:${inc}`, key: 0 })
const ends = (inc: number): Line[] => [
  { ev: 'reader_end', op: 'Src', sub: 0, inc },
  { ev: 'close', op: 'Src', sub: 0, inc },
]

/** What the readers do, with the attempts that it is told of. */
function told(...lines: Line[]): string[] {
  const all = [submit, runs, ...lines, { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }]
  const text = all.map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`).join('')
  return importRecording(text, { scenario: 'test' }).events.flatMap((event) =>
    'attempt' in event && event.kind !== 'task-status' ? [`${event.kind} ${String(event.attempt)}`] : [],
  )
}

describe('the readers of a hybrid source', () => {
  const first = [task('RUNNING'), start(1), add(1), emit(1), ...ends(1)]

  it('are of one attempt, whose end is that of the last', () => {
    expect(told(...first, start(2), add(2), emit(2), ...ends(2), task('FINISHED'))).toEqual([
      ...['restore 0', 'split-added 0', 'source-emit 0'],
      ...['restore 0', 'split-added 0', 'source-emit 0', 'end-of-input 0', 'closed 0'],
    ])
  })

  it('restore the checkpoint with the first of them', () => {
    const text = [submit, chosen, runs, task('RUNNING'), start(1), start(2)]
      .concat({ ev: 'job_end', nth: 1, status: 'SUCCEEDED' })
      .map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`)
    const { events } = importRecording(text.join(''), { scenario: 'test' })
    expect(events.flatMap((event) => (event.kind === 'restore' ? [event.checkpoint] : []))).toEqual([3, undefined])
  })

  it('are of another attempt once the task has ended, the graph was made anew, or nobody tells whether it has', () => {
    const second = ['end-of-input 0', 'closed 0', 'restore 1']
    expect(told(...first, task('CANCELED'), start(2)).slice(-3)).toEqual(second)
    expect(told(...first, task('FAILED'), start(2)).slice(-3)).toEqual(second)
    expect(told(...first, runs, start(2)).slice(-3)).toEqual(second)
    expect(told(...first.slice(1), start(2)).slice(-3)).toEqual(second)
    expect(told({ ...task('RUNNING'), task: 'Source: Other' }, ...first.slice(1), start(2)).slice(-3)).toEqual(second)
  })

  describe('that begin again in splits of the same names', () => {
    const shared = (...lines: Line[]): boolean => {
      const all = [submit, runs, ...lines, { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }]
      const text = all.map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`).join('')
      const { operators } = importRecording(text, { scenario: 'test' }).header
      return operators.some(({ sharedIdentities }) => sharedIdentities === true)
    }
    const again = (inc: number, offset = 1): Line => ({ ...emit(inc), id: `0:${offset}` })

    it('give several records one identity', () => {
      expect(shared(...first, start(2), add(2))).toBe(true)
      expect(shared(...first, start(2), again(2))).toBe(true)
      expect(shared(...first, start(2), { ...add(2), splits: '[1@0]' }, again(2, 2))).toBe(false)
    })

    it('do so in attempts behind another one, too, unless it is the same reader that reads them again', () => {
      const failed = [...first, task('FAILED'), task('RUNNING', 1), start(2)]
      expect(shared(...first.slice(0, 4), again(1), task('FAILED'), task('RUNNING', 1), start(2), again(2))).toBe(false)
      expect(shared(...first, start(2), task('FAILED'), task('RUNNING', 1), start(3), again(3), start(4), again(4, 0))).toBe(true)
      expect(shared(...failed, again(2))).toBe(false)
      const third = [...first, start(2), again(2, 8), start(3), task('FAILED'), task('RUNNING', 1), start(4), start(5), again(5, 8)]
      expect(shared(...third)).toBe(false)
      const last = [...first, start(2), again(2, 8), task('FAILED'), task('RUNNING', 1), start(3), start(4), start(5), again(5, 8)]
      expect(shared(...last)).toBe(false)
    })

    it('are known by what they begin with: a word of another one is none', () => {
      const word: Line = { ev: 'notify_abort', op: 'Src', sub: 0, inc: 2, cp: 1 }
      expect(shared(...first.slice(0, 4), again(1), word, task('FAILED'), task('RUNNING', 1), start(2), again(2))).toBe(false)
    })
  })
})
