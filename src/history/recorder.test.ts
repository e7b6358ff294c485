import { describe, expect, it } from 'vitest'
import { type HistoryEvent, HistoryRecorder } from './index.js'

describe('the recorder', () => {
  it('gives every fact its place and passes it on', () => {
    const heard: HistoryEvent[] = []
    const recorder = new HistoryRecorder({ listeners: [(event) => heard.push(event)] })
    recorder.take?.({ kind: 'restart', restarts: 1 } as { kind: string }, 10)
    recorder.add({ kind: 'job-status', status: 'FINISHED' }, 12)
    expect(recorder.events).toEqual([
      { seq: 1, t: 10, kind: 'restart', restarts: 1 },
      { seq: 2, t: 12, kind: 'job-status', status: 'FINISHED' },
    ])
    expect(heard).toEqual(recorder.events)
  })

  it('goes on from the history of a run that it forks', () => {
    const recorder = new HistoryRecorder({ after: 7 })
    expect(recorder.add({ kind: 'restart', restarts: 1 }, 10)).toBe(8)
    expect(recorder.events).toEqual([{ seq: 8, t: 10, kind: 'restart', restarts: 1 }])
  })

  it('takes nothing when nobody would see it', () => {
    expect(new HistoryRecorder({ keep: false }).take).toBeUndefined()
    expect(new HistoryRecorder({ keep: false, listeners: [() => {}] }).take).toBeDefined()
    expect(new HistoryRecorder().take).toBeDefined()
  })

  it('refuses a fact that no history knows', () => {
    expect(() => new HistoryRecorder().take?.({ kind: 'weather' }, 0)).toThrow(/weather/)
  })
})
