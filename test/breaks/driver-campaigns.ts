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

/** Runs a campaign of each driver for each seed, all drivers with the same seeds. What may go wrong in each cell is found out once. */
export function* driverCampaigns(
  expected: readonly string[],
  maxRuns: number,
  drivers: readonly DriverName[],
  seeds: readonly string[],
): Generator<DriverCampaign> {
  const cells = cellsOf(scenarios)
  const runners = new Map(drivers.map((driver) => [driver, new CellRunner(cells, driver)]))
  for (const seed of seeds) {
    for (const [driver, runner] of runners) {
      const began = performance.now()
      const { hit, runs } = firstHit(expected, maxRuns, seed, driver, { cells, runner })
      const seconds = Math.round((performance.now() - began) / 10) / 100
      yield { driver, seed, runs, caught: hit !== undefined, rule: hit?.rule ?? '', seconds }
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , expected = '', maxRuns = '', drivers = '', ...seeds] = process.argv
  const named = DRIVERS.filter((driver) => drivers.split(',').includes(driver))
  for (const campaign of driverCampaigns(expected.split(','), Number(maxRuns), named, seeds)) console.log(JSON.stringify(campaign))
}
