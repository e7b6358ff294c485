import { expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { inserted, without } from './hand-made-changes.js'
import { at, events, goodRun, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** Src -> Split -> Sink, and Src -> Other; not all that the sinks read need be seen by the readers. */
const FORKED: HistoryHeader = {
  ...SIMULATED_JOB,
  mode: 'off',
  operators: [
    { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Split', role: 'operator', parallelism: 1, inputs: ['Src'] },
    { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Split'], observed: ['log'] },
    { name: 'Other', role: 'sink', parallelism: 1, inputs: ['Src'], observed: ['log'] },
  ],
  splits: [{ vertex: 'Src', split: 's', records: 2 }],
}

const source = (id: number, to: readonly string[]): HistoryFact => ({
  ...{ kind: 'source-emit', ...at('Src', 0, 0), id, split: 's', offset: id - 1 },
  to,
})
const emit = (id: number, cause: number, to: readonly string[]): HistoryFact => ({
  kind: 'emit',
  ...at('Split', 0, 0),
  id,
  causes: [cause],
  to,
})
const written = (vertex: string, id: number): HistoryFact => ({ kind: 'sink-write', ...at(vertex, 0, 0), id })
const seen = (vertex: string, id: number): HistoryFact => ({ kind: 'visible', vertex, at: 'log', id })

/** Record 1 becomes 11, of which a reader sees more than was written: then each record is looked at. */
const ofFirst = [source(1, ['Split']), emit(11, 1, ['Sink']), written('Sink', 11), seen('Sink', 11), seen('Sink', 11)]

const absorbed = (id: number): HistoryFact => ({ kind: 'state-apply', ...at('Window', 0, 0), id, key: 'k' })

/** Records lost at each of the sinks. */
function lost(facts: readonly HistoryFact[], header: HistoryHeader = FORKED): (number | undefined)[] {
  const [created, finished] = (['CREATED', 'FINISHED'] as const).map((status): HistoryFact => ({ kind: 'job-status', status, job: 'j1' }))
  const run = [created, ...facts, finished].filter((fact) => fact !== undefined)
  const claims = judge(header, events(run)).claims.filter((claim) => claim.at === 'log' && claim.guarantee === 'at-least-once')
  return claims.map(({ anomalies }) => anomalies.lost)
}

it('no record is lost of which only something was made that nobody reads', () => {
  const header = { ...FORKED, operators: FORKED.operators.filter(({ name }) => name !== 'Other') }
  expect(lost([...ofFirst, source(2, ['Split']), emit(12, 2, [''])], header)).toEqual([undefined])
  expect(lost([...ofFirst, source(2, ['Split']), emit(12, 2, ['Another'])], header)).toEqual([undefined])
  expect(lost([...ofFirst, source(2, ['Split'])], header)).toEqual([1])
  // What goes to none goes out as copies.
  expect(lost([...ofFirst, source(2, [])], header)).toEqual([1])
  expect(lost([...ofFirst, source(2, ['Split']), emit(12, 2, [])], header)).toEqual([1])
})

it('what comes of a record on another way, or that it ends there, accounts for nothing', () => {
  const operators: HistoryHeader['operators'] = [
    { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Window', role: 'operator', parallelism: 1, inputs: ['Src'], stateful: true },
    { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Window'], observed: ['log'] },
    { name: 'Split', role: 'operator', parallelism: 1, inputs: ['Src'] },
    { name: 'Other', role: 'sink', parallelism: 1, inputs: ['Split'], observed: ['log'] },
  ]
  const everywhere = ['Window', 'Split']
  const fromWindow: HistoryFact = { kind: 'emit', ...at('Window', 0, 0), id: 31, causes: [1] }
  const facts = [
    ...[source(1, everywhere), absorbed(1), fromWindow, written('Sink', 31), seen('Sink', 31), seen('Sink', 31)],
    ...[emit(11, 1, ['Other']), written('Other', 11), seen('Other', 11), source(2, everywhere), absorbed(2)],
  ]
  const header = { ...FORKED, operators }
  expect(lost([...facts, emit(12, 2, [''])], header)).toEqual([1, undefined])
  expect(lost([...facts, emit(12, 2, ['Other']), written('Other', 12), seen('Other', 12)], header)).toEqual([1, undefined])
  expect(lost([...facts, { kind: 'record-ended', ...at('Split', 0, 0), id: 2, why: 'filtered' }], header)).toEqual([1, undefined])
})

it('a record that was lost on the way to a sink is lost there, and at no other', () => {
  const both = [...ofFirst, source(2, ['Other']), source(3, ['Other']), written('Other', 3), seen('Other', 3)]
  const splits = [{ vertex: 'Src', split: 's', records: 3 }]
  expect(lost(both, { ...FORKED, splits })).toEqual([undefined, 1])
})

it('a record that has ended on the way to one sink is owed to another all the same', () => {
  const both = ['Split', 'Other']
  const ended: HistoryFact = { kind: 'record-ended', ...at('Split', 0, 0), id: 2, why: 'filtered' }
  const facts = [source(1, both), emit(11, 1, ['Sink']), written('Sink', 11), seen('Sink', 11), written('Other', 1), seen('Other', 1)]
  expect(lost([...facts, source(2, both), ended])).toEqual([undefined, 1])
  expect(lost([...facts, source(2, both), ended, written('Other', 2), seen('Other', 2)])).toEqual([undefined, undefined])
})

it('no record is lost that a job has left unread which was stopped with a savepoint', () => {
  const unread = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:7')
  const stopped = inserted(unread, (fact) => fact.kind === 'checkpoint-triggered' && fact.checkpoint === 3, {
    kind: 'savepoint',
    action: 'stop',
  })
  const anomalies = (facts: readonly HistoryFact[], header: HistoryHeader) =>
    judge(header, events(facts)).claims.find(({ at, guarantee }) => at !== 'state' && guarantee === 'at-least-once')?.anomalies
  for (const header of [SMALL_JOB, SIMULATED_JOB]) {
    expect(anomalies(unread, header)).toEqual({ lost: 1 })
    expect(anomalies(stopped, header)).toEqual({})
  }
})
