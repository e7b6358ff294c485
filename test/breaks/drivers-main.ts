/** `npm run breaks -- --drivers`: how many runs each driver needs until a break is named. */
import { compareDrivers, type DriversCompared } from './compare-drivers.js'
import { breaks } from './breaks.js'
import { driversDocument, hardestFirst, inWords, ratio } from './drivers-table.js'

/** What is asked for. */
export interface DriversMain {
  readonly only: readonly string[] | undefined
  readonly campaigns: number
  readonly maxRuns: number
  readonly json: boolean
  readonly log: string | undefined
}

/** Compares the drivers on breaks of campaigns; undefined where one of them is none. */
export async function driversMain(
  root: string,
  { only, campaigns, maxRuns, json, log }: DriversMain,
): Promise<DriversCompared[] | undefined> {
  const unknown = (only ?? []).filter((id) => !breaks.some((broken) => broken.id === id))
  if (unknown.length > 0) {
    console.error(`no campaign has to find ${unknown.join(', ')}; they have to find ${breaks.map(({ id }) => id).join(', ')}`)
    return undefined
  }
  const chosen = breaks.filter(({ id }) => only === undefined || only.includes(id))
  const results = await compareDrivers(root, chosen, {
    campaigns,
    maxRuns,
    ...(log !== undefined && { log }),
    told: (result) => {
      if (!json) print(result, maxRuns)
    },
  })
  if (json) console.log(JSON.stringify(driversDocument(results, { campaigns, maxRuns })))
  else printHardest(results)
  return results
}

function print({ id, drivers: { random, swarm, pct, guided } }: DriversCompared, maxRuns: number): void {
  const each = Object.entries({ random, swarm, pct, guided }).map(([driver, runs]) => `${driver} ${inWords(runs, maxRuns)}`)
  console.log(`${id.padEnd(34)} ${each.join('  ')}`)
}

function printHardest(results: readonly DriversCompared[]): void {
  const hardest = hardestFirst(results).slice(0, 5)
  console.log(
    `hardest for random: ${hardest.map(({ id, drivers }) => `${id} (guided : random ${ratio(drivers)?.toFixed(2) ?? '?'})`).join(', ')}`,
  )
}
