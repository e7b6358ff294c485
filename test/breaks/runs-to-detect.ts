/** Statistics of campaigns that each ended with the first run that named a break, or at their cap. */
import type { DriverCampaign } from './driver-campaigns.js'

/** How many runs a driver needs. A campaign that has not named the break within its cap needs more than any that has. */
export interface RunsToDetect {
  /** Runs of each campaign; null where its cap came first. */
  readonly runs: readonly (number | null)[]
  /** Campaigns that named the break. */
  readonly caught: number
  /** The middle one, of two the lower; null: not within the cap. */
  readonly median: number | null
  /** A quarter of the campaigns needs no more. */
  readonly lower: number | null
  /** Three quarters of the campaigns need no more. */
  readonly upper: number | null
  /** Median of what a campaign took, caught or not. */
  readonly seconds: number
}

/** The statistics of the campaigns of one driver. */
export function ofDriver(campaigns: readonly DriverCampaign[]): RunsToDetect {
  const runs = campaigns.map((campaign) => (campaign.caught ? campaign.runs : null))
  return {
    runs,
    caught: runs.filter((each) => each !== null).length,
    median: quantile(runs, 2),
    lower: quantile(runs, 1),
    upper: quantile(runs, 3),
    seconds:
      quantile(
        campaigns.map(({ seconds }) => seconds),
        2,
      ) ?? 0,
  }
}

/** The value that so many quarters of all reach, of two the lower; null where that is none. */
export function quantile(numbers: readonly (number | null)[], quarters: number): number | null {
  const sorted = numbers.map((each) => each ?? Infinity).sort((a, b) => a - b)
  const found = sorted[Math.floor(((sorted.length - 1) * quarters) / 4)] ?? Infinity
  return found === Infinity ? null : found
}
