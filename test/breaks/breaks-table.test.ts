import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Break, TestedBreak } from './break.js'
import { breaks, testedBreaks } from './breaks.js'
import { breaksInTable, withBreaksTable } from './breaks-table.js'
import type { BreakResult } from './run-break.js'

const EMPTY = 'before\n\n<!-- breaks: written by npm run breaks -->\n\n<!-- breaks: end -->\n\nafter\n'
const change = { file: 'a.ts', find: 'a', replace: 'b' }
const all: readonly (Break | TestedBreak)[] = [
  { id: 'one', about: 'a | b', ...change, expected: ['progress'] },
  { id: 'two', about: 'c', ...change, tests: 'src/a.test.ts' },
]
const nothing = { anomaly: '', expected: [], campaigns: [], secondsToName: 0, shrunk: [], at: '', seen: {} }
const one: BreakResult = {
  ...nothing,
  id: 'one',
  caught: true,
  guarantee: 'progress',
  runs: 7,
  seconds: 1.25,
  secondsToName: 1.25,
  message: '',
}
const two: BreakResult = { ...nothing, id: 'two', caught: false, guarantee: '', runs: 0, seconds: 1, message: '' }

describe('the tables of breaks', () => {
  it('have a row for each break, between what is written by hand', () => {
    const page = withBreaksTable(EMPTY, all, [one, two])
    expect(page.startsWith('before\n') && page.endsWith('\nafter\n')).toBe(true)
    expect(page).toContain('1 of 2 are caught')
    expect(page).toContain('| `one` | a \\| b | `progress` | `progress` | 7 | 1.3 |')
    expect(page).toContain('| `two` | c | `a.test.ts` | **nobody** |')
    expect(breaksInTable(page)).toEqual(['one', 'two'])
  })

  it('keep what was measured before, and say what never was', () => {
    const page = withBreaksTable(withBreaksTable(EMPTY, all, [one]), all, [{ ...two, caught: true, message: 'says so' }])
    expect(page).toContain('| `one` | a \\| b | `progress` | `progress` | 7 | 1.3 |')
    expect(page).toContain('| `two` | c | `a.test.ts` | says so |')
    expect(withBreaksTable(EMPTY, all, [one])).toContain('| `two` | c | `a.test.ts` | **not measured** |')
    expect(breaksInTable(withBreaksTable(page, all.slice(1), []))).toEqual(['two'])
  })

  it('need a page to stand in', () => {
    expect(() => withBreaksTable('nothing', all, [])).toThrow('the page needs the lines')
  })

  it('of docs/breaks.md name the breaks that there are', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/breaks.md'), 'utf8')
    expect([...breaksInTable(page)].sort()).toEqual([...breaks, ...testedBreaks].map(({ id }) => id).sort())
  })
})
