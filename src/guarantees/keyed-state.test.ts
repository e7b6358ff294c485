import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import type { ClaimVerdict } from './claims.js'
import { changed, inserted, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

function stateClaim(facts: HistoryFact[], guarantee: string, header: HistoryHeader = SMALL_JOB): ClaimVerdict {
  const claim = judge(header, events(facts)).claims.find((each) => each.at === 'state' && each.guarantee === guarantee)
  if (claim === undefined) throw new Error('no claim about state')
  return claim
}

const beforeCheckpoint3 = (fact: HistoryFact): boolean => fact.kind === 'checkpoint-triggered' && fact.checkpoint === 3

describe('keyed state', () => {
  it('holds every record once in the good run, although two were processed twice', () => {
    const replayed = goodRun().filter((fact) => fact.kind === 'state-apply' && fact.id === '0:2')
    expect(replayed).toHaveLength(2)
    expect(stateClaim(goodRun(), 'exactly-once').verdict).toBe('holds')
  })

  it('sees a record absorbed again, under the same key only', () => {
    const again: HistoryFact = { kind: 'state-apply', ...at('Count', 0, 1), id: '0:4', key: 'a', again: true }
    const claim = stateClaim(inserted(goodRun(), beforeCheckpoint3, again), 'exactly-once')
    expect(claim.anomalies.duplicated).toBe(1)
    expect(claim.findings[0]?.records).toEqual(['0:4'])
    expect(stateClaim(inserted(goodRun(), beforeCheckpoint3, again), 'at-least-once').verdict).toBe('holds')
    expect(stateClaim(inserted(goodRun(), beforeCheckpoint3, again), 'at-most-once').verdict).toBe('violated')
    const otherWindow: HistoryFact = { ...again, key: 'a, second window' }
    expect(stateClaim(inserted(goodRun(), beforeCheckpoint3, otherWindow), 'exactly-once').verdict).toBe('holds')
  })

  it('forgets what a recovery took back', () => {
    const early: HistoryFact = { kind: 'state-apply', ...at('Count', 0, 0), id: '0:2', key: 'a' }
    const facts = inserted(goodRun(), (fact) => fact.kind === 'fault', early)
    expect(stateClaim(facts, 'exactly-once').verdict).toBe('holds')
  })

  it('misses a record that was sent and not absorbed', () => {
    const facts = without(goodRun(), (fact) => fact.kind === 'state-apply' && fact.id === '0:6')
    const claim = stateClaim(facts, 'at-least-once')
    expect(claim.anomalies.lost).toBe(1)
    expect(claim.findings[0]?.records).toEqual(['0:6'])
    expect(stateClaim(facts, 'at-most-once').verdict).toBe('holds')
  })

  it('accepts a record that ended on purpose', () => {
    const late: HistoryFact = { kind: 'record-ended', ...at('Count', 0, 1), id: '0:6', why: 'late' }
    const facts = changed(goodRun(), (fact) => (fact.kind === 'state-apply' && fact.id === '0:6' ? late : undefined))
    expect(stateClaim(facts, 'at-least-once').verdict).toBe('holds')
  })

  it('compares the final count of a key with its records', () => {
    const low = changed(goodRun(), (fact) => (fact.kind === 'state-apply' && fact.id === '0:6' ? { ...fact, count: 3 } : undefined))
    expect(stateClaim(low, 'exactly-once').anomalies).toEqual({ 'wrong-state': 1, lost: 1 })
    const high = changed(goodRun(), (fact) => (fact.kind === 'state-apply' && fact.id === '0:6' ? { ...fact, count: 5 } : undefined))
    expect(stateClaim(high, 'exactly-once').anomalies).toEqual({ 'wrong-state': 1, duplicated: 1 })
    expect(stateClaim(high, 'at-least-once').verdict).toBe('holds')
  })

  it('does not call lost what an unfinished job had still to process', () => {
    const facts = without(goodRun(), (fact) => fact.kind === 'job-status' && fact.status === 'FINISHED')
    expect(stateClaim(facts, 'at-least-once').verdict).toBe('undecided')
    expect(stateClaim(facts, 'at-most-once').verdict).toBe('holds')
  })

  it('misses records that a source never emitted again after a recovery had taken them back', () => {
    const facts = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:3' && 'attempt' in fact && fact.attempt === 1)
    const claim = stateClaim(facts, 'at-least-once')
    expect(claim.findings.map((finding) => [finding.anomaly, finding.records])).toEqual([['lost', ['0:3']]])
    const { splits: _splits, ...unknown } = SMALL_JOB
    expect(stateClaim(facts, 'at-least-once', unknown).anomalies).toEqual({ lost: 1 })
  })
})
