import type { CheckedScopes, ComparedScope } from '../search/index.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'

/** What `millrace check --json` prints: the last scope that was checked, and all of them under `scopes`. */
export function checkDocument({ verdict, checked, left, interrupted }: CheckedScopes): object {
  const last = checked.at(-1)
  return {
    schema: DOCUMENT_SCHEMA,
    ...(last && scopeDocument(last)),
    verdict,
    scopes: checked.map(scopeDocument),
    left,
    interrupted,
  }
}

function scopeDocument(checked: ComparedScope): object {
  const { verdict, scenario, mode, scope, exhausted, distinct, generated, depth, terminals, seconds, hitRate, collisionProbability } =
    checked
  const { peakMemoryBytes, visitedBytes, reductions, sometimes, because, switchedOff, outputs, transparent, violation } = checked
  return {
    verdict,
    scenario,
    mode,
    scope,
    exhausted,
    distinct,
    generated,
    depth,
    terminals,
    seconds,
    hitRate,
    collisionProbability,
    peakMemoryBytes,
    visitedBytes,
    reductions,
    sometimes,
    because,
    switchedOff,
    outputs,
    transparent: transparent ?? null,
    violation: violation ?? null,
  }
}
