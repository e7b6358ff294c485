/**
 * Bridges to the real Flink. In: plans, configuration, assume files, REST answers, running clusters and recorded histories.
 * Out: a job as data for the simulator, the settings in force with their origins, and what no plan tells as open questions.
 * Start with `importJob`; bad input is always an `InputError`.
 */
export * from './advice/index.js'
export { combinationsOf, mostCombinations, type Combination, type Combinations } from './combinations.js'
export * from './configuration/index.js'
export { describeJob, importJob, type JobDescription, type JobInputs } from './import-job.js'
export { InputError } from './input-error.js'
export {
  jobModel,
  type Answers,
  type JobModel,
  type JobModelEdge,
  type JobModelOperator,
  type OperatorKind,
  type SinkSettings,
  type SourceSettings,
  type WindowSettings,
} from './job-model.js'
export { parseJsonText } from './json-text.js'
export { didYouMean } from './nearest-name.js'
export * from './plan/index.js'
export * from './recordings/index.js'
export { largestParallelism, reduceParallelism, type ReducedPlan } from './reduce.js'
export * from './roles/index.js'
