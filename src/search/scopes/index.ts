/** Scopes: how much of a scenario an exhaustive check covers, the check itself, and what it says. */
export { checkScope, type CheckedScope, type CheckLimits, type CheckListener } from './check-scope.js'
export { checkScopes, type CheckedScopes, type ComparedScope, type ScopesListener } from './check-scopes.js'
export { scopesUpTo } from './deepening.js'
export { aboutReduction, parseReductions, REDUCTIONS, usualReductions, type ReductionName, type ReductionRule } from './reductions.js'
export { scopeExploration, type ScopedCheck, type ScopedExploration } from './scope-exploration.js'
export type { ScopeListener, ScopeMemory } from './scope-fold.js'
export { aboutScopeKey, formatScope, parseScope, SCOPE_KEYS, scopeOf, type Scope, type ScopeKey } from './scope.js'
export { SometimesFacts, type SometimesName, type SometimesSeen } from './sometimes-facts.js'
