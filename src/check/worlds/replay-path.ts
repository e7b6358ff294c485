import { isTerminal } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { describeStep, Successors, type ExploredState, type TakenStep } from './successors.js'

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
  for (const [index, wanted] of path.entries()) {
    const steps: Iterable<TakenStep<F>> = before === undefined ? successors.roots() : successors.from(before, successors.actions(before))
    const taken = stepLike(steps, before, wanted)
    if (taken === undefined) return { reason: undefined, steps: index }
    if (taken.state === undefined) return { reason: taken.defect, steps: index + 1 }
    before = taken.state
  }
  return { reason: before && judged(exploration, successors, before), steps: path.length }
}

function stepLike<F>(
  steps: Iterable<TakenStep<F>>,
  before: ExploredState<F> | undefined,
  { action, answers }: ExploredStep,
): TakenStep<F> | undefined {
  for (const step of steps) {
    const words = describeStep(before?.world, step)
    if (words.action === action && words.answers.join() === answers.join()) return step
  }
  return undefined
}

function judged<F>(exploration: Exploration<F>, successors: Successors<F>, state: ExploredState<F>): string | undefined {
  const terminal = isTerminal(successors.actions(state))
  const { fold, world } = state
  return (fold && exploration.fold?.verdict(fold.state, terminal)) ?? exploration.inspect?.(world, terminal)
}
