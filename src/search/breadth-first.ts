import { isTerminal } from './enabled-actions.js'
import type { Exploration, ExplorationResult, ExploredStep, ExploredViolation } from './exploration.js'
import { Successors, type ExploredState, type TakenStep } from './successors.js'
import { VisitedStates } from './visited-states.js'

/** Explores all states within the budgets, nearest first: a counterexample is as short as any. */
export function exploreBreadthFirst<F = undefined>(exploration: Exploration<F>): ExplorationResult {
  return new BreadthFirst(exploration).explore()
}

/** A known state whose successors are not. */
interface Node<F> extends ExploredState<F> {
  readonly index: number
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
    this.add(this.successors.roots(), -1)
    while (this.frontier.length > 0 && !this.stopped) {
      const level = this.frontier
      this.frontier = []
      for (const node of level) {
        this.judge(node)
        if (!this.stopped) this.add(this.successors.from(node), node.index)
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

  /** Takes in the steps from a known state: what is new joins the frontier. */
  private add(steps: Iterable<TakenStep<F>>, parent: number): void {
    let ordinal = 0
    for (const step of steps) {
      const { state, defect } = step
      this.generated++
      if (state === undefined) {
        this.violation = { reason: defect ?? '', path: [...this.pathTo(parent), step.describe()] }
        return
      }
      const [high, low] = this.successors.key(state)
      const index = this.visited.add(high, low, parent, ordinal++)
      if (index >= 0) this.frontier.push({ ...state, index })
    }
  }

  private judge(node: Node<F>): void {
    const { inspect, fold } = this.exploration
    const terminal = isTerminal(this.successors.actions(node))
    if (terminal) this.terminals++
    const verdict = node.fold === undefined ? undefined : fold?.verdict(node.fold, terminal)
    const reason = verdict ?? inspect?.(node.world, terminal)
    if (reason !== undefined) this.violation = { reason, path: this.pathTo(node.index) }
  }

  /** The way to a known state, found again by taking the same steps from the start. */
  private pathTo(index: number): ExploredStep[] {
    const path: ExploredStep[] = []
    let steps = this.successors.roots()
    for (const ordinal of this.visited.ordinalsTo(index)) {
      const taken = nth(steps, ordinal)
      if (taken?.state === undefined) break
      path.push(taken.describe())
      steps = this.successors.from(taken.state)
    }
    return path
  }
}

function nth<T>(items: Iterable<T>, n: number): T | undefined {
  let i = 0
  for (const item of items) if (i++ === n) return item
  return undefined
}
