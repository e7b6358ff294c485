import { SCOPE_KEYS, scopeOf, type Scope, type ScopeKey } from './scope.js'

/** What grows first: faults, then checkpoints, then records, then subtasks. */
const GROWS_FIRST: readonly ScopeKey[] = [
  'crashes',
  'jobManagerCrashes',
  'failures',
  'outcomes',
  'losses',
  'disconnects',
  'suspicions',
  'expiries',
  'checkpoints',
  'records',
  'sources',
  'subtasks',
  'taskManagers',
]

/** Scopes from the smallest one up to this, each larger than the one before by one thing. */
export function scopesUpTo(scope: Scope): readonly Scope[] {
  const scopes = [scopeOf()]
  for (const key of GROWS_FIRST) {
    for (;;) {
      const largest = scopes.at(-1)
      if (largest === undefined || largest[key] >= scope[key]) break
      scopes.push({ ...largest, [key]: largest[key] + 1 })
    }
  }
  return scopes
}

/** Whether one scope has at least as much of everything as the other. */
export function includesScope(one: Scope, other: Scope): boolean {
  return SCOPE_KEYS.every((key) => one[key] >= other[key])
}
