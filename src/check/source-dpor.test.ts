import { describe, expect, it } from 'vitest'
import { atTheEnd, checker, delayBounded, sourceDpor, type Concurrent } from './index.js'
import { contentOf } from './known-states.js'
import { Stream } from '../world/index.js'

/** Reads and writes of variables, some of which wait until a variable is not 0. */
interface Step {
  readonly kind: 'read' | 'write' | 'await'
  readonly variable: number
}
interface Programs {
  readonly at: readonly number[]
  readonly seen: readonly string[]
  readonly variables: readonly number[]
}
type Act = Step & { readonly process: number }

function programs(steps: readonly (readonly Step[])[]): Concurrent<Programs, Act> {
  return {
    name: 'programs',
    processes: steps.length,
    initial: () => [{ at: steps.map(() => 0), seen: steps.map(() => ''), variables: [0, 0, 0] }],
    actions: ({ at, variables }) =>
      steps.flatMap((own, process) => {
        const step = own[at[process] ?? 0]
        return step === undefined || (step.kind === 'await' && variables[step.variable] === 0) ? [] : [{ process, ...step }]
      }),
    next: ({ at, seen, variables }, { process, kind, variable }) => ({
      at: at.with(process, (at[process] ?? 0) + 1),
      seen: kind === 'read' ? seen.with(process, `${seen[process] ?? ''}${variables[variable] ?? 0}`) : seen,
      variables: kind === 'write' ? variables.with(variable, process + 1) : variables,
    }),
    properties: [atTheEnd('nobody has seen 3, then 2', ({ seen }) => !seen.some((all) => all.includes('32')))],
    process: ({ process }) => process,
    dependent: (one, other) => one.variable === other.variable && (one.kind === 'write' || other.kind === 'write'),
  }
}

function randomPrograms(seed: string): Concurrent<Programs, Act> {
  const stream = new Stream(seed, 'programs')
  const kinds = ['read', 'write', 'write', 'await'] as const
  const step = (): Step => ({ kind: kinds[stream.below(4)] ?? 'read', variable: stream.below(3) })
  return programs(Array.from({ length: 3 }, () => Array.from({ length: 1 + stream.below(3) }, step)))
}

function terminals<S, A>(model: Concurrent<S, A>, explore: (onTerminal: (state: S) => void) => void): string[] {
  const found = new Set<string>()
  explore((state) => found.add(contentOf(state)))
  return [...found].sort()
}

/** Terminal states by the search, which knows nothing of independence. */
function searched<S, A>(model: Concurrent<S, A>): string[] {
  return terminals(model, (onTerminal) => {
    const noted = atTheEnd<S>('noted', (state) => {
      onTerminal(state)
      return true
    })
    checker({ ...model, properties: [noted] }).breadthFirst()
  })
}

const seeds = Array.from({ length: 60 }, (_, i) => `dpor ${i}`)

describe('source-DPOR', () => {
  it('ends in the same states as the search', () => {
    for (const seed of seeds) {
      const model = randomPrograms(seed)
      expect(terminals(model, (note) => sourceDpor(model, note)), seed).toEqual(searched(model)) // prettier-ignore
    }
  })

  it('takes each partial order once, and no other', () => {
    for (const seed of seeds) {
      const model = randomPrograms(seed)
      expect(sourceDpor(model).complete, seed).toBe(delayBounded(model, 9))
    }
  })

  it('takes one execution where nothing depends on anything, and all where everything does', () => {
    const write = (variable: number): Step => ({ kind: 'write', variable })
    expect(sourceDpor(programs([[write(0)], [write(1)], [write(2)]]))).toMatchObject({ complete: 1, blocked: 0, steps: 3 })
    expect(sourceDpor(programs([[write(0)], [write(0)], [write(0)]]))).toMatchObject({ complete: 6 })
  })

  it('does not reverse what enables with what is enabled', () => {
    const model = programs([[{ kind: 'await', variable: 0 }, { kind: 'write', variable: 1 }], [{ kind: 'write', variable: 0 }]]) // prettier-ignore
    expect(sourceDpor(model)).toMatchObject({ complete: 1, blocked: 0 })
  })

  it('judges terminal states', () => {
    const write: Step = { kind: 'write', variable: 0 }
    const read: Step = { kind: 'read', variable: 0 }
    const { broken } = sourceDpor(programs([[read, read], [write], [write]]))
    expect(broken?.property.name).toBe('nobody has seen 3, then 2')
    expect(broken?.state.seen[0]).toBe('32')
    expect(sourceDpor(programs([[read], [write], [write]])).broken).toBeUndefined()
  })

  it('refuses a process with two actions', () => {
    const model = { ...programs([[{ kind: 'read', variable: 0 }], [{ kind: 'read', variable: 0 }]]), process: () => 0 }
    expect(() => sourceDpor(model)).toThrow('two actions')
  })
})
