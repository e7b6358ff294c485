/**
 * The oracles: one file per guarantee or group of rules. They see histories only, and know neither the engine nor the simulator.
 * `judge` puts them together; each can also be run alone as an `Oracle`.
 */
export * from './oracle.js'
export { take, type Step, type Steps } from './steps.js'
export { ANOMALIES, GUARANTEES, includes, refutes, strongestConsistent, type Guarantee } from './anomalies.js'
export { createJudge, judge, type Judge, type JudgeVerdict } from './judge.js'
export type { ClaimVerdict, PointVerdict } from './claims.js'
export { concerns, excusesProgress, type BrokenPrecondition, type PreconditionName } from './preconditions.js'
export type { Evidence, Moment } from './witnesses.js'
export { STATE_ORACLES } from './keyed-state.js'
export { OUTPUT_ORACLES } from './output.js'
export { consistentCut } from './consistent-cut.js'
export { progress } from './progress.js'
export { keyOrder } from './protocol-key-order.js'
export { timers } from './protocol-timers.js'
export { watermarks } from './protocol-watermarks.js'
export { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
export { createTimeline, TIMELINE_STEPS, type Timeline } from './timeline.js'
export { PROTOCOL_FACTS, protocolFacts, type ProtocolFacts } from './protocol-facts/protocol-facts.js'
export { NOTHING } from './protocol-facts/run-view.js'
export { restoredBranchFindings, type Branch, type Family } from './restored-branches.js'
export * from './on-the-fly/index.js'
