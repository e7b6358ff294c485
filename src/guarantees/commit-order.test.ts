import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

const prepared = (transaction: string, subtask: number, checkpoint: number): HistoryFact[] => [
  { kind: 'transaction-begun', ...at('Sink', subtask, 0), transaction },
  { kind: 'pre-commit', ...at('Sink', subtask, 0), transaction, checkpoint },
]
const asked = (transaction: string, attempt = 0): HistoryFact => ({ kind: 'commit-requested', ...at('Committer', 0, attempt), transaction })

/** What is said of these requests, in this order. */
function said(...requests: HistoryFact[]): string[] {
  const facts = [...prepared('old', 0, 1), ...prepared('twin', 0, 1), ...prepared('new', 0, 2), ...prepared('other', 1, 1), ...requests]
  const { protocol } = judge(SMALL_JOB, events(facts))
  return protocol.flatMap(({ rule, message }) => (rule === 'commit-order' ? [message] : []))
}

describe('the order of commits', () => {
  it('is that of the checkpoints, for one attempt of a committer and one writer', () => {
    expect(said(asked('old'), asked('new'))).toEqual([])
    expect(said(asked('new'), asked('old'))).toEqual(['old of checkpoint 1 was committed after new of checkpoint 2'])
    expect(said(asked('old'), asked('new'), asked('twin'))).toEqual(['twin of checkpoint 1 was committed after new of checkpoint 2'])
    expect(said(asked('new'), asked('other'))).toEqual([])
    expect(said(asked('new'), asked('old', 1))).toEqual([])
  })

  it('is that of each job for itself', () => {
    const next: HistoryFact = { kind: 'job-status', status: 'CREATED', job: 'next' }
    expect(said(next, asked('new'), asked('old'))).toHaveLength(1)
    expect(said(asked('new'), next, asked('old'))).toEqual([])
  })

  it('is not broken by what is asked for once more', () => {
    expect(said(asked('old'), asked('new'), asked('old'))).toEqual([])
    expect(said(asked('new'), asked('old'), asked('old'))).toHaveLength(1)
  })
})
