/**
 * The checker: explores all states of a model that is written as plain TypeScript, or of a world of actors as it runs, and says what
 * holds in them. Knows nothing of dataflow; usable alone as `millrace/check` (see `docs/check.md`).
 */
export type * from './check-result.js'
export type { Concurrent } from './concurrent.js'
export { checker, type Checker } from './checker.js'
export { delayBounded } from './delay-bounded.js'
export type { DefectKind } from './defect.js'
export * from './model.js'
export { progressLine, type Progress } from './progress.js'
export { sourceDpor, type DporResult } from './source-dpor.js'
export type { Answer, Losable } from './worlds/answering-driver.js'
export { exploreBreadthFirst } from './worlds/breadth-first.js'
export type { Budgets } from './worlds/budgets.js'
export { replayPath, type ReplayedPath } from './worlds/replay-path.js'
export type { ExploredStep, ExploredViolation, Exploration, ExplorationResult, Fold } from './worlds/exploration.js'
export type { LinkEnds } from './worlds/link-places.js'
export { exploreWorld, exploringWorld } from './worlds/world-search.js'
export { SpillFile } from './worlds/spill-file.js'
export type { Spill } from './worlds/row-queue.js'
export type { SavedSearch, WorldLimits, WorldProgress, WorldResult } from './worlds/world-result.js'
