import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import type { ClaimVerdict } from './claims.js'
import { changed, inserted, without } from './hand-made-changes.js'
import { at, events, goodRun, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { STATE_ORACLES } from './keyed-state.js'
import { take } from './steps.js'

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

  it('accepts a record that has ended in front of it, where a recording shows what was handed on only by what was absorbed', () => {
    const second = { name: 'Second', role: 'operator', parallelism: 1, inputs: ['Count'], stateful: true } as const
    const operators = [...SMALL_JOB.operators.filter(({ name }) => name === 'Src' || name === 'Count'), second]
    const absorbed = goodRun().flatMap((fact): HistoryFact[] => {
      if (fact.kind !== 'state-apply') return fact.kind === 'source-emit' ? [fact] : []
      return [fact, { kind: 'state-apply', ...at('Second', 0, fact.attempt), id: fact.id, key: fact.key }]
    })
    const ofSecondAttempt = absorbed.filter(
      (fact) => 'attempt' in fact && (fact.attempt === 1 || ('id' in fact && Number(String(fact.id).slice(2)) < 2)),
    )
    const late: HistoryFact = { kind: 'record-ended', ...at('Count', 0, 1), id: '0:6', why: 'late' }
    const run = (instead: HistoryFact | undefined): HistoryFact[] => [
      { kind: 'job-status', status: 'CREATED', job: 'j1' },
      ...ofSecondAttempt.flatMap((fact) => {
        if (fact.kind !== 'state-apply' || fact.id !== '0:6') return [{ ...fact, attempt: 0 } as HistoryFact]
        return fact.vertex === 'Count' && instead !== undefined ? [{ ...instead, attempt: 0 } as HistoryFact] : []
      }),
      { kind: 'job-status', status: 'FINISHED', job: 'j1' },
    ]
    expect(stateClaim(run(late), 'at-least-once', { ...SMALL_JOB, operators }).anomalies).toEqual({})
    expect(stateClaim(run(undefined), 'at-least-once', { ...SMALL_JOB, operators }).anomalies).toEqual({ lost: 1 })
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
    const onItsWay = without(facts, (fact) => (fact.kind === 'state-apply' || fact.kind === 'source-emit') && fact.id === '0:7')
    expect(stateClaim(onItsWay, 'at-least-once').verdict).toBe('undecided')
    expect(
      stateClaim(
        without(facts, (fact) => fact.kind === 'state-apply' && fact.id === '0:7'),
        'exactly-once',
      ).anomalies,
    ).toEqual({})
    // Nobody waits for the end of a job whose budget was exceeded.
    expect(stateClaim(facts, 'at-least-once', { ...SMALL_JOB, discipline: 'beyond-budget' }).verdict).toBe('holds')
  })

  it('is judged on its own as it is with the rest', () => {
    const running = events(without(goodRun(), (fact) => fact.kind === 'job-status' && fact.status === 'FINISHED'))
    const verdicts = STATE_ORACLES.map((oracle) => {
      const facts = oracle.init(SMALL_JOB)
      for (const event of running) take(oracle.step, facts, event)
      return [oracle.name, oracle.verdict(facts).verdict]
    })
    expect(verdicts).toEqual([
      ['state-exactly-once', 'undecided'],
      ['state-at-least-once', 'undecided'],
      ['state-at-most-once', 'holds'],
    ])
  })

  it('is not judged by identities behind an operator that may make others', () => {
    const operators = SMALL_JOB.operators.map((each) => (each.name === 'Src' ? { ...each, sharedIdentities: true as const } : each))
    const facts = without(goodRun(), (fact) => fact.kind === 'state-apply' && fact.id === '0:6')
    const { verdict, findings } = stateClaim(facts, 'at-least-once', { ...SMALL_JOB, operators })
    expect([verdict, findings]).toEqual(['undecided', []])
  })

  it('holds a record once in each of its windows', () => {
    const windows = ['a', 'a@5', 'a@10'].map((key): HistoryFact => ({ kind: 'state-apply', ...at('Count', 0, 1), id: '0:4', key }))
    const claim = (...more: readonly HistoryFact[]) => stateClaim(inserted(goodRun(), beforeCheckpoint3, ...more), 'exactly-once')
    expect(claim(...windows.slice(1)).anomalies).toEqual({})
    expect(claim(...windows.slice(1), ...windows.slice(1)).findings.map(({ records }) => records)).toEqual([['0:4', '0:4']])
  })

  it('counts a record once that is absorbed again, and calls what was counted twice repeated only once', () => {
    const again = (count: number): HistoryFact => ({ kind: 'state-apply', ...at('Count', 0, 1), id: '0:6', key: 'a', again: true, count })
    const anomalies = (count: number) => stateClaim(inserted(goodRun(), beforeCheckpoint3, again(count)), 'exactly-once').anomalies
    expect(anomalies(4)).toEqual({ duplicated: 1 })
    expect(anomalies(5)).toEqual({ duplicated: 1, 'wrong-state': 1 })
  })

  it('goes by the newest count of a key that has moved to another subtask', () => {
    const operators = SMALL_JOB.operators.filter(({ name }) => name === 'Src' || name === 'Count')
    const apply = (subtask: number, id: string, count: number): HistoryFact => ({
      ...{ kind: 'state-apply', ...at('Count', subtask, 0), id, key: 'a', count },
    })
    const anomalies = (...facts: readonly HistoryFact[]) =>
      stateClaim([{ kind: 'job-status', status: 'CREATED', job: 'j1' }, ...facts], 'exactly-once', { ...SMALL_JOB, operators }).anomalies
    expect(anomalies(apply(0, '0:0', 1), apply(1, '0:1', 2))).toEqual({})
    expect(anomalies(apply(1, '0:0', 1), apply(0, '0:1', 2))).toEqual({})
  })

  it('misses records that no source has ever emitted, where only their number is known', () => {
    const facts = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:7')
    const { findings } = stateClaim(facts, 'at-least-once', SIMULATED_JOB)
    expect(findings.map(({ anomaly, records, count }) => [anomaly, records, count])).toEqual([['lost', [], 1]])
  })

  it('misses records that a source never emitted again after a recovery had taken them back', () => {
    const facts = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:3' && 'attempt' in fact && fact.attempt === 1)
    const claim = stateClaim(facts, 'at-least-once')
    expect(claim.findings.map((finding) => [finding.anomaly, finding.records])).toEqual([['lost', ['0:3']]])
    const { splits: _splits, ...unknown } = SMALL_JOB
    expect(stateClaim(facts, 'at-least-once', unknown).anomalies).toEqual({ lost: 1 })
  })
})
