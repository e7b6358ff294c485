import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
import { accountedFor, allRead, sourceRecords, unaccountedEmissions, unusedRecords } from './source-records.js'
import { take } from './steps.js'

const stateful = { role: 'operator', parallelism: 1, stateful: true } as const

/** Left -> Function -> Window -> Sink, and Right -> Other function -> Other window -> Other sink. */
const HEADER: HistoryHeader = {
  ...SMALL_JOB,
  origin: 'simulated',
  operators: [
    { name: 'Left', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Right', role: 'source', parallelism: 1, inputs: [] },
    { ...stateful, name: 'Function', inputs: ['Left'], selective: true },
    { ...stateful, name: 'Other function', inputs: ['Right'], selective: true },
    { ...stateful, name: 'Window', inputs: ['Function'] },
    { ...stateful, name: 'Other window', inputs: ['Other function'] },
    { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Window'], observed: ['log'] },
    { name: 'Other sink', role: 'sink', parallelism: 1, inputs: ['Other window'], observed: ['log'] },
  ],
  splits: [
    { vertex: 'Left', split: 'l', records: 2 },
    { vertex: 'Right', split: 'r', records: 3 },
  ],
}

const emitted = (vertex: 'Left' | 'Right', id: number, to?: readonly string[]): HistoryFact => ({
  ...{ kind: 'source-emit', ...at(vertex, 0, 0), id, split: vertex === 'Left' ? 'l' : 'r', offset: id % 10 },
  ...(to && { to }),
})
const emit = (vertex: string, id: number, cause: number, to?: readonly string[]): HistoryFact => ({
  ...{ kind: 'emit', ...at(vertex, 0, 0), id, causes: [cause] },
  ...(to && { to }),
})
const apply = (vertex: string, id: number, key = 'a'): HistoryFact => ({ kind: 'state-apply', ...at(vertex, 0, 0), id, key })
const ended = (vertex: string, id: number, key?: string): HistoryFact => ({
  ...{ kind: 'record-ended', ...at(vertex, 0, 0), id, why: 'filtered' },
  ...(key !== undefined && { key }),
})

function factsOf(facts: readonly HistoryFact[], header = HEADER): RunFacts {
  const state = createRunFacts(header)
  for (const event of events([{ kind: 'job-status', status: 'CREATED', job: 'j1' }, ...facts])) take(RUN_FACT_STEPS, state, event)
  return state
}

const left = [emitted('Left', 1), emitted('Left', 2)]
const right = [emitted('Right', 11), emitted('Right', 12), emitted('Right', 13)]

describe('records of the sources', () => {
  it('have all been read when each has emitted as many as its own splits hold', () => {
    expect(allRead(factsOf([...left, ...right]))).toBe(true)
    expect(allRead(factsOf([...left, ...right.slice(1)]))).toBe(false)
    expect(allRead(factsOf([...left.slice(1), ...right, emitted('Right', 14)]))).toBe(false)
  })

  it('are no more for the copies that go out in place of one', () => {
    const copies = [emitted('Right', 11, []), emit('Right', 111, 11, ['Other function']), emit('Right', 112, 11, ['Other window'])]
    expect(allRead(factsOf([...left, ...copies]))).toBe(false)
    const { ids, unseen } = sourceRecords(factsOf([...left, ...copies]), 'Other sink')
    expect([[...ids.keys()], unseen]).toEqual([[11], 2])
  })

  it('are asked of the sources only from which they can come', () => {
    const { ids, unseen } = sourceRecords(factsOf([...left.slice(1), ...right]), 'Sink')
    expect([[...ids.keys()], unseen]).toEqual([[2], 1])
  })

  it('are known by their newest emission, where the offsets give those a name that nobody has emitted', () => {
    const named: HistoryFact = { kind: 'source-emit', ...at('Left', 0, 0), id: 'l:0', split: 'l', offset: 0 }
    const { ids, unseen } = sourceRecords(factsOf([named], { ...HEADER, origin: 'recorded' }), 'Sink')
    expect([[...ids], unseen]).toEqual([
      [
        ['l:0', 2],
        ['l:1', 0],
      ],
      0,
    ])
  })
})

describe('accounted for at a sink', () => {
  const accounted = (...facts: readonly HistoryFact[]) => accountedFor(factsOf(facts), 'Sink', [])

  it('is what was sent to others only, with what it was made of', () => {
    expect(accounted(...left, emit('Function', 21, 1, ['Other sink']), emit('Function', 22, 2, ['Other sink', 'Window']))).toEqual(
      new Set([21, 1]),
    )
  })

  it('is what functions on the way to it hold, and not what others do', () => {
    expect(accounted(...left, apply('Function', 1), apply('Other function', 2))).toEqual(new Set([1]))
  })

  it('is what has ended under all keys under which it is held, not what is held no longer', () => {
    const inWindow = [...left, apply('Window', 1), ended('Window', 1, 'a')]
    expect(accounted(...inWindow)).toEqual(new Set([1]))
    const again: HistoryFact = { kind: 'snapshot-taken', ...at('Window', 0, 0), checkpoint: 1 }
    const taken = [again, ...inWindow, { kind: 'restore', ...at('Window', 0, 1), checkpoint: 1 } as const]
    expect(accounted(...taken)).toEqual(new Set())
  })
})

describe('what operators hold of which nothing has come', () => {
  const unused = (...facts: readonly HistoryFact[]) => [...unusedRecords(factsOf(facts), 'Sink').keys()]

  it('is asked of those on the way to the sink only', () => {
    expect(unused(apply('Window', 21), apply('Other window', 22))).toEqual([21])
  })

  it('is not what has ended there, under a key or altogether', () => {
    expect(unused(apply('Window', 21), ended('Window', 21), apply('Window', 22), ended('Window', 22, 'a'))).toEqual([])
  })
})

describe('what functions have put out and the sink has nothing of', () => {
  it('is asked of functions on the way to it, and of what somebody gets', () => {
    const facts = [
      emit('Function', 21, 1),
      emit('Function', 22, 2, []),
      emit('Function', 23, 2, ['Window']),
      emit('Other function', 24, 11),
    ]
    expect([...unaccountedEmissions(factsOf(facts), 'Sink', new Set([23])).keys()]).toEqual([21])
  })
})
