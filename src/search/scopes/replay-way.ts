/** Goes a way that a check has found once more, twice, on a world that is run as it is. */
import { goMarkedWay, type ExploredStep, type MarkedWay } from '../../check/index.js'
import type { Mode, Scenario } from '../scenario.js'
import { InputError } from '../../flink/input-error.js'
import { checkScope } from './check-scope.js'
import { scopeExploration, type ScopedCheck } from './scope-exploration.js'
import { withoutFaults, type Scope } from './scope.js'
import { SometimesFacts } from './sometimes-facts.js'
import type { NamedWay } from './way-token.js'

/** What came of a way. */
export interface ReplayedWay {
  readonly scenario: string
  readonly mode: Mode
  readonly scope: Scope
  /** Incomplete: a step of it is not possible any more. */
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** What is wrong at its end. */
  readonly reason?: string
  /** The steps that were there, the last of all those that are. */
  readonly path: readonly ExploredStep[]
  /** Steps of the way as it is named. */
  readonly steps: number
  /** What is possible in place of the first step that is not. */
  readonly possible?: readonly ExploredStep[]
  /** Both times the same states. */
  readonly deterministic: boolean
}

/**
 * Goes the way.
 * @throws InputError when the scenario does not have what the scope asks for, or does not hold without faults where that matters
 */
export function replayWay(scenario: Scenario, way: NamedWay): ReplayedWay {
  const { mode, scope, marks } = way
  const check = checkOf(scenario, way)
  const gone = once(check, marks)
  const again = once(check, marks)
  const { path, reason, possible } = gone
  return {
    ...{ scenario: scenario.name, mode, scope },
    verdict: possible !== undefined ? 'incomplete' : reason === undefined ? 'holds' : 'violated',
    ...(reason !== undefined && { reason }),
    ...{ path, steps: marks.length },
    ...(possible !== undefined && { possible }),
    deterministic: gone.hash === again.hash && gone.reason === again.reason && path.length === again.path.length,
  }
}

/** What judges the end of the way: for an output that is said to come with faults only, all that there are without. */
function checkOf(scenario: Scenario, { mode, scope, inlineState, surplus }: NamedWay): ScopedCheck {
  const check = { scenario, mode, scope, reductions: inlineState ? (['inline-state'] as const) : [] }
  if (!surplus) return check
  const reductions = ['systems', ...check.reductions, 'mails', 'credits'] as const
  const { outputs, exhausted, because } = checkScope({ ...check, scope: withoutFaults(scope), reductions })
  if (!exhausted) throw new InputError('replay token', `without faults, ${because.join('; ')}`, 'a job that holds without faults')
  return { ...check, transparentTo: outputs }
}

function once(check: ScopedCheck, marks: readonly string[]): MarkedWay {
  return goMarkedWay(scopeExploration(check, { sometimes: new SometimesFacts(), ended: () => undefined }).exploration, marks)
}
