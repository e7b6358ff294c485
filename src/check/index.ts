/**
 * The checker: explores all states of a model that is written as plain TypeScript, and says what holds in them. Knows nothing of
 * worlds or dataflow; usable alone as `millrace/check`.
 */
export type * from './check-result.js'
export { checker, type Checker } from './checker.js'
export type { DefectKind } from './defect.js'
export * from './model.js'
export { progressLine, type Progress } from './progress.js'
