import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

const HEADER: HistoryHeader = {
  ...SMALL_JOB,
  operators: SMALL_JOB.operators.map((each) => (each.name === 'Src' ? { ...each, parallelism: 2 } : each)),
}

const BEGUN: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'CREATED', job: 'j1' },
  { kind: 'job-status', status: 'RUNNING', job: 'j1' },
  { kind: 'restore-chosen' },
  { kind: 'restore', ...at('Src', 0, 0), content: { offsets: [] } },
  { kind: 'restore', ...at('Src', 1, 0), content: { offsets: [] } },
]

const assigned = (subtask: number, offset = 0): HistoryFact => ({ kind: 'split-assigned', vertex: 'Src', subtask, split: '0', offset })
const returned = (subtask: number): HistoryFact => ({ kind: 'split-returned', vertex: 'Src', subtask, split: '0', offset: 0 })
const added = (subtask: number, attempt = 0, offset = 0): HistoryFact => ({
  kind: 'split-added',
  ...at('Src', subtask, attempt),
  split: '0',
  offset,
})
const RECOVERED: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'RESTARTING', job: 'j1' },
  { kind: 'restore-chosen', checkpoint: 1 },
]
const restored = (subtask: number, ...offsets: (readonly [string, number])[]): HistoryFact => ({
  kind: 'restore',
  ...at('Src', subtask, 1),
  checkpoint: 1,
  content: { offsets },
})

function twice(...facts: readonly HistoryFact[]): number[][] {
  return judge(HEADER, events([...BEGUN, ...facts]))
    .protocol.filter(({ rule }) => rule === 'split-has-one-reader')
    .map(({ evidence }) => [...evidence])
}

describe('a split', () => {
  it('is not given to a reader that holds it, be it from its state', () => {
    expect(twice(assigned(0), added(0), added(0))).toEqual([[7, 8]])
    expect(twice(assigned(0), added(0), ...RECOVERED, restored(0, ['0', 3]), added(0, 1))).toEqual([[10, 11]])
  })

  it('is not given to a second reader', () => {
    expect(twice(assigned(0), added(0), assigned(1), added(1))).toEqual([[7, 9]])
  })

  it('is given again once the coordinator has it back, and where the state of a reader does not hold it', () => {
    expect(twice(assigned(0), added(0), returned(0), assigned(1), added(1))).toEqual([])
    expect(twice(assigned(0), added(0), ...RECOVERED, restored(0), assigned(0), added(0, 1))).toEqual([])
  })

  it('is given again to the reader that takes the place of the one that held it', () => {
    const begins: HistoryFact = { kind: 'restore', ...at('Src', 0, 0), content: { offsets: [] } }
    expect(twice(assigned(0), added(0), begins, assigned(0), added(0))).toEqual([])
    expect(twice(assigned(0), added(0), { ...begins, subtask: 1 }, assigned(0), added(0))).toEqual([[7, 10]])
  })

  it('may be given to a reader that has been given up, and that does not know it', () => {
    expect(twice(assigned(0), ...RECOVERED, restored(1, ['0', 3]), added(0))).toEqual([])
    expect(twice(assigned(0), ...RECOVERED, restored(0, ['0', 3]), added(0))).toEqual([])
  })

  it('begins anew with every job', () => {
    expect(twice(assigned(0), added(0), { kind: 'job-status', status: 'CREATED', job: 'j2' }, assigned(0), added(0))).toEqual([])
  })
})
