/** The document of `npm run breaks -- --json`. */
import { ALLOWANCE, minimalRuns } from './minimal-runs.js'
import { median, type BreakResult } from './run-break.js'

/** Version of the document. */
const SCHEMA = 1

/** What came of each break; medians over the campaigns. */
export function breaksDocument(results: readonly BreakResult[]) {
  return { schema: SCHEMA, campaigns: Math.max(0, ...results.map(({ campaigns }) => campaigns.length)), breaks: results.map(entry) }
}

function entry(result: BreakResult) {
  const { id, caught, guarantee, anomaly, expected, campaigns, runs, seconds, secondsToName, shrunk, message, at, seen } = result
  return {
    id,
    caught,
    guarantee,
    anomaly,
    // A unit test that fails is always the one that was meant to.
    expected: caught && (campaigns.length === 0 || expected.includes(guarantee)),
    runsMedian: runs,
    secondsMedian: secondsToName,
    faultsLeft: median(shrunk.map(({ faults }) => faults)),
    recordsLeft: median(shrunk.map(({ records }) => records)),
    /** Beyond what was asked for: who may name it, each campaign, how long shrinking took, and the smallest run with its token. */
    rules: expected,
    campaigns,
    shrinkSecondsMedian: median(shrunk.map((each) => each.seconds)),
    shrinkProcessorSecondsMedian: median(shrunk.map((each) => each.processorSeconds)),
    ...smallest(result),
    ...comparison(result),
    seconds,
    message,
    at,
    seen,
  }
}

function smallest({ shrunk }: BreakResult) {
  const [first] = shrunk.toSorted((a, b) => 3 * a.faults + a.records - 3 * b.faults - b.records)
  return first === undefined ? {} : { plan: first.plan, replay: first.token }
}

/** Beside the smallest run that somebody has written down, where there is one. */
function comparison({ id, shrunk }: BreakResult) {
  const known = minimalRuns.find((each) => each.id === id)
  if (known === undefined || shrunk.length === 0) return {}
  const faults = median(shrunk.map((each) => each.faults)) - known.faults
  const records = median(shrunk.map((each) => each.records)) - known.records
  return { known: { faults: known.faults, records: known.records, near: faults <= ALLOWANCE.faults && records <= ALLOWANCE.records } }
}
