/**
 * millrace as a library: run experiments and campaigns, write scenarios, read and judge histories. The rooms that jobs and their
 * outside world are made of are namespaces (`engine`, `connectors`, `systems`, …); what runs and judges them is here by name.
 */
export * from './search/index.js'
export {
  ANOMALIES,
  createJudge,
  GUARANTEES,
  judge,
  refutes,
  strongestConsistent,
  type AnomalyName,
  type BrokenPrecondition,
  type ClaimVerdict,
  type Evidence,
  type Finding,
  type Guarantee,
  type Judge,
  type JudgeVerdict,
  type Moment,
  type Oracle,
  type OracleVerdict,
  type PointVerdict,
} from './guarantees/index.js'
export {
  countHistory,
  formatHistory,
  HISTORY_SCHEMA,
  HistoryFormatError,
  parseHistory,
  type DeliveryPromise,
  type History,
  type HistoryCounts,
  type HistoryEvent,
  type HistoryFact,
  type HistoryHeader,
  type Where,
} from './history/index.js'
export { readHistoryFile, writeHistoryFile } from './history/history-file.js'
export { importJob, InputError, readAnyHistory, type JobDescription, type JobInputs } from './flink/index.js'
export {
  calm,
  crash,
  delay,
  disconnect,
  exception,
  fail,
  hang,
  haste,
  lose,
  loseHost,
  overtake,
  partition,
  pause,
  repeat,
  skew,
  slow,
  ties,
  unknown,
  type Fault,
  type FaultPlan,
} from './faults/index.js'
export * as connectors from './connectors/index.js'
export * as engine from './engine/index.js'
export * as faults from './faults/index.js'
export * as flink from './flink/index.js'
export * as report from './report/index.js'
export * as systems from './systems/index.js'
export * as world from './world/index.js'
