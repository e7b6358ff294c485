/**
 * Oracles for exhaustive search: small forms of the guarantees, which judge while the search goes on. What they remember becomes part
 * of each explored state.
 */
export { absorbedOnce, type AbsorbedOnce } from './absorbed-once.js'
export { checkpointFates, type CheckpointFates } from './checkpoint-fates.js'
export { coveredCommits, type CoveredCommits } from './commits-covered.js'
export { jobEnd, type JobEnd } from './job-end.js'
export { openedBehind, type OpenedBehind } from './opened-behind.js'
export { restoredCommits, type CommitterOfWriter, type RestoredCommits } from './restored-commits.js'
export { smallCut, type AbsorbingOperator, type SmallCut, type SourcePlace } from './small-cut.js'
export type { SmallOracle } from './small-oracle.js'
export { outputInWords, visibleOutput, type ExpectedOutput, type VisibleOutput } from './visible-output.js'
export { wholeCheckpoints, type WholeCheckpoints } from './whole-checkpoints.js'
