import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { logged, searchBroken, searched, searchUnbroken, type ExhaustResult, type ReducedSight, type Search } from './exhaust.js'
import { exitCodeOf } from './exhaust-main.js'
import type { ScopeSight, SearchOrder } from './exhaust-search.js'

const sight: ScopeSight = {
  ...{ scope: 0, distinct: 10, generated: 20, terminals: 2, depth: 5, seconds: 1, exhausted: true, reason: '', outputs: [] },
}
const most = { reductions: ['none'], maxStates: 100, maxSeconds: 1, from: 1, scopes: 3 }
const bounds = { states: 100, seconds: 1 }
const order: SearchOrder = { reductions: 'none', scopes: [0], maxStates: 100, maxSeconds: 1, untilFound: true }

/** Shows these in each scope that is asked for. */
const shows =
  (...sights: readonly ScopeSight[]): Search =>
  ({ scopes }) =>
    Promise.resolve({ sights: sights.filter(({ scope }) => scopes.includes(scope)) })
const resultsOf = (id: string, reduced: ReducedSight): ExhaustResult => ({ id, about: '', reduced: [reduced] })

describe('a search in a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exhaust-test-'))
  const program = (source: string): string => {
    const file = join(folder, 'search.mjs')
    writeFileSync(file, source)
    return file
  }
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it('has shown what it told when it is through', async () => {
    expect(await searched(program(`console.log('${JSON.stringify(sight)}')`), order)).toEqual({ sights: [sight] })
  })

  it('has failed when it dies, whatever it told before', async () => {
    const killed = await searched(program(`console.log('${JSON.stringify(sight)}'); process.kill(process.pid, 'SIGKILL')`), order)
    expect(killed.failed).toBe('the search died (SIGKILL) behind 1 scopes')
    expect((await searched(program('process.exit(3)'), order)).failed).toBe('the search died (exit code 3) behind 0 scopes')
  })

  it('is known from a log, where it did not fail and had the same bounds', () => {
    const log = join(folder, 'log.jsonl')
    const none = { reductions: 'none', bounds, sights: [sight] }
    const lines = [
      resultsOf('one', none),
      resultsOf('one', { ...none, reductions: 'mails', failed: 'the search died' }),
      resultsOf('one', { ...none, reductions: 'credits', bounds: { states: 101, seconds: 1 } }),
      resultsOf('two', none),
    ]
    writeFileSync(log, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"id":"one","cut`)
    expect(logged({ log, maxStates: 100, maxSeconds: 1, from: 1 }, 'one')).toEqual([none])
    expect(logged({ log, maxStates: 100, maxSeconds: Infinity, from: 1 }, 'one')).toEqual([])
    expect(logged({ log, maxStates: 100, maxSeconds: 1, from: 2 }, 'one')).toEqual([])
    expect(logged({ maxStates: 100, maxSeconds: 1, from: 1 }, 'one')).toEqual([])
  })

  it('begins with the scope that it is told to', async () => {
    const asked: (readonly number[])[] = []
    const noting: Search = ({ scopes }) => {
      asked.push(scopes)
      return Promise.resolve({ sights: [] })
    }
    await searchUnbroken(noting, { ...most, from: 2 })
    await searchUnbroken(noting, most)
    expect(asked).toEqual([
      [1, 2],
      [0, 1, 2],
    ])
  })

  it('makes an error of the measurement when it dies, not a break that lives', () => {
    const reduced = { reductions: 'none', bounds, sights: [sight] }
    expect(exitCodeOf([resultsOf('', reduced)])).toBe(0)
    expect(exitCodeOf([resultsOf('one', reduced)])).toBe(1)
    expect(exitCodeOf([resultsOf('one', { ...reduced, failed: 'the search died' })])).toBe(70)
    expect(exitCodeOf([resultsOf('', { ...reduced, failed: 'the search died' })])).toBe(70)
  })
})

describe('a break that is searched by exhaustion', () => {
  const wrong = { ...sight, scope: 1, reason: 'lost' }

  it('is not found where the unbroken engine shows anything', async () => {
    const unbroken = await searchUnbroken(shows(sight, wrong, { ...sight, scope: 2 }), most)
    expect(unbroken).toEqual([{ reductions: 'none', bounds, sights: [sight, wrong, { ...sight, scope: 2 }] }])
    const [reduced] = await searchBroken(shows(sight, wrong, { ...sight, scope: 2 }), unbroken, most)
    expect(reduced).toMatchObject({ sights: [{ scope: 0 }, { scope: 2 }], spoiled: [1] })
  })

  it('is searched only where the unbroken engine was', async () => {
    const [reduced] = await searchBroken(shows(sight, wrong), await searchUnbroken(shows(sight), most), most)
    expect(reduced?.sights).toEqual([sight])
  })

  it('is not known to be what was found beyond the depth to which the unbroken engine was searched', async () => {
    const found = async (unbroken: ScopeSight) => (await searchBroken(shows(wrong), await searchUnbroken(shows(unbroken), most), most))[0]
    expect(await found({ ...sight, scope: 1 })).toEqual({ reductions: 'none', bounds, sights: [wrong] })
    expect(await found({ ...sight, scope: 1, exhausted: false, depth: 6 })).toEqual({ reductions: 'none', bounds, sights: [wrong] })
    expect(await found({ ...sight, scope: 1, exhausted: false, depth: 5 })).toMatchObject({ unconfirmed: true })
  })
})
