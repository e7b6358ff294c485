/** Goes a way that a check has found once more, twice, on a world that is run as it is. */
import { goMarkedWay, type ExploredStep, type MarkedWay } from '../../check/index.js'
import type { Mode, Scenario } from '../scenario.js'
import { scopeExploration } from './scope-exploration.js'
import type { Scope } from './scope.js'
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
 * @throws InputError when the scenario does not have what the scope asks for
 */
export function replayWay(scenario: Scenario, way: NamedWay): ReplayedWay {
  const { mode, scope, marks } = way
  const gone = once(scenario, way)
  const again = once(scenario, way)
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

function once(scenario: Scenario, { mode, scope, inlineState, marks }: NamedWay): MarkedWay {
  const check = { scenario, mode, scope, reductions: inlineState ? (['inline-state'] as const) : [] }
  return goMarkedWay(scopeExploration(check, { sometimes: new SometimesFacts(), ended: () => undefined }).exploration, marks)
}
