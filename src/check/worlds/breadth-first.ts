import { isTerminal } from './enabled-actions.js'
import type { Exploration, ExplorationResult, ExploredStep, ExploredViolation } from './exploration.js'
import { describeStep, nth, Successors, type ExploredState, type TakenStep } from './successors.js'
import { VisitedStates } from './visited-states.js'

/**
 * Explores all states within the budgets, nearest first: a counterexample is as short as any. It is the plain search that `exploreWorld`
 * is compared with, and stays plain because that is its worth: of a fold it takes the verdict only, which is all that is compared. What
 * was `sometimes` seen, and the outcomes, are told by `exploreWorld`.
 */
export function exploreBreadthFirst<F = undefined>(exploration: Exploration<F>): ExplorationResult {
  return new BreadthFirst(exploration).explore()
}

/** A known state whose successors are not. */
interface Node<F> {
  readonly index: number
  readonly state: ExploredState<F>
}

class BreadthFirst<F> {
  private readonly successors: Successors<F>
  private readonly visited = new VisitedStates()
  private frontier: Node<F>[] = []
  private violation: ExploredViolation | undefined
  private generated = 0
  private terminals = 0

  constructor(private readonly exploration: Exploration<F>) {
    this.successors = new Successors(exploration)
  }

  explore(): ExplorationResult {
    let depth = 0
    this.add(this.successors.roots(), undefined)
    while (this.frontier.length > 0 && !this.stopped) {
      const level = this.frontier
      this.frontier = []
      for (const node of level) {
        this.expand(node)
        if (this.stopped) break
      }
      if (this.frontier.length > 0) depth++
    }
    const { generated, terminals, violation } = this
    return { distinct: this.visited.size, generated, depth, terminals, exhausted: !this.stopped, ...(violation && { violation }) }
  }

  private get stopped(): boolean {
    return this.violation !== undefined || this.visited.size >= (this.exploration.maxStates ?? Infinity)
  }

  /** Judges a known state, and takes every step from it. */
  private expand(node: Node<F>): void {
    const actions = this.successors.actions(node.state)
    const terminal = isTerminal(actions)
    if (terminal) this.terminals++
    const reason = this.judge(node.state, terminal)
    if (reason === undefined) this.add(this.successors.from(node.state, actions), node)
    else this.violation = { reason, path: this.pathTo(node.index) }
  }

  private judge({ world, fold }: ExploredState<F>, terminal: boolean): string | undefined {
    const verdict = fold === undefined ? undefined : this.exploration.fold?.verdict(fold.state, terminal)
    return verdict ?? this.exploration.inspect?.(world, terminal)
  }

  /** Takes in the steps from a known state: what is new joins the frontier. */
  private add(steps: Iterable<TakenStep<F>>, from: Node<F> | undefined): void {
    const parent = from?.index ?? -1
    let ordinal = 0
    for (const step of steps) {
      this.generated++
      if (step.state === undefined) {
        this.violation = { reason: step.defect ?? '', path: [...this.pathTo(parent), describeStep(from?.state.world, step)] }
        return
      }
      const [high, low] = this.successors.key(step.state)
      const index = this.visited.add(high, low, parent, ordinal++)
      if (index >= 0) this.frontier.push({ index, state: step.state })
    }
  }

  /** The way to a known state, found again by taking the same steps from the start. */
  private pathTo(index: number): ExploredStep[] {
    const path: ExploredStep[] = []
    let before: ExploredState<F> | undefined
    for (const ordinal of this.visited.ordinalsTo(index)) {
      const steps: Iterable<TakenStep<F>> =
        before === undefined ? this.successors.roots() : this.successors.from(before, this.successors.actions(before))
      const step = nth(steps, ordinal)
      if (step?.state === undefined) break
      path.push(describeStep(before?.world, step))
      before = step.state
    }
    return path
  }
}
