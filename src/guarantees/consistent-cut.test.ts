import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { consistentCut } from './consistent-cut.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { take } from './steps.js'

/** The source sends a record before the barrier of checkpoint 1 and one behind it; the operator has taken in the first. */
const taken: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'CREATED', job: 'j' },
  { kind: 'source-emit', ...at('Src', 0, 0), id: '0:0', split: '0', offset: 0, key: 'a' },
  { kind: 'snapshot-taken', ...at('Src', 0, 0), checkpoint: 1 },
  { kind: 'state-apply', ...at('Count', 0, 0), id: '0:0', key: 'a', count: 1 },
  { kind: 'snapshot-taken', ...at('Count', 0, 0), checkpoint: 1 },
  { kind: 'source-emit', ...at('Src', 0, 0), id: '0:1', split: '0', offset: 1, key: 'a' },
]
const completed: HistoryFact = { kind: 'checkpoint-completed', checkpoint: 1 }
const restartsEmpty = (vertex: string): HistoryFact => ({ kind: 'restore', ...at(vertex, 0, 1) })

const verdictOf = (...facts: HistoryFact[]): string => {
  const header = { ...SMALL_JOB, operators: SMALL_JOB.operators.filter(({ name }) => name === 'Src' || name === 'Count') }
  const state = consistentCut.init(header)
  for (const event of events(facts)) take(consistentCut.step, state, event)
  return consistentCut.verdict(state).verdict
}

describe('the cut of a checkpoint that the store tells late', () => {
  it('is compared where the snapshots still count', () => {
    expect(verdictOf(...taken, completed)).toBe('holds')
    const lost = taken.filter(({ kind }) => kind !== 'state-apply')
    expect(verdictOf(...lost, completed)).toBe('violated')
  })

  it('is not known while a recovery that restores nothing takes the snapshots back, one subtask after the other', () => {
    expect(verdictOf(...taken, restartsEmpty('Src'), completed)).toBe('undecided')
    expect(verdictOf(...taken, restartsEmpty('Count'), completed)).toBe('undecided')
  })
})
