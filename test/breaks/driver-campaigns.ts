/**
 * Campaigns of several drivers from one broken copy, each until one of the expected rules names the break. Prints one line of JSON for
 * each, as soon as it has ended: what was measured stands, also when the rest is cut off.
 */
import { pathToFileURL } from 'node:url'
import { scenarios } from '../../scenarios/index.js'
import { CellRunner, cellsOf } from '../../src/search/cell.js'
import { DRIVERS, type DriverName } from '../../src/search/drivers/driver-name.js'
import { firstHit } from './default-campaign.js'

/** What came of one campaign. */
export interface DriverCampaign {
  readonly driver: DriverName
  /** Of the campaign. */
  readonly seed: string
  /** Until the break was named; all of them when it was not. */
  readonly runs: number
  readonly caught: boolean
  /** The rule that named it; '' when none did. */
  readonly rule: string
  readonly seconds: number
}

/** Runs these campaigns one after the other. What may go wrong in each cell is found out once for each driver. */
export function* driverCampaigns(
  expected: readonly string[],
  maxRuns: number,
  campaigns: readonly Pick<DriverCampaign, 'driver' | 'seed'>[],
): Generator<DriverCampaign> {
  const cells = cellsOf(scenarios)
  const runners = new Map(DRIVERS.map((driver) => [driver, new CellRunner(cells, driver)]))
  for (const { driver, seed } of campaigns) {
    const began = performance.now()
    const { hit, runs } = firstHit(expected, maxRuns, seed, driver, { cells, runner: runners.get(driver) ?? new CellRunner(cells, driver) })
    const seconds = Math.round((performance.now() - began) / 10) / 100
    yield { driver, seed, runs, caught: hit !== undefined, rule: hit?.rule ?? '', seconds }
  }
}

function named(text: string): Pick<DriverCampaign, 'driver' | 'seed'> {
  const [name, seed] = text.split(':')
  const driver = DRIVERS.find((candidate) => candidate === name)
  if (driver === undefined || seed === undefined) throw new RangeError(`${text}: a driver and a seed are needed`)
  return { driver, seed }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , expected = '', maxRuns = '', ...campaigns] = process.argv
  for (const campaign of driverCampaigns(expected.split(','), Number(maxRuns), campaigns.map(named))) console.log(JSON.stringify(campaign))
}
