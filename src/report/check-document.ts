import type { CheckedScopes, ComparedScope } from '../search/index.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'

/** What `millrace check --json` prints: the last scope that was checked, and all of them under `scopes`. */
export function checkDocument(
  { verdict, checked, left, interrupted }: CheckedScopes,
  words: { readonly replay: (token: string) => string; readonly stored?: string },
): object {
  const last = checked.at(-1)
  return {
    schema: DOCUMENT_SCHEMA,
    ...(last && scopeDocument(last, words.replay)),
    verdict,
    scopes: checked.map((each) => scopeDocument(each, words.replay)),
    left,
    interrupted,
    stored: words.stored ?? null,
  }
}

function scopeDocument(checked: ComparedScope, replay: (token: string) => string): object {
  const { verdict, scenario, mode, scope, exhausted, distinct, generated, depth, terminals, seconds, hitRate, collisionProbability } =
    checked
  const {
    exact,
    secondSeed,
    peakMemoryBytes,
    visitedBytes,
    timersBranched,
    reductions,
    sometimes,
    because,
    switchedOff,
    outputs,
    transparent,
    endless,
    violation,
  } = checked
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
    exact,
    secondSeed: secondSeed ?? null,
    peakMemoryBytes,
    visitedBytes,
    reductions,
    sometimes,
    timersBranched,
    because,
    switchedOff,
    outputs,
    transparent: transparent ?? null,
    liveness: endless === undefined ? null : { everyWayEnds: endless === 0, endless },
    violation: violation === undefined ? null : violationDocument(violation, replay),
  }
}

function violationDocument({ reason, path, token }: NonNullable<ComparedScope['violation']>, replay: (token: string) => string): object {
  return { reason, path, replay: token ?? null, command: token === undefined ? null : replay(token) }
}
