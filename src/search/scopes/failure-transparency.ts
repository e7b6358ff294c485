/** Failure transparency: with faults a job has no output that it does not have without. */
import { checkScope, type CheckedScope, type CheckLimits, type CheckListener } from './check-scope.js'
import type { ScopedCheck } from './scope-exploration.js'
import { faultsOf, type Scope } from './scope.js'

/** Two sets of outputs compared. */
export interface Transparency {
  /** Undefined: one of the two was not exhausted. */
  readonly transparent: boolean | undefined
  /** Outputs that only faults make. */
  readonly onlyWithFaults: readonly string[]
  /** States of the search without faults. */
  readonly distinct: number
}

/** Compares the outputs of a checked scope with those of the same scope without faults. Nothing to compare where there are none. */
export function failureTransparency(
  check: ScopedCheck,
  withFaults: CheckedScope,
  limits: CheckLimits,
  told?: CheckListener,
): Transparency | undefined {
  if (faultsOf(check.scope) === 0) return undefined
  const without = checkScope({ ...check, scope: withoutFaults(check.scope) }, limits, told)
  const onlyWithFaults = withFaults.outputs.filter((output) => !without.outputs.includes(output))
  const transparent = without.exhausted && withFaults.exhausted ? onlyWithFaults.length === 0 : undefined
  return { transparent, onlyWithFaults, distinct: without.distinct }
}

function withoutFaults(scope: Scope): Scope {
  return { ...scope, crashes: 0, jobManagerCrashes: 0, failures: 0, outcomes: 0, losses: 0, disconnects: 0, suspicions: 0, expiries: 0 }
}
