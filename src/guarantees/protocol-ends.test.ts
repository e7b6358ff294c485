import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { insert, is, type Tamper, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** The end of an operator's input, not where it was but before the last of its records in the good run. */
function endsEarly(vertex: string, kind: HistoryFact['kind'], attempt = 1): Tamper {
  return (run) => {
    const facts = without(run, (fact) => attempt === 1 && is('end-of-input', undefined, vertex)(fact))
    const last = facts.findLastIndex((fact) => is(kind, undefined, vertex)(fact))
    const fact = facts[last]
    if (fact === undefined || !('subtask' in fact)) throw new RangeError('no such record')
    return [...facts.slice(0, last), { kind: 'end-of-input', ...at(vertex, fact.subtask, attempt) }, ...facts.slice(last)]
  }
}

function late(tamper: Tamper, header: HistoryHeader = SMALL_JOB): number[][] {
  const { protocol } = judge(header, events(tamper(goodRun())))
  return protocol.filter(({ rule }) => rule === 'nothing-after-the-end').map(({ evidence }) => [...evidence])
}

describe('the end of the input', () => {
  it.each([
    ['Src', 'source-emit'],
    ['Count', 'state-apply'],
    ['Sink', 'sink-write'],
  ] as const)('of %s is behind its records', (vertex, kind) => {
    const [evidence] = late(endsEarly(vertex, kind))
    const last = goodRun().findLastIndex((fact) => is(kind, undefined, vertex)(fact)) + 1
    expect(evidence).toEqual([last, last + 1])
  })

  it('may come with it, and what an attempt does that has not ended is its own affair', () => {
    expect(late((facts) => facts)).toEqual([])
    expect(late(endsEarly('Count', 'state-apply', 0))).toEqual([])
  })

  it('may be followed by what an operator emits', () => {
    const emission: HistoryFact = { kind: 'emit', ...at('Count', 0, 1), id: 'sum', causes: [] }
    const later: Tamper = (facts) => insert(is('checkpoint-triggered', 3), emission)(facts)
    expect(late(later)).toEqual([])
  })

  it('is that of all inputs, where an operator has several or tells of several ends', () => {
    const operators = SMALL_JOB.operators.map((each) => (each.name === 'Count' ? { ...each, inputs: ['Src', 'Src'] } : each))
    expect(late(endsEarly('Count', 'state-apply'), { ...SMALL_JOB, operators })).toEqual([])
    const twice = (facts: HistoryFact[]): HistoryFact[] => [
      ...endsEarly('Sink', 'sink-write')(facts),
      { kind: 'end-of-input', ...at('Sink', 0, 1) },
    ]
    expect(late(twice)).toEqual([])
  })
})
