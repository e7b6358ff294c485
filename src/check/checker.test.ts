import { describe, expect, it } from 'vitest'
import { always, atTheEnd, checker, sometimes, type CheckResult, type Checker, type Model, type Progress, type Property } from './index.js'
import { withSecondSeed } from './run-check.js'

/** Two jugs of 3 and 5 litres: how to measure 4? */
interface Jugs {
  readonly small: number
  readonly big: number
}
type Pour = 'fill small' | 'fill big' | 'empty small' | 'empty big' | 'small to big' | 'big to small'

function jugs(...properties: Property<Jugs>[]): Model<Jugs, Pour> {
  return {
    name: 'jugs',
    initial: () => [{ small: 0, big: 0 }],
    actions: () => ['fill small', 'fill big', 'empty small', 'empty big', 'small to big', 'big to small'],
    next: ({ small, big }, pour) => {
      const toBig = Math.min(small, 5 - big)
      const toSmall = Math.min(big, 3 - small)
      if (pour === 'fill small') return { small: 3, big }
      if (pour === 'fill big') return { small, big: 5 }
      if (pour === 'empty small') return { small: 0, big }
      if (pour === 'empty big') return { small, big: 0 }
      return pour === 'small to big' ? { small: small - toBig, big: big + toBig } : { small: small + toSmall, big: big - toSmall }
    },
    properties,
    describe: (pour) => pour,
  }
}

const neverFour = always<Jugs>('there are never four litres', ({ big }) => big !== 4)
const orders: [string, (check: Checker<Jugs>) => CheckResult][] = [
  ['breadth-first', (check) => check.breadthFirst()],
  ['depth-first', (check) => check.depthFirst()],
  ['iterative deepening', (check) => check.iterativeDeepening()],
  ['best-first', (check) => check.bestFirst(({ big }) => Math.abs(big - 4))],
]

describe.each(orders)('%s', (name, search) => {
  it('sees all states', () => {
    const result = search(checker(jugs(sometimes('five', ({ big }) => big === 5))))
    expect(result).toMatchObject({ verdict: 'holds', exhausted: true, search: name, distinct: 16, generated: 97, terminals: 0, bounds: [] })
    expect(result.sometimes).toEqual([{ name: 'five', seen: true }])
  })

  it('sees all states when it compares whole states', () => {
    expect(search(checker(jugs()).exact())).toMatchObject({ verdict: 'holds', distinct: 16, collisionProbability: 0 })
  })

  it('finds what is wrong, and the way to it', () => {
    const { verdict, exhausted, counterexample } = search(checker(jugs(neverFour)))
    expect({ verdict, exhausted }).toEqual({ verdict: 'violated', exhausted: false })
    expect(counterexample?.property).toBe('there are never four litres')
    expect(counterexample?.steps.at(-1)?.state).toMatchObject({ big: 4 })
    let state: Jugs = { small: 0, big: 0 }
    for (const { action, state: shown } of counterexample?.steps.slice(1) ?? []) {
      state = jugs().next(state, action as Pour)
      expect(shown).toEqual(state)
    }
  })

  it('says incomplete as soon as a bound was hit', () => {
    expect(search(checker(jugs()).maxStates(5))).toMatchObject({ verdict: 'incomplete', exhausted: false, bounds: [{ bound: 'states' }] })
    expect(search(checker(jugs()).maxDepth(3))).toMatchObject({ verdict: 'incomplete', exhausted: false, bounds: [{ bound: 'depth' }] })
    expect(search(checker(jugs()).maxSeconds(0))).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'seconds' }] })
    expect(search(checker(jugs()).maxMemory(1))).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'memory' }] })
    const inside = { ...jugs(), boundary: ({ big }: Jugs) => big < 4 }
    expect(search(checker(inside))).toMatchObject({ verdict: 'incomplete', exhausted: false })
    expect(search(checker(inside)).bounds).toContainEqual({ bound: 'boundary', states: expect.any(Number) })
  })

  it('says violated when something that should be seen sometimes never is', () => {
    const { verdict, counterexample, sometimes: seen } = search(checker(jugs(sometimes('six', ({ big }) => big === 6))))
    expect({ verdict, kind: counterexample?.kind, seen }).toEqual({
      verdict: 'violated',
      kind: 'sometimes',
      seen: [{ name: 'six', seen: false }],
    })
  })

  it('names a model that is none', () => {
    let calls = 0
    const odd: Model<Jugs, Pour> = { ...jugs(), next: (state, pour) => ({ ...jugs().next(state, pour), big: (calls++ % 7) * 11 }) }
    const result = search(checker(odd).maxStates(1000))
    expect(result).toMatchObject({ verdict: 'incomplete', defect: { kind: 'not-deterministic', during: expect.stringMatching(/^next /) } })
  })
})

describe('shortest counterexamples', () => {
  it.each(['breadth-first', 'iterative deepening'])('%s', (name) => {
    const [, search] = orders.find(([order]) => order === name)!
    const { counterexample } = search(checker(jugs(neverFour)))
    expect(counterexample?.steps.map(({ action }) => action)).toEqual([
      undefined, 'fill big', 'big to small', 'empty small', 'big to small', 'fill big', 'big to small',
    ]) // prettier-ignore
  })
})

describe('iterative deepening', () => {
  it('has the depth and the states of a breadth-first search, by steps of any size', () => {
    const { distinct, depth } = checker(jugs()).breadthFirst()
    expect(checker(jugs()).iterativeDeepening()).toMatchObject({ distinct, depth })
    expect(checker(jugs()).iterativeDeepening(4)).toMatchObject({ distinct, verdict: 'holds' })
    expect(() => checker(jugs()).iterativeDeepening(0)).toThrow('a whole number above 0')
  })
})

describe('random walks', () => {
  it('find, by a seed, and never prove', () => {
    const walked = () => checker(jugs(neverFour)).randomWalks(1000, 20, 'seed')
    expect(walked()).toMatchObject({ verdict: 'violated', exhausted: false })
    expect(walked().counterexample).toEqual(walked().counterexample)
    expect(checker(jugs()).randomWalks(100, 20, 'seed')).toMatchObject({
      verdict: 'incomplete',
      exhausted: false,
      bounds: expect.arrayContaining([{ bound: 'walks', states: 0 }]),
    })
  })
})

/** Counts from 0 to 9, then stops. */
function counting(...properties: Property<number>[]): Model<number, 'up'> {
  return { name: 'counting', initial: () => [0], actions: (n) => (n < 9 ? ['up'] : []), next: (n) => n + 1, properties }
}

describe('terminal states', () => {
  it('are counted and judged', () => {
    expect(checker(counting(atTheEnd('nine', (n) => n === 9))).breadthFirst()).toMatchObject({ verdict: 'holds', terminals: 1, depth: 10 })
    const { verdict, counterexample } = checker(counting(atTheEnd('eight', (n) => n === 8))).breadthFirst()
    expect({ verdict, length: counterexample?.steps.length }).toEqual({ verdict: 'violated', length: 10 })
  })

  it('at the depth of the bound are no reason to say incomplete', () => {
    expect(checker(counting()).maxDepth(10).breadthFirst()).toMatchObject({ verdict: 'holds', exhausted: true })
    expect(checker(counting()).maxDepth(9).breadthFirst()).toMatchObject({ verdict: 'incomplete' })
    expect(checker(counting()).maxStates(11).breadthFirst()).toMatchObject({ verdict: 'holds' })
  })
})

describe('symmetry', () => {
  it('gives ways of the model itself', () => {
    const two: Model<readonly number[], number> = {
      name: 'two counters',
      initial: () => [[0, 0]],
      actions: (counters) => [...counters.keys()].filter((i) => (counters[i] ?? 0) < 3),
      next: (counters, i) => counters.with(i, (counters[i] ?? 0) + 1),
      canonical: (counters) => [...counters].sort((one, other) => one - other),
      properties: [always('not both at two', ([one, other]) => one !== 2 || other !== 2)],
    }
    expect(checker({ ...two, properties: [] }).breadthFirst().distinct).toBe(10)
    const states =
      checker(two)
        .breadthFirst()
        .counterexample?.steps.map(({ state }) => state as number[]) ?? []
    expect(states.at(-1)).toEqual([2, 2])
    states.slice(1).forEach((state, i) => expect(state.reduce((a, b) => a + b)).toBe(states[i]!.reduce((a, b) => a + b) + 1))
  })
})

describe.each(orders)('a second seed, %s', (_, search) => {
  it('gives the same counts', () => {
    const { distinct, generated, secondSeed, verdict } = search(checker(jugs()).secondSeed())
    expect({ verdict, secondSeed }).toEqual({ verdict: 'holds', secondSeed: { distinct, generated, equal: true } })
  })
})

describe('other counts under a second seed', () => {
  it('take the verdict back', () => {
    const result = checker(jugs()).breadthFirst()
    const { verdict, exhausted, secondSeed } = withSecondSeed(result, { distinct: 17, generated: 97 })
    expect({ verdict, exhausted, equal: secondSeed?.equal }).toEqual({ verdict: 'incomplete', exhausted: false, equal: false })
  })
})

describe('what a check costs', () => {
  const wide: Model<readonly number[], number> = {
    name: 'wide',
    initial: () => [[0, 0, 0, 0, 0]],
    actions: (counters) => [...counters.keys()].filter((i) => (counters[i] ?? 0) < 8),
    next: (counters, i) => counters.with(i, (counters[i] ?? 0) + 1),
    properties: [],
  }

  it('is at most 25 bytes a state, and told while it runs', () => {
    const told: Progress[] = []
    const result = checker(wide)
      .onProgress((progress) => told.push(progress), 0.01)
      .breadthFirst()
    expect(result).toMatchObject({ distinct: 9 ** 5, generated: 1 + 5 * 8 * 9 ** 4, depth: 41, terminals: 1 })
    expect(result.visitedBytes / result.distinct).toBeLessThanOrEqual(25)
    expect(result.collisionProbability).toBeCloseTo(9 ** 10 / 2 ** 65)
    expect(told.length).toBeGreaterThan(0)
    expect(told.every(({ distinct, queue, statesPerSecond }) => distinct > 0 && queue >= 0 && statesPerSecond > 0)).toBe(true)
  })
})
