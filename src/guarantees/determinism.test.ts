import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { without } from './hand-made-changes.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { STATE_ORACLES } from './keyed-state.js'
import { OUTPUT_ORACLES } from './output.js'
import { take } from './steps.js'

/** Src -> First (state) -> Clock -> Second (state) -> Sink; one record. */
function job(nondeterministic: string): HistoryHeader {
  const names = ['Src', 'First', 'Clock', 'Second', 'Sink']
  return {
    ...SMALL_JOB,
    origin: 'simulated',
    mode: 'off',
    operators: names.map((name, index) => ({
      name,
      role: name === 'Src' ? ('source' as const) : name === 'Sink' ? ('sink' as const) : ('operator' as const),
      parallelism: 1,
      inputs: names.slice(Math.max(0, index - 1), index),
      ...((name === 'First' || name === 'Second') && { stateful: true }),
      ...(name === 'Sink' && { observed: ['log'] }),
      ...(name === nondeterministic && { deterministic: false as const }),
    })),
    splits: [{ vertex: 'Src', split: 's', records: 1 }],
    promises: ['state', 'log'].map((where) => ({ guarantee: 'exactly-once' as const, at: where })),
  }
}

const run: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'CREATED', job: 'j1' },
  { kind: 'source-emit', ...at('Src', 0, 0), id: 1, split: 's', offset: 0 },
  { kind: 'state-apply', ...at('First', 0, 0), id: 1, key: 'k' },
  { kind: 'emit', ...at('First', 0, 0), id: 11, causes: [1] },
  { kind: 'emit', ...at('Clock', 0, 0), id: 12, causes: [11] },
  { kind: 'state-apply', ...at('Second', 0, 0), id: 12, key: 'k' },
  { kind: 'emit', ...at('Second', 0, 0), id: 13, causes: [12] },
  { kind: 'sink-write', ...at('Sink', 0, 0), id: 13 },
  { kind: 'visible', vertex: 'Sink', at: 'log', id: 13 },
  { kind: 'job-status', status: 'FINISHED', job: 'j1' },
]

function verdicts(nondeterministic: string, facts: readonly HistoryFact[] = run): string[] {
  const { verdict, claims } = judge(job(nondeterministic), events(facts))
  const exact = claims.filter(({ promised }) => promised).map((claim) => `${claim.guarantee} at ${claim.at}: ${claim.verdict}`)
  return [verdict, ...new Set(exact.map((words) => words.slice(words.indexOf(' at ') + 4)))]
}

describe('behind an operator that is not deterministic', () => {
  it('claims are undecided for that reason, all of them', () => {
    expect(verdicts('nobody')).toEqual(['holds', 'state: holds', 'log: holds'])
    expect(verdicts('Clock')).toEqual(['incomplete', 'state: undecided', 'log: undecided'])
    const { claims } = judge(job('Clock'), events(run))
    expect(claims.map(({ verdict }) => verdict)).toEqual(claims.map(() => 'undecided'))
    expect(claims[0]?.missing).toContain('Clock is not deterministic')
  })

  it('nothing is called lost or duplicated', () => {
    const twice = run.flatMap((fact): HistoryFact[] => (fact.kind === 'visible' ? [fact, fact] : [fact]))
    // At most once is violated, at least once holds.
    expect(verdicts('nobody', twice)).toEqual(['violated', 'state: holds', 'log: violated', 'log: holds'])
    expect(verdicts('Clock', twice)).toEqual(['incomplete', 'state: undecided', 'log: undecided'])
  })

  it('is not itself: what it absorbs was made by others, nor is what comes before it', () => {
    expect(verdicts('Sink')).toEqual(['holds', 'state: holds', 'log: holds'])
    expect(verdicts('Second')).toEqual(['incomplete', 'state: holds', 'log: undecided'])
    const lost = without([...run], (fact) => fact.kind === 'state-apply' && fact.vertex === 'First')
    expect(verdicts('Clock', lost)[1]).toBe('state: violated')
  })

  it('single oracles are undecided, too', () => {
    for (const oracle of [...STATE_ORACLES, ...OUTPUT_ORACLES]) {
      for (const [name, expected] of [
        ['Clock', 'undecided'],
        ['nobody', 'holds'],
      ] as const) {
        const state = oracle.init(job(name))
        for (const event of events(run)) take(oracle.step, state, event)
        expect(oracle.verdict(state).verdict, oracle.name).toBe(expected)
      }
    }
  })
})

describe('records of one identity', () => {
  it('leave open what is claimed of them', () => {
    const plain = job('none')
    const header = {
      ...plain,
      operators: plain.operators.map((each) => (each.name === 'Src' ? { ...each, sharedIdentities: true as const } : each)),
    }
    const visible = run.filter(({ kind }) => kind === 'visible')
    expect(judge(plain, events([...run, ...visible])).verdict).toBe('violated')
    const { verdict, claims } = judge(header, events([...run, ...visible]))
    expect(verdict).toBe('incomplete')
    expect(claims.map(({ verdict: each }) => each)).toEqual(claims.map(() => 'undecided'))
    expect(claims[0]?.missing).toContain('records of Src have identities that other records have, too')
  })
})
