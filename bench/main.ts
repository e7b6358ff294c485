/**
 * `npm run bench -- --json`: all measurements in one run, one after the other, each in a process of its own, beside the yardstick where
 * it is a rate. What one workload has done to the heap and to the compiled code of a process (types it has seen, optimised code it has
 * thrown away) is no property of the next one: nobody who runs a campaign has run the others before. A process has as much memory for
 * young objects as a worker of a campaign, and V8 makes them as it does under the command line.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { YOUNG_GENERATION_MB } from '../src/search/index.js'
import { median } from './beside-bare-loop.js'
import { measurements, type Figures } from './measurements.js'

/** Makes this process the one of a measurement, whose name follows. */
const MEASURE = '--measure'

const [flag, name = ''] = process.argv.slice(2)
if (flag === MEASURE) process.stdout.write(JSON.stringify(await measurements.get(name)?.()))
else print(reportOf([...measurements.keys()].map(inProcessOfItsOwn)))

function inProcessOfItsOwn(measurement: string): Figures {
  const memory = [`--max-semi-space-size=${String(YOUNG_GENERATION_MB / 3)}`, '--no-allocation-site-pretenuring']
  const output = execFileSync(process.execPath, [...memory, fileURLToPath(import.meta.url), MEASURE, measurement], { encoding: 'utf8' })
  return JSON.parse(output) as Figures
}

/** All figures in one; the yardstick's is the median of the processes. */
function reportOf(parts: readonly Figures[]): Figures {
  const bare = parts.flatMap(({ barePerSecond }) => barePerSecond ?? [])
  const figures = parts.map((part) => Object.fromEntries(Object.entries(part).filter(([field]) => field !== 'barePerSecond')))
  return Object.assign({ schema: 1, bareLoopEventsPerSecond: median(bare) }, ...figures) as Figures
}

function print(report: Figures): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
  else for (const [field, value] of Object.entries(report)) process.stdout.write(`${field.padEnd(30)}${value.toLocaleString('en')}\n`)
}
