/** A way whose steps do at once what others may do later, unfolded: each such delivery and each such restart becomes a step of its own. */
import type { Pending, World } from '../../world/index.js'
import { describeAction, type Action } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { actionsNamed, nameOf, sameAction, takeNamed } from './named-steps.js'
import { firstDead } from './reductions/atomic-restart.js'
import { eagerDelivery, Successors, type ExploredState, type TakenStep } from './successors.js'

/**
 * The way as one of an exploration of the same world in which less, or nothing, is done at once. Undefined: it is none of that
 * exploration.
 */
export function unfoldedWay<F>(
  folded: Exploration<F>,
  path: readonly ExploredStep[],
  exploration: Exploration<F>,
): readonly ExploredStep[] | undefined {
  const unfolding = new Unfolding(exploration, folded)
  return path.every((name) => unfolding.step(name)) ? unfolding.way : undefined
}

class Unfolding<F> {
  readonly way: ExploredStep[] = []
  private readonly foldedSuccessors: Successors<F>
  private readonly successors: Successors<F>
  private foldedState: ExploredState<F> | undefined
  private state: ExploredState<F> | undefined

  constructor(
    private readonly exploration: Exploration<F>,
    private readonly folded: Exploration<F>,
  ) {
    this.foldedSuccessors = new Successors(folded)
    this.successors = new Successors(exploration)
  }

  /** Takes a step of the folded way, and all that it consists of; false: one of that is not there. */
  step(name: ExploredStep): boolean {
    const wanted = takeNamed(this.foldedSuccessors, this.foldedState, name)
    if (wanted === undefined) return false
    const answers = wanted.answers.map(({ value }) => value)
    const action = this.state === undefined ? undefined : this.actionLike(wanted)
    if (this.state !== undefined && action === undefined) return false
    this.take(action, answers)
    this.settle(answers)
    for (let next = this.restart(); next !== undefined; next = this.restart()) {
      this.take(next, answers)
      this.settle(answers)
    }
    this.foldedState = wanted.state
    return true
  }

  private settle(answers: number[]): void {
    for (let next = this.atOnce(); next !== undefined; next = this.atOnce()) this.take(next, answers)
  }

  /** Which process starts in the same step on the folded way only. */
  private restart(): Action | undefined {
    if (this.state === undefined || this.folded.atomicRestart !== true || this.exploration.atomicRestart === true) return undefined
    const process = firstDead(this.state.world.processes)
    return process < 0 ? undefined : { kind: 'start', process }
  }

  /** Takes a step, which uses up the answers that it asks for; none after one that failed. */
  private take(action: Action | undefined, answers: number[]): void {
    const taken = this.successors.take(this.state, action, answers)
    this.way.push(nameOf(this.successors, this.state, taken))
    answers.splice(0, taken.answers.length)
    this.state = taken.state
  }

  /** What is delivered at once on the folded way only. */
  private atOnce(): Action | undefined {
    if (this.state === undefined) return undefined
    const { world } = this.state
    const { eager } = this.exploration
    const next = eagerDelivery(world, (link) => this.folded.eager?.(link) === true && eager?.(link) !== true)
    return next && deliveryOf(world, next)
  }

  /** The same action in the state of the unfolded way. */
  private actionLike({ action }: TakenStep<F>): Action | undefined {
    if (action === undefined || this.foldedState === undefined || this.state === undefined) return undefined
    const called = describeAction(this.foldedState.world, action)
    const twins = actionsNamed(this.foldedSuccessors, this.foldedState, called)
    return actionsNamed(this.successors, this.state, called)[twins.findIndex((twin) => sameAction(twin, action))]
  }
}

function deliveryOf({ links }: World, pending: Pending): Action | undefined {
  for (const [index, link] of links.entries()) {
    let position = 0
    let found: Action | undefined
    link?.forEachTakeable((each) => {
      if (each === pending) found = { kind: 'deliver', link: index, position }
      position++
    })
    if (found !== undefined) return found
  }
  return undefined
}
