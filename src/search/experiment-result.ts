import type { FaultPlan, ReachCounts } from '../faults/index.js'
import type { JudgeVerdict } from '../guarantees/index.js'
import type { HistoryEvent, HistoryHeader, JobStatus } from '../history/index.js'
import type { Choice } from './choice-log.js'
import type { Experiment } from './experiment.js'
import type { NotDeterministic } from './repeated-steps.js'
import type { RestoredBranch } from './restore-fan-out.js'
import type { JobSetUp } from './scenario.js'

/** What came of a run. */
export interface ExperimentResult {
  /** What was run. */
  readonly experiment: Experiment
  readonly verdict: JudgeVerdict | undefined
  /** What was run. */
  readonly setUp: JobSetUp
  readonly header: HistoryHeader
  readonly history: readonly HistoryEvent[]
  readonly status: JobStatus
  readonly steps: number
  readonly endUs: number
  readonly traceHash: string
  /** How often each named step, call and RPC was reached. */
  readonly reached: ReachCounts
  readonly firstCheckpointUs: number
  /** Commits of transactions that had been committed before: a recovery repeated them. */
  readonly repeatedCommits: number
  /** Checkpoints that failed made the job restart, or end: more of them in a row than its configuration tolerates. */
  readonly failedByCheckpoints: boolean
  /** Cells of the matrix that faults landed in, in order; see `landingKey`. */
  readonly landings: readonly string[]
  /** Faults of the plan that hit nothing: they are no evidence of anything. */
  readonly unlanded: FaultPlan
  /** With `keepChoices`: all choices, in order. */
  readonly choices: readonly Choice[]
  /** A branch for each completed checkpoint, if they were restored. */
  readonly branches: readonly RestoredBranch[]
  /** Names of the actors by their numbers, as choices mention them. */
  readonly actors: readonly string[]
  /** With `repeatSteps`: the first step that did not come out the same each time; what the run shows is then worth nothing. */
  readonly notDeterministic?: NotDeterministic
}
