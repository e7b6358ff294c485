import { describe, expect, it } from 'vitest'
import { alwaysPossible, checker, eventually, type CheckResult, type Model, type Property } from './index.js'

/** A graph as text: `a>b c` leads from a to b and to c. Whose step it is may stand behind a colon: `a>b:p`. */
function graph(text: string, property: Property<string>, fair = false): CheckResult {
  const edges = new Map(
    text.split('; ').map((line) => {
      const [from = '', to = ''] = line.split('>')
      return [from, to.split(' ').filter((name) => name !== '')] as const
    }),
  )
  const model: Model<string, string> = {
    name: text,
    initial: () => ['a'],
    actions: (state) => edges.get(state) ?? [],
    next: (_, action) => action.split(':')[0] ?? '',
    properties: [property],
    ...(fair && { fairness: (action) => action.split(':')[1] ?? '' }),
  }
  return checker(model).breadthFirst()
}

function shown({ verdict, counterexample }: CheckResult): string {
  const steps = counterexample?.steps.map(({ state }) => state as string).join('') ?? ''
  return `${verdict} ${steps}${counterexample?.backTo === undefined ? '' : ` from ${counterexample.backTo}`}`.trim()
}

const eventuallyZ = eventually<string>('z', (state) => state === 'z')
const possiblyZ = alwaysPossible<string>('z', (state) => state === 'z')

describe('eventually', () => {
  it.each([
    ['a>z', 'holds'],
    ['a>b c; b>z; c>z', 'holds'],
    ['a>z; z>a', 'holds'],
    ['a>z; z>b; b>b', 'holds'],
    ['a>b c; b>z', 'violated ac'],
    ['a>b; b>a z', 'violated aba from 0'],
    ['a>a z', 'violated aa from 0'],
    ['a>b; b>c; c>b z', 'violated abcb from 1'],
    // A state that was seen before on the way through z is still a way around it.
    ['a>b z; b>c; z>c; c>', 'violated abc'],
  ])('%s: %s', (text, expected) => {
    expect(shown(graph(text, eventuallyZ))).toBe(expected)
  })

  it.each([
    // q could always act and never does: not a fair way.
    ['a>b:p z:q; b>a:p z:q', 'holds'],
    // q can act now and then only: fair.
    ['a>b:p z:q; b>a:p', 'violated aba from 0'],
    // q acts, without leaving.
    ['a>b:q z:p; b>a:p', 'violated aba from 0'],
    // Two circles, each unfair by itself, are fair together.
    ['a>b:p c:q; b>a:p z:q; c>a:q z:p', 'violated'],
    ['a>a:p z:q', 'holds'],
    ['a>a:p z:p', 'violated aa from 0'],
    ['a>b:p; b>c:p z:q; c>b:p z:q', 'holds'],
  ])('under fairness, %s: %s', (text, expected) => {
    expect(shown(graph(text, eventuallyZ, true))).toMatch(new RegExp(`^${expected}`))
  })

  it('is not decided within a boundary', () => {
    const model: Model<number, 'up'> = {
      name: 'up',
      initial: () => [0],
      actions: () => ['up'],
      next: (n) => n + 1,
      boundary: (n) => n < 5,
      properties: [eventually('ten', (n) => n === 10)],
    }
    expect(checker(model).breadthFirst()).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'boundary' }] })
  })

  it('does not use symmetry', () => {
    const turns: Model<readonly number[], number> = {
      name: 'turns',
      initial: () => [[0, 0]],
      actions: () => [0, 1],
      next: (counters, i) => counters.with(i, 1 - (counters[i] ?? 0)),
      canonical: (counters) => [...counters].sort(),
      properties: [eventually('the second moves', ([, second]) => second === 1)],
    }
    expect(checker(turns).breadthFirst()).toMatchObject({ verdict: 'violated', counterexample: { backTo: 0 } })
  })
})

describe('always possible', () => {
  it.each([
    ['a>z', 'holds'],
    ['a>b; b>a z', 'holds'],
    ['a>b c; b>z', 'violated ac'],
    ['a>b c; b>z; c>d; d>c', 'violated ac'],
    ['a>b; b>c; c>a', 'violated a'],
    ['a>z; z>b; b>b', 'violated azb'],
  ])('%s: %s', (text, expected) => {
    expect(shown(graph(text, possiblyZ))).toBe(expected)
  })
})
