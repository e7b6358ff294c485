import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { without } from './hand-made-changes.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** A source that gives copies to both subtasks of Count, and a side output to Other; both keep state. Snapshots are taken of all. */
const FORKED: HistoryHeader = {
  ...SMALL_JOB,
  origin: 'simulated',
  operators: [
    { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Fork', role: 'operator', parallelism: 1, inputs: ['Src'] },
    { name: 'Count', role: 'operator', parallelism: 2, inputs: ['Fork'], stateful: true },
    { name: 'Other', role: 'operator', parallelism: 1, inputs: ['Fork'], stateful: true },
  ],
  splits: [{ vertex: 'Src', split: 's', records: 3 }],
  promises: [{ guarantee: 'exactly-once', at: 'state' }],
}

const source = (id: number): HistoryFact => ({ kind: 'source-emit', ...at('Src', 0, 0), id, split: 's', offset: id - 1 })
const emit = (id: number, cause: number, ...to: string[]): HistoryFact => ({ kind: 'emit', ...at('Fork', 0, 0), id, causes: [cause], to })
const apply = (vertex: string, subtask: number, id: number): HistoryFact => ({
  kind: 'state-apply',
  ...at(vertex, subtask, 0),
  id,
  key: 'k',
})
const taken = (vertex: string, subtask = 0): HistoryFact => ({ kind: 'snapshot-taken', ...at(vertex, subtask, 0), checkpoint: 1 })

/** Record 1 becomes 10, of which 11 and 12 are copies; record 2 goes to the side output as 20; of record 3 nobody reads anything. */
function forkedRun(): HistoryFact[] {
  return [
    { kind: 'job-status', status: 'CREATED', job: 'j1' },
    source(1),
    emit(10, 1),
    emit(11, 10, 'Count'),
    emit(12, 10, 'Count'),
    source(2),
    emit(20, 2, 'Other'),
    apply('Count', 0, 11),
    apply('Count', 1, 12),
    apply('Other', 0, 20),
    ...[taken('Src'), taken('Fork'), taken('Count', 0), taken('Count', 1), taken('Other')],
    { kind: 'checkpoint-completed', checkpoint: 1 },
    source(3),
    emit(30, 3),

    { kind: 'job-status', status: 'FINISHED', job: 'j1' },
  ]
}

function judged(facts: readonly HistoryFact[]) {
  const verdict = judge(FORKED, events([...facts]))
  return {
    state: verdict.claims.map((claim) => ({ verdict: claim.verdict, anomalies: claim.anomalies }))[0],
    rules: verdict.protocol.map(({ rule }) => rule),
    cut: verdict.cut,
  }
}

const of = (kind: HistoryFact['kind'], id: number) => (fact: HistoryFact) => fact.kind === kind && 'id' in fact && fact.id === id

describe('records that go to some consumers only', () => {
  it('are owed to these, and to nobody else', () => {
    const cut = { verdict: 'holds', findings: [] }
    expect(judged(forkedRun())).toEqual({ state: { verdict: 'holds', anomalies: {} }, rules: [], cut })
  })

  it.each([
    ['a copy', 11],
    ['a record of the side output', 20],
  ])('are missed where they should be: %s', (_, id) => {
    const { state, rules } = judged(without(forkedRun(), of('state-apply', id)))
    expect(state).toEqual({ verdict: 'violated', anomalies: { lost: 1 } })
    expect(rules).toContain('consistent-cut')
  })

  it('are missed before the operator that sends them on', () => {
    const { rules } = judged(without(without(forkedRun(), of('emit', 20)), of('state-apply', 20)))
    expect(rules).toContain('consistent-cut')
  })

  it('are found out where they should not be', () => {
    const elsewhere = forkedRun().map((fact) => (of('state-apply', 20)(fact) ? apply('Count', 0, 20) : fact))
    expect(judged(elsewhere).rules).toContain('consistent-cut')
  })

  it('are named where they came and nobody had emitted them', () => {
    expect(judged([...forkedRun().slice(0, -1), apply('Count', 0, 99)]).rules).toContain('absorbed-was-emitted')
  })

  it('are known to be of the source: a copy is none', () => {
    const { state } = judged(without(forkedRun(), (fact) => 'id' in fact && fact.id === 3 && fact.kind === 'source-emit'))
    expect(state?.verdict).toBe('violated')
  })
})
