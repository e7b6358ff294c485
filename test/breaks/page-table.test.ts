import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BreakExplained } from './explain-break.js'
import { allChains } from './explain-main.js'
import { compareChain } from './explain-breaks.js'
import { withExplainedTable } from './explained-table.js'
import { withTable, type PageTable } from './page-table.js'
import type { BreakResult } from './run-break.js'
import { withShrunkTable } from './shrunk-table.js'

const TABLE: PageTable = { begin: '<!-- b -->', end: '<!-- e -->', columns: ['name', 'runs'], numbers: [1] }
const EMPTY = 'above\n<!-- b -->\n<!-- e -->\nbelow\n'
const docs = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

describe('a table of a page', () => {
  it('keeps the rows that were not measured now, in the order of the names, and drops those without a name', () => {
    const first = withTable(
      EMPTY,
      TABLE,
      new Map([
        ['b', ['1']],
        ['gone', ['2']],
      ]),
      ['b', 'gone'],
    )
    const page = withTable(first, TABLE, new Map([['a', ['3']]]), ['a', 'b', 'c'])
    expect(page).toBe('above\n<!-- b -->\n\n| name | runs |\n| --- | ---: |\n| `a` | 3 |\n| `b` | 1 |\n\n<!-- e -->\nbelow\n')
  })

  it('needs a page to stand in', () => {
    expect(() => withTable('nothing', TABLE, new Map(), [])).toThrow('the page needs the lines <!-- b --> and <!-- e -->')
  })
})

describe('the table of runs made small', () => {
  const shrunk = (faults: number, records: number, ...without: string[]) => ({
    token: '',
    faults,
    records,
    plan: [],
    seconds: 9,
    processorSeconds: 2.25,
    without,
  })
  const result = (id: string, ...all: ReturnType<typeof shrunk>[]): BreakResult => ({
    id,
    caught: true,
    guarantee: '',
    anomaly: '',
    expected: [],
    campaigns: [],
    runs: 1,
    seconds: 1,
    secondsToName: 1,
    shrunk: all,
    message: '',
    at: '',
    seen: {},
  })
  const page = '<!-- shrunk: written by npm run breaks -->\n<!-- shrunk: end -->'

  it('has medians, what could be spared, and says what is too far from the run written by hand', () => {
    const near = result('no-commit-on-restore', shrunk(1, 2, 'Count'), shrunk(1, 3, 'Filter', 'Count'), shrunk(2, 9))
    const far = result('late-ack-completes', shrunk(1, 3))
    const rows = withShrunkTable(page, ['late-ack-completes', 'no-commit-on-restore', 'other'], [near, far, result('other')]).split('\n')
    expect(rows).toContain('| `no-commit-on-restore` | 3 | 1 | 3 | 1 fault, 1 record | Count, Filter | 2.3 |')
    expect(rows).toContain('| `late-ack-completes` | 1 | 1 | 3 | 1 fault, 0 records: **too far** |  | 2.3 |')
    expect(rows.some((row) => row.includes('other'))).toBe(false)
  })

  it('of docs/breaks.md stays within three faults and ten records, and near to what was written by hand', () => {
    const rows =
      docs('breaks.md')
        .split('<!-- shrunk: ')[1]
        ?.split('\n')
        .filter((row) => row.startsWith('| `')) ?? []
    expect(rows.length).toBeGreaterThanOrEqual(30)
    const far = rows.filter((row) => {
      const [, , , faults, records] = row.split('|')
      return Number(faults) > 3 || Number(records) > 10 || row.includes('too far')
    })
    expect(far).toEqual([])
  })
})

describe('the table of explanations', () => {
  const page = '<!-- explained: written by npm run breaks -- --explain -->\n<!-- explained: end -->'
  const explained = (...kinds: string[]): BreakExplained => ({
    rule: '',
    scenario: '',
    seed: '',
    plan: [],
    because: kinds.map((kind) => ({ kind, words: '', timeUs: 0 })),
    certain: null,
    seconds: 0,
    tries: 0,
  })

  it('says what agrees, and what is missing where something does not', () => {
    const chain = { id: 'x', rule: 'r', chain: ['checkpoint-triggered', 'fault'] } as const
    const row = (...kinds: string[]) => withExplainedTable(page, [chain], [compareChain(chain, explained(...kinds))]).split('\n')[4]
    expect(row('checkpoint-triggered', 'fault')).toBe('| `x` | `r` | checkpoint-triggered, fault | checkpoint-triggered, fault | agrees |')
    expect(row('fault')).toContain('| **differs**: without checkpoint-triggered |')
    expect(withExplainedTable(page, [chain], [compareChain(chain, null)])).toContain(
      '| not found | **differs**: without checkpoint-triggered, fault |',
    )
  })

  it('of docs/explanations.md has all chains as they are written, and all agree', () => {
    const rows =
      docs('explanations.md')
        .split('<!-- explained: ')[1]
        ?.split('\n')
        .filter((row) => row.startsWith('| `')) ?? []
    const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()))
    expect(cells.map(([, id, rule, chain]) => [id, rule, chain])).toEqual(
      allChains.map(({ id, rule, chain }) => [`\`${id}\``, `\`${rule}\``, chain.join(', ')]),
    )
    expect(cells.filter((row) => row[5] !== 'agrees')).toEqual([])
  })
})
