/**
 * Arbitraries for fast-check, as `millrace/fast-check`: jobs, configurations, workloads and faults that shrink to the simplest that still
 * fails, and what makes experiments of them. Needs `fast-check`, which the rest of millrace does not.
 */
export * from './fault-arbitraries.js'
export { configurationOf } from './generated-configuration.js'
export * from './generated-experiment.js'
export { GENERATED_KINDS, planAgainst, type GeneratedFault } from './generated-faults.js'
export type { GeneratedJob, GeneratedSink, GeneratedSource, Settings, Stage } from './generated-job.js'
export { observedAt, promisesOf, scenarioOf } from './generated-scenario.js'
export * from './job-arbitraries.js'
