import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExhaustResult, ReducedSight } from './exhaust.js'
import { exhaustReductions } from './exhaust-scopes.js'
import { searchScope, type ScopeSight } from './exhaust-search.js'
import { withExhaustTables } from './exhaust-table.js'

const EMPTY = 'before\n\n<!-- exhaust: written by npm run breaks -- --exhaust -->\n\n<!-- exhaust: end -->\n\nafter\n'
const BOUNDS = { maxStates: 100, maxSeconds: 7 }
const bounds = { states: 100, seconds: 7 }
const seen: ScopeSight = {
  ...{ scope: 0, distinct: 10, generated: 20, terminals: 2, depth: 5, seconds: 1, exhausted: true, reason: '', outputs: [] },
}
const result = (id: string, ...sights: ScopeSight[]): ExhaustResult => ({
  id,
  about: 'a | b',
  reduced: [{ reductions: 'none', bounds, sights }],
})

describe('the tables of breaks that die by exhaustion', () => {
  it('tell how large each scope is, and where each break dies', () => {
    const killed = { ...seen, scope: 1, exhausted: false, reason: 'lost' }
    const results = [result('', seen, { ...seen, scope: 1, exhausted: false }), result('one', seen, killed), result('two', seen)]
    const page = withExhaustTables(EMPTY, results, BOUNDS)
    expect(page.startsWith('before\n') && page.endsWith('\nafter\n')).toBe(true)
    expect(page).toMatch(/\| 1 \| .*crashes=0` \| 10 \(2\) \|/)
    expect(page).toMatch(/\| 2 \| .*crashes=0` \| over 10 \|/)
    expect(page).not.toContain('| 3 |')
    expect(page).toContain('| `one` | a \\| b | 2: 10, 5 |')
    expect(page).toContain('up to 100 distinct states and 7 seconds')
    expect(page).toContain('Searched, and alive in all of these scopes: `two` (none).')
  })

  it('tell what was not measured, and what is not known to be the break', () => {
    const killed = { ...seen, reason: 'lost' }
    const reduced = (more: Partial<ReducedSight>) => [{ reductions: 'none', bounds, sights: [], ...more }]
    const results = [
      result('', seen, { ...seen, scope: 1, reason: 'stuck' }),
      { id: 'dead', about: '', reduced: reduced({ sights: [seen], failed: 'the search died' }) },
      { id: 'deep', about: '', reduced: reduced({ sights: [killed], unconfirmed: true }) },
    ]
    const page = withExhaustTables(EMPTY, results, BOUNDS)
    expect(page).toMatch(/\| 2 \| .*crashes=0` \| alarm: stuck \|/)
    expect(page).toContain('| `dead` |  | error of the measurement |')
    expect(page).toContain('the same with all reductions in all scopes.')
    const other = { reductions: 'mails', bounds, sights: [{ ...seen, outputs: ['another'] }] }
    const both = { ...result('', seen), reduced: [...result('', seen).reduced, other] }
    const compared = withExhaustTables(EMPTY, [both, result('one', killed)], BOUNDS)
    expect(compared).toContain('the same with all reductions but in 1.')
    const alive = { ...result('one', killed), reduced: [...result('one', killed).reduced, { reductions: 'mails', bounds, sights: [seen] }] }
    expect(withExhaustTables(EMPTY, [both, alive], BOUNDS)).toContain('| `one` | a \\| b | 1: 10, 5 | not up to 1 |')
    expect(compared).toContain('| `one` | a \\| b | 1: 10, 5 | not searched |')
    expect(page).toContain('| `deep` |  | 1: 10, 5 \\* |')
    const asymmetric = [{ reductions: 'none', bounds, sights: [{ ...seen, exhausted: false, bound: 'no symmetry: of words' }] }]
    const beside = { ...result('one', killed), reduced: [...asymmetric, { reductions: 'mails', bounds, sights: [killed] }] }
    expect(withExhaustTables(EMPTY, [both, beside], BOUNDS)).toContain('| `one` | a \\| b | 1: no symmetry | 1: 10, 5 |')
  })

  it('have their place in the page', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/check.md'), 'utf8')
    expect(withExhaustTables(page, [result('', seen)], BOUNDS)).not.toBe(page)
    expect(() => withExhaustTables('no lines', [], BOUNDS)).toThrow(/needs the lines/)
  })
})

describe('reductions at the smallest scope', { timeout: 120_000 }, () => {
  const [all, ...reduced] = exhaustReductions.map((reductions) => ({ reductions, sight: searchScope(0, reductions, 100_000) }))

  it('leave out states and no output at the end', () => {
    expect(all?.sight).toMatchObject({ exhausted: true, reason: '' })
    for (const { sight } of reduced) {
      expect(sight).toMatchObject({ exhausted: true, reason: '', outputs: all?.sight?.outputs })
      expect(sight?.distinct).toBeLessThan(all?.sight?.distinct ?? 0)
    }
  })

  it('as ample sets leave out no end', () => {
    const ends = (wanted: string) => [all, ...reduced].find((each) => each?.reductions === wanted)?.sight?.terminals
    expect(ends('ample')).toBe(ends('none'))
    expect(ends('systems,inline-state,mails,credits,ample')).toBe(ends('systems,inline-state,mails,credits'))
  })

  it('go with a scope that there is', () => {
    expect(searchScope(1000, 'none', 10)).toBeUndefined()
  })
})
