/** Runs a generated job under generated faults, and says in a failure how to run it again. */
import fc from 'fast-check'
import type { JudgeVerdict } from '../src/guarantees/index.js'
import type { JobStatus } from '../src/history/index.js'
import { runExperiment } from '../src/search/experiment.js'
import { faultMenu } from '../src/search/fault-menu.js'
import type { Mode } from '../src/search/scenario.js'
import { faults, jobs, seeds } from './arbitraries.js'
import { planOf, type GeneratedFault } from './generated-faults.js'
import { configurationOf, scenarioOf, type GeneratedJob } from './generated-job.js'

/** What came of a run. */
export interface GeneratedRun {
  readonly status: JobStatus
  readonly verdict: JudgeVerdict
}

/** Runs of each property; a few seconds. */
const RUNS = 40

/** How a property is checked: which jobs it is about, and the seed of fast-check, so that a test always draws the same. */
interface Checked {
  readonly mode: Mode
  readonly sink?: GeneratedJob['sink']
  readonly seed: number
}

/** Checks that `broken` has nothing to say of any run; what it says names the first thing that is wrong. Gives the runs it saw. */
export function checkEveryRun({ mode, sink, seed }: Checked, broken: (run: GeneratedRun) => string | undefined): GeneratedRun[] {
  const runs: GeneratedRun[] = []
  const property = fc.property(jobs(sink), faults, seeds, (job, some, runSeed) => {
    const run = runGenerated(job, some, mode, runSeed)
    const complaint = broken(run)
    if (complaint !== undefined) throw new Error(`${complaint}\n${inWords(job, some, mode, runSeed)}`)
    runs.push(run)
  })
  fc.assert(property, { numRuns: RUNS, seed })
  return runs
}

/** Runs a job once without faults, to learn what there is to strike, and once with them. */
export function runGenerated(job: GeneratedJob, some: readonly GeneratedFault[], mode: Mode, seed: string): GeneratedRun {
  const scenario = scenarioOf(job)
  const { status, verdict } = runExperiment({ scenario, mode, seed, plan: planOf(some, faultMenu(scenario, mode)) })
  if (verdict === undefined) throw new Error('the run was not judged')
  return { status, verdict }
}

/** The plan as it was carried out, and the configuration in full. */
function inWords(job: GeneratedJob, some: readonly GeneratedFault[], mode: Mode, seed: string): string {
  const plan = planOf(some, faultMenu(scenarioOf(job), mode))
  const { settings: _, ...graph } = job
  return [
    `mode ${mode}, seed '${seed}'`,
    `job ${JSON.stringify(graph)}`,
    `configuration ${JSON.stringify(configurationOf(job, mode))}`,
    `plan ${JSON.stringify(plan)}`,
  ].join('\n')
}
