import { describe, expect, it } from 'vitest'
import type { HistoryFact, JobStatus } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { leakedTransactions } from './leaked-transactions.js'
import { take } from './steps.js'

const status = (name: JobStatus): HistoryFact => ({ kind: 'job-status', status: name })
const opened = (attempt: number): HistoryFact => ({ kind: 'restore', ...at('Sink', 0, attempt) })
const begun = (name: string, attempt = 0): HistoryFact => ({ kind: 'transaction-begun', transaction: name, ...at('Sink', 0, attempt) })
const committed = (name: string, result: 'applied' | 'already' | 'unknown' = 'applied'): HistoryFact => ({
  kind: 'commit',
  transaction: name,
  result,
  ...at('Committer', 0, 0),
})
const aborted = (name: string): HistoryFact => ({ kind: 'abort', transaction: name, why: 'close', ...at('Sink', 0, 0) })
const crash: HistoryFact = { kind: 'process-crashed', process: 'TaskManager-0', incarnation: 1 }

function found(
  facts: readonly HistoryFact[],
  point: 'external-store' | 'read_committed' | 'finished-files' = 'external-store',
  timeoutMs = 0,
) {
  const operators = SMALL_JOB.operators.map((each) => (each.name === 'Sink' ? { ...each, observed: [point] } : each))
  const configuration = { ...SMALL_JOB.configuration, ...(timeoutMs > 0 && { 'transaction.timeout.ms': String(timeoutMs) }) }
  const state = leakedTransactions.init({ ...SMALL_JOB, operators, configuration, watchedUs: 500_000 })
  for (const event of events([status('RUNNING'), opened(0), ...facts])) take(leakedTransactions.step, state, event)
  return leakedTransactions.verdict(state).findings.map(({ anomaly, rule, message }) => ({ anomaly, rule, message }))
}

describe('transactions that stay open', () => {
  it('are none where each is committed or aborted', () => {
    expect(
      found([begun('a'), committed('a'), begun('b'), aborted('b'), begun('c'), committed('c', 'already'), status('FINISHED')]),
    ).toEqual([])
  })

  it('are those that nobody ended', () => {
    expect(found([begun('a'), committed('a', 'unknown'), status('FINISHED')])).toEqual([
      {
        anomaly: 'leaked',
        rule: 'no-open-transactions',
        message: 'the job is FINISHED, and a, which Sink (0) attempt 0 began, is still open',
      },
    ])
    expect(found([begun('a'), aborted('a'), begun('a'), begun('b'), status('FINISHED')])[0]?.message).toContain('and 1 more are still open')
  })

  it('are those that a successor of a dead attempt has not aborted, and not those that a zombie begins behind it', () => {
    expect(found([begun('a'), crash, opened(1), status('FINISHED')])).toHaveLength(1)
    expect(found([begun('a'), crash, opened(1), aborted('a'), status('FINISHED')])).toEqual([])
    expect(found([crash, opened(1), begun('a', 0), status('FINISHED')])).toEqual([])
    expect(found([crash, opened(1), begun('a', 0), crash, opened(2), status('FINISHED')])).toEqual([])
  })

  it('are not those begun behind a checkpoint that was passed over, and that the successor restores', () => {
    const triggered: HistoryFact = { kind: 'checkpoint-triggered', checkpoint: 3 }
    const from = (attempt: number, checkpoint: number): HistoryFact => ({ kind: 'restore', checkpoint, ...at('Sink', 0, attempt) })
    const ended = (...facts: readonly HistoryFact[]) => found([...facts, status('FINISHED')])
    expect(ended(triggered, crash, from(1, 2), begun('a', 1), crash, from(2, 3))).toEqual([])
    const later: HistoryFact = { kind: 'checkpoint-triggered', checkpoint: 4 }
    expect(ended(triggered, crash, from(1, 2), begun('a', 1), crash, from(2, 3), later, crash, from(3, 4))).toEqual([])
    expect(ended(triggered, crash, from(1, 2), begun('a', 1), crash, from(2, 2))).toHaveLength(1)
    // Both restore the same checkpoint, and the second looks for all that the first may have left.
    expect(ended(triggered, crash, from(1, 3), begun('a', 1), crash, from(2, 3))).toHaveLength(1)
    expect(ended(crash, from(1, 2), triggered, begun('a', 1), crash, from(2, 3))).toHaveLength(1)
  })

  it('may be left by the last attempt when it dies', () => {
    expect(found([begun('a'), crash, status('FINISHED')])).toEqual([])
    expect(found([crash, begun('a'), status('FINISHED')])).toHaveLength(1)
  })

  it('are not those of a job that FAILED or goes on, nor files in progress', () => {
    expect(found([begun('a'), status('FAILED')])).toEqual([])
    expect(found([begun('a')])).toEqual([])
    expect(found([begun('a'), status('FINISHED')], 'finished-files')).toEqual([])
  })

  it('are aborted by the broker when their timeout has passed in quiet', () => {
    const late: HistoryFact[] = [begun('a'), crash, ...Array.from({ length: 12_000 }, () => crash), status('FAILED')]
    expect(found(late, 'read_committed', 1000)).toHaveLength(1)
    expect(found(late, 'read_committed', 10_000)).toEqual([])
    expect(found(late, 'read_committed')).toEqual([])
    expect(found(late, 'external-store', 1000)).toEqual([])
  })

  it('of a job that was taken away are not owed by the next one', () => {
    expect(found([begun('a'), { kind: 'job-status', status: 'CREATED', job: 'second' }, status('FINISHED')])).toEqual([])
  })
})
