/** Steps by their names: a way through the states is told in words, and a world goes it again by them. */
import type { World } from '../../world/index.js'
import { describeAnswers, type Answer } from './answering-driver.js'
import { describeAction, type Action } from './enabled-actions.js'
import type { ExploredStep } from './exploration.js'
import { nth, type ExploredState, type Successors, type TakenStep } from './successors.js'

/** How actions are called in a world in which they are about to happen. */
export type Naming = (world: World, action: Action) => string

/** The name of a step that leads from this state, or sets the world up. */
export function nameOf<F>(
  successors: Successors<F>,
  before: ExploredState<F> | undefined,
  { action, answers }: Pick<TakenStep<F>, 'action' | 'answers'>,
  naming: Naming = describeAction,
): ExploredStep {
  const name = {
    action: before === undefined || action === undefined ? SET_UP : naming(before.world, action),
    answers: describeAnswers(answers),
  }
  let number = 0
  for (const other of stepsNamed(successors, before, name, naming)) {
    if (sameAction(other.action, action) && sameAnswers(other.answers, answers)) break
    number++
  }
  return number === 0 ? name : { ...name, nth: number }
}

/** Takes the step of this name; undefined: there is none. */
export function takeNamed<F>(
  successors: Successors<F>,
  before: ExploredState<F> | undefined,
  name: ExploredStep,
  naming: Naming = describeAction,
): TakenStep<F> | undefined {
  return nth(stepsNamed(successors, before, name, naming), name.nth ?? 0)
}

/** Names of all steps that lead from this state. */
export function stepNames<F>(
  successors: Successors<F>,
  before: ExploredState<F> | undefined,
  naming: Naming = describeAction,
): ExploredStep[] {
  const steps = before === undefined ? successors.roots() : successors.from(before, successors.actions(before))
  return Array.from(steps, (taken) => nameOf(successors, before, taken, naming))
}

const SET_UP = 'set up'

function* stepsNamed<F>(
  successors: Successors<F>,
  before: ExploredState<F> | undefined,
  { action, answers }: ExploredStep,
  naming: Naming,
): Iterable<TakenStep<F>> {
  const words = answers.join()
  const named =
    before === undefined ? setUps(successors, action) : successors.from(before, actionsNamed(successors, before, action, naming))
  for (const taken of named) if (describeAnswers(taken.answers).join() === words) yield taken
}

function setUps<F>(successors: Successors<F>, action: string): Iterable<TakenStep<F>> {
  return action === SET_UP ? successors.roots() : []
}

/** Actions that are possible in this state and called so. */
export function actionsNamed<F>(
  successors: Successors<F>,
  before: ExploredState<F>,
  name: string,
  naming: Naming = describeAction,
): Action[] {
  return successors.actions(before).filter((action) => naming(before.world, action) === name)
}

/** Whether both are the same action of the same state. */
export function sameAction(one: Action | undefined, other: Action | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function sameAnswers(some: readonly Answer[], others: readonly Answer[]): boolean {
  return some.length === others.length && some.every(({ value }, i) => value === others[i]?.value)
}
