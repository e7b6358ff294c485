/** The example of `docs/check.md`, word for word, and what the page says of it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { always, checker, eventually, sometimes, type Model } from '../../src/check/index.js'

interface Copying {
  readonly offset: number
  readonly held: number | null
  readonly written: readonly number[]
  readonly crashes: number
}
type Step = 'read' | 'write' | 'commit' | 'crash'

const copying: Model<Copying, Step> = {
  name: 'copying',
  initial: () => [{ offset: 0, held: null, written: [], crashes: 1 }],
  actions: ({ offset, held, written, crashes }) => {
    if (offset === 2) return []
    const next: Step = held === null ? 'read' : written.includes(held) ? 'commit' : 'write'
    return crashes > 0 ? [next, 'crash'] : [next]
  },
  next: (state, step) => {
    if (step === 'read') return { ...state, held: state.offset }
    if (step === 'write') return { ...state, written: [...state.written, state.held ?? -1] }
    if (step === 'commit') return { ...state, held: null, offset: state.offset + 1 }
    return { ...state, held: null, crashes: state.crashes - 1 }
  },
  properties: [
    always('nothing is written twice', ({ written }) => new Set(written).size === written.length),
    sometimes('a crash between write and commit', ({ crashes, written, offset }) => crashes === 0 && written.length > offset),
    eventually('everything is written', ({ written }) => written.length >= 2),
  ],
}

/** The worker that does not look at what it has written: whether it wrote is forgotten with the crash. */
const forgetful: Model<Copying & { readonly wrote: boolean }, Step> = {
  name: 'forgetful copying',
  properties: copying.properties,
  initial: () => [{ offset: 0, held: null, written: [], crashes: 1, wrote: false }],
  actions: ({ offset, held, wrote, crashes }) => {
    if (offset === 2) return []
    const next: Step = held === null ? 'read' : wrote ? 'commit' : 'write'
    return crashes > 0 ? [next, 'crash'] : [next]
  },
  next: (state, step) => ({ ...copying.next(state, step), wrote: step === 'write' }),
}

describe('the example of the page about the checker', () => {
  it('is the text of this test', () => {
    const code = /```ts\n(interface Copying[\s\S]*?)\nconst result/.exec(readFileSync('docs/check.md', 'utf8'))?.[1] ?? 'no example'
    expect(readFileSync('test/models/example.test.ts', 'utf8')).toContain(code)
  })

  it('holds', () => {
    expect(checker(copying).breadthFirst()).toMatchObject({ verdict: 'holds', exhausted: true })
  })

  it('is violated by the worker that does not look', () => {
    const { verdict, counterexample } = checker(forgetful).breadthFirst()
    expect(verdict).toBe('violated')
    expect(counterexample?.steps.map(({ action }) => action)).toEqual([undefined, '"read"', '"write"', '"crash"', '"read"', '"write"'])
  })
})
