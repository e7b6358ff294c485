import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { foundBy, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'

const allowing = (value: string, header = SMALL_JOB): HistoryHeader => ({
  ...header,
  configuration: { 'execution.checkpointing.max-concurrent-checkpoints': value },
})
const triggered = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-triggered', checkpoint })
const savepoint = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-triggered', checkpoint, savepoint: true })
const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
const aborted = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-aborted', checkpoint, reason: 'expired' })
const status = (to: 'RUNNING' | 'SUSPENDED'): HistoryFact => ({ kind: 'job-status', status: to, job: 'j1' })

/** The events that prove each checkpoint to be one too many. */
function tooMany(header: HistoryHeader, ...facts: readonly HistoryFact[]): (readonly number[])[] {
  return foundBy('max-concurrent', header, facts).map(({ evidence }) => evidence)
}

describe('checkpoints that are pending at once', () => {
  it('are no more than may be', () => {
    expect(tooMany(allowing('1'), triggered(1), triggered(2), completed(1))).toEqual([[1, 2]])
    expect(tooMany(allowing('1'), triggered(1), triggered(2), aborted(1))).toEqual([[1, 2]])
    expect(tooMany(allowing('1'), triggered(1), completed(1), triggered(2), aborted(2), triggered(3), completed(3))).toEqual([])
    expect(tooMany(allowing('2'), triggered(1), triggered(2), triggered(3), completed(2), completed(3))).toEqual([])
    expect(tooMany(allowing('2'), triggered(1), triggered(2), triggered(3), completed(1), completed(2))).toEqual([[1, 2, 3]])
  })

  it('are counted with savepoints, which may be forced themselves', () => {
    expect(tooMany(allowing('1'), savepoint(1), triggered(2), completed(1))).toEqual([[1, 2]])
    expect(tooMany(allowing('1'), triggered(1), savepoint(2), completed(1), completed(2))).toEqual([])
  })

  it('are counted only while it is sure that they are: their outcome is told, by the same coordinator', () => {
    expect(tooMany(allowing('1'), triggered(1), triggered(2), completed(2))).toEqual([])
    expect(tooMany(allowing('1'), triggered(1), status('SUSPENDED'), status('RUNNING'), triggered(2), aborted(1))).toEqual([])
  })

  it('are not judged where nobody tells how many may be, or who is told of an outcome late', () => {
    expect(tooMany(SMALL_JOB, triggered(1), triggered(2), completed(1))).toEqual([])
    for (const value of ['many', '0', '1.5']) expect(tooMany(allowing(value), triggered(1), triggered(2), completed(1))).toEqual([])
    expect(tooMany(allowing('1', SIMULATED_JOB), triggered(1), triggered(2), completed(1))).toEqual([])
  })
})
