/** Search: loops over the driver interface that look for runs which break a promise. */
export { beyondBudget, isBeyondBudget } from './beyond-budget.js'
export * from './scenario.js'
export * from './experiment.js'
export * from './failpoint-catalogue.js'
export * from './fault-menu.js'
export { cellKey, FAULT_KINDS, kindOfFault, type FaultKind, type MatrixCell } from './landing.js'
export { UNREACHABLE, type ListedCell } from './matrix.js'
export {
  ChoiceLog,
  firstDifferentChoice,
  firstDivergence,
  traceRun,
  type Choice,
  type ChoiceDifference,
  type Divergence,
  type NumberedStep,
  type TracedStep,
} from './choice-log.js'
export {
  refuseUnfit,
  runCampaign,
  type CampaignOptions,
  type CampaignOutcome,
  type CellOutcome,
  type ChunkRunner,
  type Progress,
  type Shard,
} from './campaign.js'
export * from './campaign-result.js'
export { coverageOf, type CellCounts, type Coverage, type CoveredCell, type ScenarioCoverage } from './coverage.js'
export { DRIVERS, USUAL_DRIVER, type DriverName, type RunChanges } from './drivers/driver-name.js'
export { prioritiesInWords, type Priorities } from './drivers/priorities.js'
export { errorOfJob } from './job-code.js'
export { cellsOf, experimentOf, seedOf, type Cell, type Chunk } from './cell.js'
export { inThisThread, inWorkers, YOUNG_GENERATION_MB, type ScenarioModule, type ScenarioSource } from './chunk-runners.js'
export { counterexampleOf, type Counterexample, type GuaranteeLeft } from './counterexample.js'
export { FAILURE_SCHEMA, failureText, parseFailure, type Failure } from './failure-file.js'
export { compareSides, type DeterminismResult, type Side, type TraceDifference } from './determinism.js'
export type { NotDeterministic } from './repeated-steps.js'
export { Repeater, type RepeatedRuns } from './repeated-runs.js'
export { processSide } from './process-side.js'
export type { Certainty, CertaintyOptions, Probe } from './certainty.js'
export { checkedPlan } from './fitting-plan.js'
export { explainSighting, type Explanation } from './explanation.js'
export { explainRun, type ExplainedRun } from './explain-run.js'
export { explainingViolations, explainViolations, violationsOf, type ExplainProgress } from './explain-violations.js'
export { findLesson, type BehindBarrier, type Lesson, type LessonRun } from './lesson.js'
export { planInWords } from './plan-in-words.js'
export { misnamedIn, neverLateIn, parsePlan, type Misnamed, type NeverLate, type ParsedPlan } from './plan-names.js'
export { replayRun, type NamedDifference, type RecordedRun, type Replay } from './replay.js'
export { replayFailure, retryFailure, type RetriedFailure } from './retry-failure.js'
export { formatToken, parseToken, nameInToken, TOKEN_VERSION, type RunName } from './replay-token.js'
export { MOMENTS, WITNESSES, type EvidenceTally, type PointTally, type RunTally, type SeenAnomaly } from './run-tally.js'
export { shrinkTask, shrunkFailure, type ShrinkTask } from './shrinking/shrunk-failure.js'
export { SHRINK_RUNS, shrinking, shrinkRun, type RunSize, type ShrinkProgress, type ShrunkRun } from './shrinking/shrink.js'
export { belongingTogether, mergedOutcome, parseShard, shardedCampaign, type ReadShard, type ShardedCampaign } from './shard-file.js'
export { kindOf, sightingsOf, type Sighting, type Standing } from './sighting.js'
export * from './scopes/index.js'
