import { SCOPE_KEYS, scopeOf, TROUBLE_KEYS, type Scope, type ScopeKey } from './scope.js'

/** What grows first: faults, then checkpoints, then records, then the rest. */
const GROWS_FIRST: ReadonlySet<ScopeKey> = new Set([...TROUBLE_KEYS, 'checkpoints', 'records', ...SCOPE_KEYS])

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
