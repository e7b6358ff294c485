import { describe, expect, it } from 'vitest'
import type * as check from '../../src/check/index.js'
import type { CheckResult, Model } from '../../src/check/index.js'
import { counters } from './fixtures/counters.mjs'
import { twoPhase } from './two-phase.js'

// Threads run what is compiled only.
const built = new URL('../../dist/', import.meta.url)
const { checker, checkInWorkers } = (await import(new URL('src/check/index.js', built).href)) as typeof check

const models = { module: new URL('test/models/two-phase.js', built), name: 'twoPhase' }
const fixture = new URL('./fixtures/counters.mjs', import.meta.url)

/** What must be the same for any number of threads. */
function compared({ seconds: _, visitedBytes: _bytes, longestQueue: _queue, ...rest }: CheckResult): Partial<CheckResult> {
  return rest
}

type Claims = Parameters<typeof counters>[0]

const alone = (claims: Claims) => checker(counters(claims) as Model<unknown, unknown>)
const together = (claims: Claims, workers: number, more = {}) =>
  checkInWorkers({ module: fixture, name: 'counters', argument: claims }, { workers, ...more })

describe('several threads', () => {
  it.each([1, 2, 3])('count two-phase commit as one does: %i', async (workers) => {
    const expected = compared(checker(twoPhase(5)).breadthFirst())
    expect(expected).toMatchObject({ distinct: 8_832, generated: 58_146, depth: 17, verdict: 'holds' })
    expect(compared(await checkInWorkers({ ...models, argument: 5 }, { workers }))).toEqual(expected)
  })

  it.each([1, 2, 3])('move states where one has more to do, and count the same: %i', async (workers) => {
    const claims = { count: 4, limit: 7 }
    expect(compared(await together(claims, workers))).toEqual(compared(alone(claims).breadthFirst()))
  })

  it.each([1, 2, 3])('find the same counterexample, and nothing beyond it: %i', async (workers) => {
    const claims = { count: 4, limit: 6, never: 12 }
    const expected = compared(alone(claims).breadthFirst())
    expect(expected.verdict).toBe('violated')
    expect(compared(await together(claims, workers))).toEqual(expected)
  })

  it.each([1, 2])('stop at the same bounds: %i', async (workers) => {
    const claims = { count: 4, limit: 4, boundary: 9 }
    const states = compared(alone({ count: 4, limit: 4 }).maxStates(100).breadthFirst())
    expect(compared(await together({ count: 4, limit: 4 }, workers, { maxStates: 100 }))).toEqual(states)
    const depth = compared(alone({ count: 4, limit: 4 }).maxDepth(6).breadthFirst())
    expect(depth.bounds).toEqual([{ bound: 'depth', states: 56 - 4 }])
    expect(compared(await together({ count: 4, limit: 4 }, workers, { maxDepth: 6 }))).toEqual(depth)
    expect(compared(await together(claims, workers))).toEqual(compared(alone(claims).breadthFirst()))
  })

  it.each([1, 2])('name a model that throws, with the way there: %i', async (workers) => {
    const claims = { count: 3, limit: 5, throwsAt: 6 }
    const expected = compared(alone(claims).breadthFirst())
    expect(expected.defect).toMatchObject({ kind: 'throws', during: 'next 1' })
    expect(compared(await together(claims, workers))).toEqual(expected)
  })

  it('name a model that is not deterministic, and one that does not end', async () => {
    const random = await together({ count: 3, limit: 3, changesAt: 4 }, 2)
    expect(random).toMatchObject({ verdict: 'incomplete', defect: { kind: 'not-deterministic' } })
    const claims = { count: 3, limit: 3, loopsAt: 4 }
    const expected = compared(alone(claims).maxStepSeconds(0.5).breadthFirst())
    expect(expected).toMatchObject({ verdict: 'incomplete', defect: { kind: 'does-not-end' } })
    expect(compared(await together(claims, 2, { maxStepSeconds: 0.5 }))).toEqual(expected)
  })

  it('are ended by a signal, by time and by memory, and that is no verdict', async () => {
    const claims = { count: 8, limit: 9 }
    const signal = AbortSignal.timeout(200)
    expect(await together(claims, 2, { signal })).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'interrupted' }] })
    expect(await together(claims, 2, { maxSeconds: 0.2 })).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'seconds' }] })
    expect(await together(claims, 2, { maxBytes: 3e6 })).toMatchObject({ verdict: 'incomplete', bounds: [{ bound: 'memory' }] })
  })

  it('count the same with another seed', async () => {
    const result = await together({ count: 3, limit: 4 }, 2, { secondSeed: true })
    expect(result).toMatchObject({ distinct: 125, verdict: 'holds', secondSeed: { distinct: 125, equal: true } })
  })

  const missing = new URL('./fixtures/nowhere.mjs', import.meta.url)
  it.each([
    ['no workers', { module: fixture, name: 'counters', argument: { count: 1, limit: 1 } }, 0, /^0 workers: a whole number from 1 to 256/],
    ['half a worker', { module: fixture, name: 'counters', argument: { count: 1, limit: 1 } }, 1.5, /^1.5 workers/],
    ['a module that is not there', { module: missing }, 2, /nowhere\.mjs cannot be imported/],
    ['an export that is not there', { module: fixture }, 2, /has no export default; it has counters, noModel/],
    ['an export that is no model', { module: fixture, name: 'noModel' }, 2, /noModel of .* is no model: name, initial/],
  ])('refuse %s', async (_what, source, workers, message) => {
    await expect(checkInWorkers(source, { workers })).rejects.toThrow(message)
  })
})
