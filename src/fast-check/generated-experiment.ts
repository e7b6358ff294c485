import fc from 'fast-check'
import { faultMenu, runExperiment, type Experiment, type ExperimentOptions, type ExperimentResult, type Mode } from '../search/index.js'
import { generatedFaults, seeds, type FaultConstraints } from './fault-arbitraries.js'
import { planAgainst, type GeneratedFault } from './generated-faults.js'
import type { GeneratedJob } from './generated-job.js'
import { scenarioOf } from './generated-scenario.js'
import { jobs, type JobConstraints } from './job-arbitraries.js'

/** A generated job in a mode, under generated faults. Plain data: what fast-check prints of it can be pasted into a test. */
export interface GeneratedExperiment {
  readonly mode: Mode
  readonly job: GeneratedJob
  readonly faults: readonly GeneratedFault[]
  readonly seed: string
}

/** What is drawn: jobs, faults and modes. */
export interface ExperimentConstraints extends JobConstraints, FaultConstraints {
  readonly modes: readonly Mode[]
}

/** Whole experiments, each with a job, a configuration, a workload, faults and a seed. */
export function experiments(constraints: ExperimentConstraints): fc.Arbitrary<GeneratedExperiment> {
  return fc.record({
    mode: fc.constantFrom(...constraints.modes),
    job: jobs(constraints),
    faults: generatedFaults(constraints),
    seed: seeds(),
  })
}

/** The experiment that a generated one describes: its job is run once without faults, to learn what there is to strike. */
export function experimentFrom({ mode, job, faults, seed }: GeneratedExperiment): Experiment {
  const scenario = scenarioOf(job)
  const plan = faults.length === 0 ? [] : planAgainst(faultMenu(scenario, mode), faults)
  return { scenario, mode, seed, plan }
}

/** Runs a generated experiment to its end. */
export function runGenerated(generated: GeneratedExperiment, options?: ExperimentOptions): ExperimentResult {
  return runExperiment(experimentFrom(generated), options)
}
