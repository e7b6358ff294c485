/** Checks scopes one after another, and compares the outputs of those with faults with the outputs without. */
import { checkingScope, type CheckedScope, type CheckLimits, type CheckListener } from './check-scope.js'
import { atOnce, type Slices } from './slices.js'
import { includesScope } from './deepening.js'
import type { ScopedCheck } from './scope-exploration.js'
import { isNotTransparent } from './scope-fold.js'
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
   * Failure transparency: with faults the outputs are those without. Undefined: there are no faults, nothing is claimed exactly once, or
   * one of the two was not exhausted.
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
  const checking = (scoped: ScopedCheck, within: CheckLimits): Slices<CheckedScope> =>
    checkingScope(scoped, within, (progress) => told?.(scoped.scope, progress))
  const claimed = check.scenario.claims(check.mode).some(({ guarantee, at }) => guarantee === 'exactly-once' && at !== 'state')
  if (faultsOf(check.scope) === 0 || !claimed) return yield* checking(check, limits)
  const faultless = withoutFaults(check.scope)
  const without =
    before.find(({ scope }) => includesScope(scope, faultless) && includesScope(faultless, scope)) ??
    (yield* checking({ ...check, scope: faultless }, withoutSaving(limits)))
  const withFaults = yield* checking({ ...check, ...(without.exhausted && { transparentTo: without.outputs }) }, remaining(limits, began))
  return compared(withFaults, without)
}

/** What the one has shown beside the other, whose outputs ended it where it had one more. */
export function compared(withFaults: CheckedScope, without: CheckedScope): ComparedScope {
  const { exhausted, violation, verdict, because, outputs } = withFaults
  if (violation !== undefined && isNotTransparent(violation.reason)) return { ...withFaults, transparent: false }
  if (!exhausted) return withFaults
  const atMostIncomplete = verdict === 'holds' ? 'incomplete' : verdict
  if (!without.exhausted) {
    const open = without.because.slice(0, 1).map((reason) => `outputs were not compared with those without faults: there, ${reason}`)
    return { ...withFaults, verdict: atMostIncomplete, because: [...because, ...open] }
  }
  const missing = without.outputs.filter((output) => !outputs.includes(output))
  if (missing.length === 0) return { ...withFaults, transparent: true }
  // Faults may happen, and need not: no engine does this.
  const missed = `the search has missed ways: without faults the output is ${missing.join(' or ')} as well, and each such way is one of this scope`
  return { ...withFaults, verdict: atMostIncomplete, because: [...because, missed], transparent: false }
}

/** What is saved is the check with faults. */
function withoutSaving({ saving: _, ...limits }: CheckLimits): CheckLimits {
  return limits
}

function overall(checked: readonly CheckedScope[], left: readonly Scope[]): CheckedScope['verdict'] {
  if (checked.some(({ verdict }) => verdict === 'violated')) return 'violated'
  return left.length === 0 && checked.every(({ verdict }) => verdict === 'holds') ? 'holds' : 'incomplete'
}
