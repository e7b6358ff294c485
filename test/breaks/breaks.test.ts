/** The breaks themselves: each can be made, names rules that exist, and the quickest of them are caught. All of them: `npm run breaks`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { breaks, testedBreaks } from './breaks.js'
import { occurrences } from './broken-copy.js'
import { runBreaks } from './run-break.js'

const root = join(import.meta.dirname, '../..')
const all = [...breaks, ...testedBreaks]

describe('a break', () => {
  it('changes a text that occurs exactly once', () => {
    expect(all.filter((broken) => occurrences(root, broken) !== 1).map(({ id, file }) => `${id} in ${file}`)).toEqual([])
    expect(all.filter(({ find, replace }) => find === replace).map(({ id }) => id)).toEqual([])
  })

  it('has a name of its own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  })

  it('expects rules that there are', () => {
    const folder = join(root, 'src/guarantees')
    const oracles = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const sources = oracles.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
    const unknown = breaks.flatMap(({ id, expected }) =>
      expected.filter((rule) => !sources.includes(`'${rule}'`)).map((rule) => `${id}: ${rule}`),
    )
    expect(unknown).toEqual([])
    expect(breaks.filter(({ expected }) => expected.length === 0).map(({ id }) => id)).toEqual([])
  })
})

describe('the default campaign', () => {
  it('names the quickest breaks, and nothing where nothing is broken', { timeout: 240_000 }, async () => {
    const quick = ['offset-before-emit', 'no-commit-on-restore']
    const chosen = breaks.filter(({ id }) => quick.includes(id))
    const harmless = {
      id: 'harmless',
      about: 'another number for the same lane',
      file: 'src/engine/lanes.ts',
      find: 'MAX_CHANNELS = 48',
      replace: 'MAX_CHANNELS = 47 + 1',
      expected: ['consistent-cut'],
    }
    const told: string[] = []
    const results = await runBreaks(root, [...chosen, harmless], { maxRuns: 24, told: ({ id }) => told.push(id) })
    expect(told).toEqual([...quick, 'harmless'])
    expect(results.map(({ id, caught }) => [id, caught])).toEqual([...quick.map((id) => [id, true]), ['harmless', false]])
    for (const { guarantee, expected } of results.slice(0, -1)) expect(expected).toContain(guarantee)
    expect(results.at(-1)).toMatchObject({ guarantee: '', runs: 24, seen: {} })
  })

  it('cannot be run with a break that cannot be made', async () => {
    const gone = { id: 'gone', about: '', file: 'src/engine/lanes.ts', find: 'nowhere', replace: '', expected: ['progress'] }
    await expect(runBreaks(root, [gone])).rejects.toThrow('break gone: its text occurs 0 times in src/engine/lanes.ts, not once')
  })
})

describe('unit tests', () => {
  it('name a break that no history shows', { timeout: 120_000 }, async () => {
    const results = await runBreaks(root, testedBreaks.slice(0, 1))
    expect(results.map(({ caught, guarantee }) => [caught, guarantee])).toEqual([[true, 'unit test']])
  })
})
