/**
 * `npm run bench -- --json`: all workloads in one run, each beside the yardstick, so that a slow machine slows both.
 * A workload is measured in rounds that alternate with the others; what is printed is the median round.
 */
import { bareLoop } from './bare-loop.js'
import { campaignRuns, completeRuns } from './complete-runs.js'
import { engineKafka } from './engine-kafka.js'
import { certaintyCost, experimentForks } from './experiment-forks.js'
import { twoPhasePlain } from './two-phase-plain.js'
import { forkMicroseconds, worldRing } from './world-ring.js'

/** Something that is repeated and counted. */
interface Workload {
  /** Its field in the JSON document. */
  readonly field: string
  /** Does so many and returns something that depends on all of them. */
  readonly run: (seed: string, count: number) => string
  readonly count: number
}

/** Events are world steps. With the warm-up there are 10,000 complete runs, after which the peak of memory is read. */
const workloads: readonly Workload[] = [
  { field: 'bareLoopEventsPerSecond', run: bareLoop, count: 1_500_000 },
  { field: 'worldEventsPerSecond', run: worldRing, count: 1_500_000 },
  { field: 'engineEventsPerSecond', run: engineKafka, count: 400_000 },
  { field: 'runsPerSecond', run: completeRuns, count: 1_250 },
  { field: 'campaignRunsPerSecond', run: campaignRuns, count: 100 },
]

const ROUNDS = 7

/** Per second, in every round after the first, which only warms up. */
function measure(): Map<string, number[]> {
  const rates = new Map<string, number[]>(workloads.map(({ field }) => [field, []]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { field, run, count } of workloads) {
      const start = performance.now()
      run(`round ${round}`, count)
      if (round > 0) rates.get(field)?.push((1000 * count) / (performance.now() - start))
    }
  }
  return rates
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

/** Median over the rounds of one rate as a part of another, measured side by side. */
function ratio(part: readonly number[] = [], whole: readonly number[] = []): number {
  return median(part.map((rate, round) => rate / (whole[round] ?? rate)))
}

const rates = measure()
const bare = rates.get('bareLoopEventsPerSecond')
const report = {
  schema: 1,
  ...Object.fromEntries([...rates].map(([field, values]) => [field, Math.round(median(values))])),
  worldPerBare: Number(ratio(rates.get('worldEventsPerSecond'), bare).toFixed(3)),
  enginePerBare: Number(ratio(rates.get('engineEventsPerSecond'), bare).toFixed(3)),
  forkMicroseconds: Number(forkMicroseconds('fork').toFixed(1)),
  // Kilobytes of the operating system are 1,024 bytes.
  peakMemoryMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
  ...experimentForks(),
  ...certaintyCost(),
  // Last, because it takes so much memory that whatever came after it would be slower.
  twoPhasePlainStatesPerSecond: Math.round(twoPhasePlain()),
}

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
else for (const [field, value] of Object.entries(report)) process.stdout.write(`${field.padEnd(28)}${value.toLocaleString('en')}\n`)
