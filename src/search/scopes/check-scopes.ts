/** Checks scopes one after another, and compares the outputs of those with faults with the outputs without. */
import { checkScope, type CheckedScope, type CheckLimits, type CheckListener } from './check-scope.js'
import { includesScope } from './deepening.js'
import type { ScopedCheck } from './scope-exploration.js'
import { faultsOf, withoutFaults, type Scope } from './scope.js'

/** What several checks have shown. */
export interface CheckedScopes {
  readonly verdict: CheckedScope['verdict']
  /** In the order in which they were checked; scopes behind one that was too large are missing. */
  readonly checked: readonly ComparedScope[]
  /** Scopes that were not begun, because a smaller one was too large or violated. */
  readonly left: readonly Scope[]
}

/** A checked scope, with its outputs compared. */
export interface ComparedScope extends CheckedScope {
  /**
   * Failure transparency: with faults there is no output that there is not without. Undefined: there are no faults, nothing is claimed
   * exactly once, or one of the two was not exhausted.
   */
  readonly transparent?: boolean
}

/** Told now and then how far the check of a scope has come. */
export type ScopesListener = (scope: Scope, progress: Parameters<CheckListener>[0]) => void

/**
 * Checks scopes in this order until one is violated, or is not exhausted and included in all that are left. Seconds are for all together.
 * @throws InputError when the scenario does not have what a scope asks for
 */
export function checkScopes(
  check: Omit<ScopedCheck, 'scope'>,
  scopes: readonly Scope[],
  limits: CheckLimits = {},
  told?: ScopesListener,
): CheckedScopes {
  const began = performance.now()
  const checked: ComparedScope[] = []
  const left: Scope[] = []
  for (const scope of scopes) {
    if (checked.some((smaller) => smaller.verdict === 'violated' || (!smaller.exhausted && includesScope(scope, smaller.scope)))) {
      left.push(scope)
      continue
    }
    checked.push(compared({ ...check, scope }, checked, remaining(limits, began), told))
  }
  return { verdict: overall(checked), checked, left }
}

function remaining(limits: CheckLimits, began: number): CheckLimits {
  if (limits.seconds === undefined) return limits
  return { ...limits, seconds: Math.max(limits.seconds - (performance.now() - began) / 1000, 0) }
}

function compared(check: ScopedCheck, before: readonly CheckedScope[], limits: CheckLimits, told?: ScopesListener): ComparedScope {
  const checkOne = (scope: Scope, within: CheckLimits): CheckedScope =>
    checkScope({ ...check, scope }, within, (progress) => told?.(scope, progress))
  const withFaults = checkOne(check.scope, limits)
  const claimed = check.scenario.claims(check.mode).some(({ guarantee, at }) => guarantee === 'exactly-once' && at !== 'state')
  if (faultsOf(check.scope) === 0 || !claimed || !withFaults.exhausted) return withFaults
  const faultless = withoutFaults(check.scope)
  const without =
    before.find(({ scope }) => includesScope(scope, faultless) && includesScope(faultless, scope)) ??
    checkOne(faultless, withoutSaving(limits))
  if (!without.exhausted) return withFaults
  const onlyWithFaults = withFaults.outputs.filter((output) => !without.outputs.includes(output))
  if (onlyWithFaults.length === 0) return { ...withFaults, transparent: true }
  const because = [`failures are not transparent: only with faults the output is ${onlyWithFaults.join(' or ')}`]
  return { ...withFaults, verdict: 'violated', because, transparent: false }
}

/** What is saved is the check with faults. */
function withoutSaving({ states, seconds, memoryBytes }: CheckLimits): CheckLimits {
  return {
    ...(states !== undefined && { states }),
    ...(seconds !== undefined && { seconds }),
    ...(memoryBytes !== undefined && { memoryBytes }),
  }
}

function overall(checked: readonly CheckedScope[]): CheckedScope['verdict'] {
  if (checked.some(({ verdict }) => verdict === 'violated')) return 'violated'
  return checked.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete'
}
