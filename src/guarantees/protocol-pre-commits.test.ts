import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { inserted, is, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** Checkpoints by a sink that pre-commits before each snapshot, but for those of `kept`; what was open then is left so, or written on. */
function run(checkpoints: number, kept: readonly number[], goesOn = false): HistoryFact[] {
  const facts: HistoryFact[] = [
    { kind: 'job-status', status: 'CREATED', job: 'j1' },
    { kind: 'job-status', status: 'RUNNING', job: 'j1' },
  ]
  let transaction = 't1'
  for (let checkpoint = 1; checkpoint <= checkpoints; checkpoint++) {
    facts.push({ kind: 'sink-write', ...at('Sink', 0, 0), id: `0:${String(checkpoint)}`, transaction })
    facts.push({ kind: 'checkpoint-triggered', checkpoint })
    const isKept = kept.includes(checkpoint)
    if (!isKept) facts.push({ kind: 'pre-commit', ...at('Sink', 0, 0), transaction })
    if (!isKept || !goesOn) transaction = `t${String(checkpoint + 1)}`
    facts.push({ kind: 'snapshot-taken', ...at('Sink', 0, 0), checkpoint }, { kind: 'checkpoint-completed', checkpoint })
  }
  return facts
}

function open(facts: readonly HistoryFact[], header: HistoryHeader = SMALL_JOB): string[] {
  return judge(header, events(facts))
    .protocol.filter(({ rule }) => rule === 'pre-commit-at-snapshot')
    .map(({ message }) => message)
}

const FOUND = 'checkpoint 3 completed although Sink (0) attempt 0 had not pre-committed t3 at its snapshot'

describe('a sink', () => {
  it('pre-commits what it has written before it takes a snapshot', () => {
    expect(open(goodRun())).toEqual([])
    expect(open(run(6, []))).toEqual([])
    expect(open(run(6, [3]))).toEqual([FOUND])
  })

  it('may pre-commit behind the line of its snapshot, while the checkpoint is pending', () => {
    const isLate = (fact: HistoryFact): boolean => fact.kind === 'pre-commit' && fact.transaction === 't3'
    const late = run(6, []).filter(isLate)
    expect(open(inserted(without(run(6, []), isLate), is('checkpoint-completed', 3), ...late))).toEqual([])
  })

  it('owes nothing to a checkpoint that does not complete, and nothing of a transaction that was aborted or has no records', () => {
    expect(open(without(run(3, [3]), is('checkpoint-completed', 3)))).toEqual([])
    const aborted: HistoryFact = { kind: 'abort', ...at('Sink', 0, 0), transaction: 't3', why: 'timeout' }
    expect(open(inserted(run(6, [3]), is('checkpoint-triggered', 3), aborted))).toEqual([])
    const isWrite = (fact: HistoryFact): boolean => fact.kind === 'sink-write' && fact.id === '0:3'
    expect(open(without(run(6, [3]), isWrite))).toEqual([])
  })

  it('may keep files open over checkpoints, and transactions that it pre-commits later', () => {
    const operators = SMALL_JOB.operators.map((each) => (each.name === 'Sink' ? { ...each, observed: ['finished-files'] } : each))
    expect(open(run(6, [3]), { ...SMALL_JOB, operators })).toEqual([])
    expect(open(run(6, [3], true))).toEqual([])
    expect(open(run(6, [1, 3, 5], true))).toEqual([])
    expect(open(run(6, [1, 2, 3, 4, 5, 6]))).toEqual([])
  })
})
