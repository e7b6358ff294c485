/** Checks scopes one after another, and compares the outputs of those with faults with the outputs without. */
import { checkingScope, type CheckedScope, type CheckLimits, type CheckListener } from './check-scope.js'
import { atOnce, type Slices } from './slices.js'
import { includesScope } from './deepening.js'
import type { ScopedCheck } from './scope-exploration.js'
import { faultsOf, withoutFaults, type Scope } from './scope.js'

/** What several checks have shown. */
export interface CheckedScopes {
  readonly verdict: CheckedScope['verdict']
  /** In the order in which they were checked; scopes behind one that was too large are missing. */
  readonly checked: readonly ComparedScope[]
  /** Scopes that were not begun, because a smaller one was too large or violated, or the check was interrupted. */
  readonly left: readonly Scope[]
  readonly interrupted: boolean
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
  return atOnce(checkingScopes(check, scopes, limits, told))
}

/** Does what `checkScopes` does, in slices. */
export function* checkingScopes(
  check: Omit<ScopedCheck, 'scope'>,
  scopes: readonly Scope[],
  limits: CheckLimits = {},
  told?: ScopesListener,
): Slices<CheckedScopes> {
  const began = performance.now()
  const checked: ComparedScope[] = []
  const left: Scope[] = []
  const isLeft = (scope: Scope): boolean =>
    checked.some((smaller) => smaller.verdict === 'violated' || (!smaller.exhausted && includesScope(scope, smaller.scope)))
  for (const scope of scopes) {
    const ended = checked.length > 0 && limits.signal?.aborted === true
    if (ended || isLeft(scope)) left.push(scope)
    else checked.push(yield* comparing({ ...check, scope }, checked, remaining(limits, began), told))
  }
  return { verdict: overall(checked, left), checked, left, interrupted: limits.signal?.aborted === true }
}

function remaining(limits: CheckLimits, began: number): CheckLimits {
  if (limits.seconds === undefined) return limits
  return { ...limits, seconds: Math.max(limits.seconds - (performance.now() - began) / 1000, 0) }
}

function* comparing(
  check: ScopedCheck,
  before: readonly CheckedScope[],
  limits: CheckLimits,
  told?: ScopesListener,
): Slices<ComparedScope> {
  const began = performance.now()
  const checking = (scope: Scope, within: CheckLimits): Slices<CheckedScope> =>
    checkingScope({ ...check, scope }, within, (progress) => told?.(scope, progress))
  const withFaults = yield* checking(check.scope, limits)
  const claimed = check.scenario.claims(check.mode).some(({ guarantee, at }) => guarantee === 'exactly-once' && at !== 'state')
  if (faultsOf(check.scope) === 0 || !claimed || !withFaults.exhausted) return withFaults
  const faultless = withoutFaults(check.scope)
  const without =
    before.find(({ scope }) => includesScope(scope, faultless) && includesScope(faultless, scope)) ??
    (yield* checking(faultless, withoutSaving(remaining(limits, began))))
  return compared(withFaults, without)
}

function compared(withFaults: CheckedScope, without: CheckedScope): ComparedScope {
  if (!without.exhausted) {
    const open = without.because.slice(0, 1).map((reason) => `outputs were not compared with those without faults: there, ${reason}`)
    const { verdict, because } = withFaults
    return { ...withFaults, verdict: verdict === 'holds' ? 'incomplete' : verdict, because: [...because, ...open] }
  }
  const onlyWithFaults = withFaults.outputs.filter((output) => !without.outputs.includes(output))
  if (onlyWithFaults.length === 0) return { ...withFaults, transparent: true }
  const because = [`failures are not transparent: only with faults the output is ${onlyWithFaults.join(' or ')}`]
  return { ...withFaults, verdict: 'violated', because, transparent: false }
}

/** What is saved is the check with faults. */
function withoutSaving({ saving: _, ...limits }: CheckLimits): CheckLimits {
  return limits
}

function overall(checked: readonly CheckedScope[], left: readonly Scope[]): CheckedScope['verdict'] {
  if (checked.some(({ verdict }) => verdict === 'violated')) return 'violated'
  return left.length === 0 && checked.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete'
}
