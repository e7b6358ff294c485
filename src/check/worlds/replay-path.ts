import { isTerminal } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { takeNamed } from './named-steps.js'
import { Successors, type ExploredState } from './successors.js'

/** What a way through the states came to when it was taken again. */
export interface ReplayedPath {
  /** What is wrong at its end; undefined: nothing, or the way is not there. */
  readonly reason: string | undefined
  /** Steps of it that were there. */
  readonly steps: number
}

/**
 * Takes the steps of a way again, one by one, on a world that is run as it is: without anything that an explorer remembers of earlier
 * runs. What an explorer found is shown only when this finds the same.
 */
export function replayPath<F>(exploration: Exploration<F>, path: readonly ExploredStep[]): ReplayedPath {
  const successors = new Successors(exploration)
  let before: ExploredState<F> | undefined
  for (const [index, name] of path.entries()) {
    const taken = takeNamed(successors, before, name)
    if (taken === undefined) return { reason: undefined, steps: index }
    if (taken.state === undefined) return { reason: taken.defect, steps: index + 1 }
    before = taken.state
  }
  return { reason: before && judged(exploration, successors, before), steps: path.length }
}

/** What is wrong in this state, to which a way has led. */
export function judged<F>(exploration: Exploration<F>, successors: Successors<F>, state: ExploredState<F>): string | undefined {
  const terminal = isTerminal(successors.actions(state))
  const { fold, world } = state
  return (fold && exploration.fold?.verdict(fold.state, terminal)) ?? exploration.inspect?.(world, terminal)
}
