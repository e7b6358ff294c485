/** The oracles: one file per guarantee. They see histories only, and know neither the engine nor the simulator. */
export * from './oracle.js'
export * from './anomalies.js'
export * from './judge.js'
export { STATE_ORACLES } from './keyed-state.js'
export { OUTPUT_ORACLES } from './output.js'
export { createRunFacts, stepRunFacts, type RunFacts } from './run-facts.js'
export { createTimeline, stepTimeline, type Timeline } from './timeline.js'
