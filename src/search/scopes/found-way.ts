/** A violation that a check has found, as it is told: easy to follow, gone by a world again, and with a token. */
import {
  isNotDeterministic,
  LIKELY_CAUSE,
  marksOf,
  replayPath,
  unfoldedWay,
  withFewerSwitches,
  type ExploredStep,
  type ExploredViolation,
  type Exploration,
} from '../../check/index.js'
import { withTasksInWords } from '../actor-in-words.js'
import { scopeExploration, type ScopedCheck, type ScopedExploration } from './scope-exploration.js'
import { isNotTransparent, type ScopeMemory } from './scope-fold.js'
import { SometimesFacts } from './sometimes-facts.js'
import { formatWayToken } from './way-token.js'

/** What is wrong, and the way there. */
export interface CheckedViolation extends ExploredViolation {
  /** Names the way; absent where only the reductions make it possible. */
  readonly token?: string
  /** The way that the token names: every delivery is a step of its own. */
  readonly steps?: readonly ExploredStep[]
  /** A step does something else when it is repeated: no world need show it again, and there is no token. */
  readonly nondeterministic?: true
}

/**
 * The violation when a world shows it again, by a way that is as short as the one that was found.
 * @throws Error when no world does, although all steps are the same when they are repeated: a defect of the explorer, or of user code
 */
export function foundWay(
  check: ScopedCheck,
  { exploration, graph }: Pick<ScopedExploration, 'exploration' | 'graph'>,
  found: ExploredViolation,
): CheckedViolation {
  // Whoever goes there comes to no end, either.
  if (found.endless === true) return found
  if (isNotDeterministic(found.reason)) {
    return { ...found, reason: `${withTasksInWords(found.reason, graph)}; ${LIKELY_CAUSE}`, nondeterministic: true }
  }
  const shown = withFewerSwitches(exploration, found)
  const again = replayPath(exploration, shown.path)
  if (again.reason !== found.reason) {
    throw new Error(
      `the explorer found '${found.reason}', and the world shows '${String(again.reason)}' behind ${String(again.steps)} of its steps; ${LIKELY_CAUSE}`,
    )
  }
  return { ...shown, ...tokenOf(check, exploration, shown) }
}

/** The way without reductions, and its token. */
function tokenOf(
  { scenario, mode, scope, reductions, transparentTo }: ScopedCheck,
  exploration: Exploration<ScopeMemory>,
  { reason, path }: ExploredViolation,
): Pick<CheckedViolation, 'token' | 'steps'> {
  const inlineState = reductions.includes('inline-state')
  const unreduced = {
    ...{ scenario, mode, scope, reductions: inlineState ? (['inline-state'] as const) : [] },
    ...(transparentTo && { transparentTo }),
  }
  const all = scopeExploration(unreduced, { sometimes: new SometimesFacts(), ended: () => undefined }).exploration
  const steps = unfoldedWay(exploration, path, all)
  const marks = steps && marksOf(all, steps)
  if (steps === undefined || marks === undefined || replayPath(all, steps).reason !== reason) return {}
  return { token: formatWayToken({ scenario: scenario.name, mode, scope, inlineState, surplus: isNotTransparent(reason), marks }), steps }
}
