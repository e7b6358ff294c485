/**
 * Makes a way through the states easier to follow: the same steps in an order in which whoever acts goes on with what it is doing where
 * that is possible. A step changes its place only if a world then still goes the whole way, and finds the same wrong at its end.
 */
import type { Exploration, ExploredStep, ExploredViolation } from './exploration.js'
import { nameOf, takeNamed } from './named-steps.js'
import { judged } from './replay-path.js'
import { Successors, type ExploredState, type TakenStep } from './successors.js'

/** Orders that are tried, at most. */
const MAX_TRIES = 200

/** The same violation, by a way of the same steps with as few changes of who acts as are found. */
export function withFewerSwitches<F>(exploration: Exploration<F>, violation: ExploredViolation): ExploredViolation {
  const { reason, path } = violation
  const reordering = Reordering.of(exploration, violation)
  return reordering === undefined || path.length < 4 ? violation : { reason, path: reordering.best() }
}

/** How often somebody else acts than in the step before. */
export function switchesOf(actors: readonly number[]): number {
  return actors.filter((actor, i) => i > 0 && (actor < 0 || actor !== actors[i - 1])).length
}

/** A step on the way, and the state in which it is taken. */
interface Stage<F> {
  readonly before: ExploredState<F> | undefined
  readonly name: ExploredStep
  /** Who acts; -1: no single actor. */
  readonly actor: number
}

class Reordering<F> {
  private tries = 0

  private constructor(
    private readonly exploration: Exploration<F>,
    private readonly successors: Successors<F>,
    private readonly reason: string,
    private stages: readonly Stage<F>[],
  ) {}

  /** Undefined: the way is not there. */
  static of<F>(exploration: Exploration<F>, { reason, path }: ExploredViolation): Reordering<F> | undefined {
    const successors = new Successors(exploration)
    const empty = new Reordering(exploration, successors, reason, [])
    const stages = empty.follow([], undefined, path)
    return stages && new Reordering(exploration, successors, reason, stages)
  }

  best(): readonly ExploredStep[] {
    // The set-up stays where it is.
    for (let at = 2; at < this.stages.length && this.tries < MAX_TRIES;) at = this.joined(at) ? 2 : at + 1
    return this.stages.map(({ name }) => name)
  }

  /** Brings the step here together with the step before of the same actor, if that is possible. */
  private joined(at: number): boolean {
    const actor = this.stages[at]?.actor ?? -1
    if (actor < 0 || this.stages[at - 1]?.actor === actor) return false
    const last = this.stages.findLastIndex((stage, i) => i > 0 && i < at && stage.actor === actor)
    return last > 0 && (this.moved(at, last + 1) || this.moved(last, at - 1))
  }

  private moved(from: number, to: number): boolean {
    const { stages } = this
    const [step] = stages.slice(from, from + 1)
    if (step === undefined || this.tries >= MAX_TRIES) return false
    const order = stages.toSpliced(from, 1).toSpliced(to, 0, step)
    if (switchesOf(order.map(({ actor }) => actor)) >= switchesOf(stages.map(({ actor }) => actor))) return false
    this.tries++
    const first = Math.min(from, to)
    const rest = order.slice(first).map(({ name }) => name)
    const followed = this.follow(stages.slice(0, first), stages[first]?.before, rest)
    if (followed === undefined) return false
    this.stages = followed
    return true
  }

  /** The way with these further steps; undefined: one of them is not there, or it does not end in the same. */
  private follow(
    stages: readonly Stage<F>[],
    from: ExploredState<F> | undefined,
    names: readonly ExploredStep[],
  ): readonly Stage<F>[] | undefined {
    const way = [...stages]
    let before = from
    for (const [i, name] of names.entries()) {
      const taken = takeNamed(this.successors, before, name)
      if (taken === undefined) return undefined
      way.push({ before, name: nameOf(this.successors, before, taken), actor: actorOf(before, taken) })
      if (taken.state === undefined) return i === names.length - 1 && taken.defect === this.reason ? way : undefined
      before = taken.state
    }
    return before !== undefined && judged(this.exploration, this.successors, before) === this.reason ? way : undefined
  }
}

function actorOf<F>(before: ExploredState<F> | undefined, { action }: TakenStep<F>): number {
  if (action?.kind === 'fire') return action.actor
  return action?.kind === 'deliver' ? (before?.world.links[action.link]?.to ?? -1) : -1
}
