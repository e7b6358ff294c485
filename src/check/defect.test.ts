import { describe, expect, it } from 'vitest'
import { always, checker, sometimes, type Model } from './index.js'

interface Counter {
  readonly n: number
  readonly log: readonly number[]
}

/** Counts to 20 in one way or another; `next` is what is wrong. */
function counter(next: (state: Counter) => unknown): Model<Counter, { readonly by: string }> {
  return {
    name: 'counter',
    initial: () => [{ n: 0, log: [] }],
    actions: ({ n }) => (n < 20 ? [{ by: 'one' }] : []),
    next: (state) => next(state) as Counter,
    properties: [always('below 100', ({ n }) => n < 100), sometimes('at 1', ({ n }) => n === 1)],
    describe: ({ by }) => `up by ${by}`,
  }
}

let hidden = 0

describe('a model that is none is named, and never holds', () => {
  it.each([
    ['a function in the state', 'not-plain', ({ n }: Counter) => ({ n: n + 1, log: [() => n] })],
    ['an instance in the state', 'not-plain', ({ n }: Counter) => ({ n: n + 1, log: [new Set()] })],
    ['a promise for a state', 'not-plain', ({ n }: Counter) => Promise.resolve({ n: n + 1, log: [] })],
    ['a hidden variable', 'not-deterministic', ({ n }: Counter) => ({ n: n + 1, log: [hidden++] })],
    ['a random number', 'not-deterministic', ({ n }: Counter) => ({ n: n + 1, log: [Math.random()] })],
    ['a change of what was given', 'changes-its-input', (state: Counter) => {
      ;(state.log as number[]).push(state.n)
      return { ...state, n: state.n + 1 }
    }],
    ['the given state itself, changed', 'changes-its-input', (state: Counter) => Object.assign(state, { n: state.n + 1 })],
    ['an error', 'throws', ({ n }: Counter) => {
      if (n === 3) throw new RangeError('no four')
      return { n: n + 1, log: [] }
    }],
    ['endless recursion', 'throws', function again(state: Counter): Counter {
      return again(state).n > 0 ? state : again(state)
    }],
    ['an endless loop', 'does-not-end', ({ n }: Counter) => {
      while (n === 3);
      return { n: n + 1, log: [] }
    }],
  ])('%s: %s', (_, kind, next) => {
    const result = checker(counter(next)).maxStepSeconds(0.2).breadthFirst()
    expect(result.verdict).toBe('incomplete')
    expect(result.exhausted).toBe(false)
    expect(result.defect).toMatchObject({ kind, during: 'next up by one' })
    expect(result.defect?.message).not.toBe('')
    expect(result.defect?.steps.length).toBeGreaterThan(0)
  }) // prettier-ignore

  const good = counter(({ n, log }) => ({ n: n + 1, log }))

  it.each<[string, string, string, Partial<Model<Counter, { readonly by: string }>>]>([
    ['initial states that are not plain', 'not-plain', 'initial', { initial: () => [{ n: 0, log: [undefined, new Date(0)] as never }] }],
    ['initial that throws', 'throws', 'initial', { initial: () => (null as never as { a: () => [] }).a() }],
    ['actions that throw', 'throws', 'actions', { actions: ({ n }) => (n === 3 ? (null as never as { a: () => [] }).a() : [{ by: 'one' }]) }],
    ['actions that are drawn', 'not-deterministic', 'next', { actions: () => (hidden++ % 3 === 1 ? [] : [{ by: 'one' }]) }],
    ['actions that are not plain', 'not-plain', 'next', { actions: () => [{ by: 'one', how: () => 1 }] }],
    ['too many actions', 'too-many-actions', 'actions', { actions: () => Array.from({ length: 65_537 }, () => ({ by: 'one' })) }],
    ['a property that throws', 'throws', 'property "odd"', { properties: [always('odd', () => { throw new RangeError('odd') })] }],
    ['a property that does not end', 'does-not-end', 'property "long"', { properties: [always('long', () => { for (;;); })] }],
  ])('%s: %s in %s', (_, kind, during, broken) => {
    const result = checker({ ...good, ...broken }).maxStepSeconds(0.2).maxStates(1000).breadthFirst()
    expect(result).toMatchObject({ verdict: 'incomplete', exhausted: false, defect: { kind, during: expect.stringContaining(during) } })
  }) // prettier-ignore

  it('and the same model without the defect holds', () => {
    expect(checker(good).breadthFirst()).toMatchObject({ verdict: 'holds', distinct: 21 })
  })

  it('a violation that is not there when the way to it is walked again is a defect', () => {
    let asked = 0
    const fickle = { ...good, properties: [always<Counter>('fickle', () => asked++ !== 5)] }
    expect(checker(fickle).breadthFirst()).toMatchObject({ verdict: 'incomplete', defect: { kind: 'not-deterministic' } })
  })
})
