/** Search: loops over the driver interface that look for runs which break a promise. */
export type { Answer, Losable } from './answering-driver.js'
export { exploreBreadthFirst } from './breadth-first.js'
export type { Budgets } from './budgets.js'
export type { ExploredStep, ExploredViolation, Exploration, ExplorationResult, Fold } from './exploration.js'
export * from './scenario.js'
export * from './experiment.js'
export * from './fault-menu.js'
export { ChoiceLog, firstDivergence, traceRun, type Divergence, type TracedStep } from './choice-log.js'
