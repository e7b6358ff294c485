import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { breaks } from './breaks.js'
import { campaignSeed, compareDrivers, loggedCampaigns, type DriversCompared } from './compare-drivers.js'
import { driversDocument, hardestFirst, inWords, withDriversTable } from './drivers-table.js'
import type { DriverCampaign } from './driver-campaigns.js'
import { breaksRequest } from './request.js'
import { ofDriver, quantile } from './runs-to-detect.js'

const EMPTY = 'before\n\n<!-- drivers: written by npm run breaks -- --drivers -->\n\n<!-- drivers: end -->\n\nafter\n'
const size = { campaigns: 4, maxRuns: 100 }

function campaign(driver: DriverCampaign['driver'], runs: number, caught = true): DriverCampaign {
  return { driver, seed: 'a', runs, caught, rule: '', seconds: 1 }
}

function compared(id: string, random: readonly DriverCampaign[], guided: readonly DriverCampaign[]): DriversCompared {
  const other = ofDriver([campaign('swarm', 7)])
  return { id, drivers: { random: ofDriver(random), guided: ofDriver(guided), swarm: other, pct: other } }
}

const easy = compared(
  'easy',
  [1, 2, 3, 9].map((runs) => campaign('random', runs)),
  [2, 2, 2, 2].map((runs) => campaign('guided', runs)),
)
const hard = compared(
  'hard',
  [campaign('random', 50), ...[100, 100, 100].map((runs) => campaign('random', runs, false))],
  [10, 20, 30, 40].map((runs) => campaign('guided', runs)),
)

describe('runs to detect', () => {
  it('have quartiles, and none where the cap came first', () => {
    expect([1, 2, 3].map((quarters) => quantile([4, 3, 2, 1, 5], quarters))).toEqual([2, 3, 4])
    expect([1, 2, 3].map((quarters) => quantile([null, 3, null, 1], quarters))).toEqual([1, 3, null])
    expect(quantile([], 2)).toBeNull()
    expect(hard.drivers.random).toMatchObject({ caught: 1, runs: [50, null, null, null], lower: 50, median: null, upper: null })
  })

  it('are told with their cap', () => {
    expect(inWords(easy.drivers.random, 100)).toBe('2 (1–3)')
    expect(inWords(ofDriver([]), 100)).toBe('not measured')
    expect(inWords(hard.drivers.random, 100)).toBe('not within 100 (1 of 4)')
    expect(inWords(ofDriver([campaign('pct', 5), campaign('pct', 9), campaign('pct', 100, false), campaign('pct', 100, false)]), 100)).toBe(
      '9 (5–> 100)',
    )
  })
})

describe('the table of drivers', () => {
  it('has the hardest first, keeps the rows that were not measured now, and replaces those that were', () => {
    const once = withDriversTable(EMPTY, [easy], size)
    const page = withDriversTable(once, [hard], size)
    expect(page.startsWith('before\n') && page.endsWith('\nafter\n')).toBe(true)
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    expect(rows).toEqual([
      '| `hard` | 1 to 4 | not within 100 (1 of 4) | 7 (7–7) | 7 (7–7) | 20 (10–30) | < 0.20 |',
      '| `easy` | 1 to 4 | 2 (1–3) | 7 (7–7) | 7 (7–7) | 2 (2–2) | 1.00 |',
    ])
    expect(withDriversTable(page, [hard, easy], size)).toBe(page)
    expect(() => withDriversTable('nothing', [], size)).toThrow('the page needs the lines')
  })

  it('is a document, too', () => {
    const document = driversDocument([easy, hard], size)
    expect(document).toMatchObject({ schema: 1, campaigns: 4, maxRuns: 100 })
    expect(document.hardest).toEqual([
      { id: 'hard', guidedToRandom: null },
      { id: 'easy', guidedToRandom: 1 },
    ])
    expect(document.breaks[1]).toMatchObject({ id: 'easy', guided: { median: 2, caught: 4, runs: [2, 2, 2, 2] } })
    expect(hardestFirst([easy, hard]).map(({ id }) => id)).toEqual(['hard', 'easy'])
  })
})

describe('a comparison of drivers', () => {
  it(
    'runs all campaigns in one broken copy, stops each when the break is named, and goes on where its log ends',
    { timeout: 240_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'drivers-test-'))
      const log = join(folder, 'log.jsonl')
      const root = join(import.meta.dirname, '../..')
      const chosen = breaks.filter(({ id }) => id === 'ack-before-durable')
      const [first] = await compareDrivers(root, chosen, { campaigns: 1, maxRuns: 20, log })
      const logged = loggedCampaigns(log)
      expect(logged.map(({ driver, seed, caught }) => [driver, seed, caught])).toEqual(
        ['swarm', 'random', 'pct', 'guided'].map((driver) => [driver, campaignSeed(1), true]),
      )
      expect(Math.max(...logged.map(({ runs }) => runs))).toBeLessThan(20)
      const told = readFileSync(log, 'utf8').replace(/"seconds":[0-9.]+/g, '"seconds":77')
      writeFileSync(log, told)
      const [again] = await compareDrivers(root, chosen, { campaigns: 1, maxRuns: 20, log })
      expect(again?.drivers.guided).toMatchObject({ runs: first?.drivers.guided.runs, seconds: 77 })
      expect(readFileSync(log, 'utf8')).toBe(told)
      rmSync(folder, { recursive: true })
    },
  )
})

describe('a request', () => {
  it('is refused with what is wrong', () => {
    expect(breaksRequest(['--drivers', '--campaigns', '20', '--log', 'x'])).toMatchObject({ what: 'drivers', campaigns: 20, log: 'x' })
    const refused = (...args: string[]) => Object.values(breaksRequest(args))[0]
    expect(refused('--drivers', '--only', 'nothing')).toMatch(/^there is no break nothing; there are /)
    expect(refused('--drivers', '--campaigns', '0')).toBe('--campaigns 0: a whole number above 0 is needed')
    expect(refused('--drivers', '--explain')).toBe('--explain and --drivers: one at a time')
    expect(refused('--log', 'x')).toBe('--log: only with --drivers or --exhaust')
  })
})
