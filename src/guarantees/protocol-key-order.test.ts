import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { keyOrder } from './protocol-key-order.js'
import { take } from './steps.js'

const emit = (id: string): HistoryFact => ({ kind: 'source-emit', id, split: '0', offset: Number(id), ...at('Src', 0, 0) })
const apply = (id: string, key: string, subtask = 0): HistoryFact => ({ kind: 'state-apply', id, key, ...at('Count', subtask, 0) })
const emitted = ['0', '1', '2', '3'].map(emit)

/** Records that are named as reordered. */
function reordered(facts: readonly HistoryFact[], header: HistoryHeader = { ...SMALL_JOB, origin: 'simulated' }): unknown[] {
  const { protocol } = judge(header, events(facts))
  return protocol.filter(({ rule }) => rule === 'key-order').flatMap(({ records }) => records)
}

/** The small job with an operator that only hands records on before its counts. */
const passing = (parallelism: number): HistoryHeader => {
  const [source, count, ...others] = SMALL_JOB.operators
  if (source === undefined || count === undefined) throw new RangeError('the small job has a source and counts')
  const map = { name: 'Map', role: 'operator', parallelism, inputs: ['Src'] } as const
  return { ...SMALL_JOB, origin: 'simulated', operators: [source, map, { ...count, inputs: ['Map'] }, ...others] }
}

describe('records of one key', () => {
  it('come in the order in which they were sent', () => {
    expect(reordered([...emitted, apply('0', 'a'), apply('2', 'a'), apply('3', 'a')])).toEqual([])
  })

  it('are named when they come behind later ones', () => {
    const facts = [...emitted, apply('2', 'a'), apply('0', 'a'), apply('1', 'a'), apply('3', 'a')]
    expect(reordered(facts)).toEqual(['0', '1'])
    const state = keyOrder.init(SMALL_JOB)
    for (const event of events(facts)) take(keyOrder.step, state, event)
    expect(keyOrder.verdict(state).findings).toMatchObject([{ records: ['0', '1'], evidence: [5, 6, 7] }])
  })

  it('of splits of one name that two sources read have no order among each other', () => {
    const [source, count, ...others] = SMALL_JOB.operators
    if (source === undefined || count === undefined) throw new RangeError('the small job has a source and counts')
    const inputs = ['Src', 'Other']
    const header = {
      ...SMALL_JOB,
      origin: 'simulated',
      operators: [source, { ...source, name: 'Other' }, { ...count, inputs }, ...others],
    } as const
    const other = ['4', '5'].map((id): HistoryFact => ({
      kind: 'source-emit',
      id,
      split: '0',
      offset: Number(id) - 4,
      ...at('Other', 0, 0),
    }))
    const sent = [...emitted, ...other]
    expect(reordered([...sent, apply('3', 'a'), apply('4', 'a'), apply('5', 'a')], header)).toEqual([])
    expect(reordered([...sent, apply('3', 'a'), apply('5', 'a'), apply('4', 'a')], header)).toEqual(['4'])
  })

  it('may come behind later ones of other keys', () => {
    expect(reordered([...emitted, apply('2', 'a'), apply('0', 'b'), apply('3', 'a'), apply('1', 'b', 1)])).toEqual([])
  })

  it('that come again are another matter', () => {
    expect(reordered([...emitted, apply('0', 'a'), apply('1', 'a'), apply('0', 'a'), apply('2', 'a')])).toEqual([])
  })

  it('have no order where an operator before has made them twice, and nothing is said', () => {
    const made = (id: string): HistoryFact => ({ kind: 'emit', id, causes: [id], ...at('Map', 0, 0) })
    const once = [made('a'), made('b'), made('c')]
    const applied = [apply('b', 'k'), apply('a', 'k'), apply('c', 'k')]
    expect(reordered([...emitted, ...once, ...applied], passing(1))).toEqual(['a'])
    expect(reordered([...emitted, ...once, made('a'), apply('a', 'k'), apply('b', 'k'), apply('c', 'k')], passing(1))).toEqual([])
  })

  it('lose their order where they are dealt out on the way, and nothing is said', () => {
    const facts = [...emitted, apply('2', 'a'), apply('0', 'a')]
    expect(reordered(facts, passing(1))).toEqual(['0'])
    expect(reordered(facts, passing(2))).toEqual([])
  })

  it('have no order among those that got there on another way, and nothing is said', () => {
    const facts = [...emitted, apply('2', 'a'), apply('0', 'a')]
    const { operators, ...job } = passing(1)
    const fedBy = (...inputs: readonly string[]): HistoryHeader => ({
      ...job,
      operators: operators.map((operator) => (operator.name === 'Count' ? { ...operator, inputs } : operator)),
    })
    expect(reordered(facts, fedBy('Map'))).toEqual(['0'])
    expect(reordered(facts, fedBy('Map', 'Map'))).toEqual([])
    expect(reordered(facts, fedBy('Map', 'Src'))).toEqual([])
    // No cycle goes on for ever, and it is no second way.
    const circular = operators.map((operator) => (operator.name === 'Map' ? { ...operator, inputs: ['Src', 'Map'] } : operator))
    expect(reordered(facts, { ...job, operators: circular })).toEqual(['0'])
    // What makes records of its own is no way of those that it reads.
    const window = { name: 'Window', role: 'operator', parallelism: 2, inputs: ['Src'], stateful: true } as const
    const { operators: fed } = fedBy('Map', 'Window')
    const [source, ...others] = fed
    if (source === undefined) throw new RangeError('the job has a source')
    expect(reordered(facts, { ...job, operators: [source, window, ...others] })).toEqual(['0'])
  })
})
