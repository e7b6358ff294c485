/**
 * Whether every way comes to an end, which no single state tells: where the ends are judged and no way leads in a circle, what holds at
 * every end is bound to come, without any fairness. Where there are circles, an end must at least stay within reach.
 */
import { Ints } from './ints.js'
import type { StepGraph } from './step-graph.js'

/** What the graph of all steps says. */
export interface Endings {
  /** States from which a way can go on for ever: those on a circle, and those before one. 0: every way ends. */
  readonly endless: number
  /** The nearest state from which no end can be reached any more; -1: one can be reached from each. */
  readonly lost: number
}

/** Judges the graph of an exploration that has seen all states. */
export function endingsOf(graph: StepGraph): Endings {
  const before = new StepsBefore(graph)
  return { endless: endlessStates(graph, before), lost: lostState(graph, before) }
}

/** The same steps by where they lead. */
class StepsBefore {
  private readonly begins = new Ints()
  private readonly sources = new Ints()

  constructor(graph: StepGraph) {
    const { size, steps } = graph
    const { begins, sources } = this
    for (let at = 0; at < steps; at++) begins.set(graph.target(at) + 1, begins.get(graph.target(at) + 1) + 1)
    for (let state = 0; state < size; state++) begins.set(state + 1, begins.get(state + 1) + begins.get(state))
    const next = new Ints()
    for (let state = 0; state < size; state++) next.set(state, begins.get(state))
    for (let state = 0; state < size; state++) {
      for (let at = graph.begin(state); at < graph.begin(state + 1); at++) {
        const to = graph.target(at)
        sources.set(next.get(to), state)
        next.set(to, next.get(to) + 1)
      }
    }
  }

  forEach(state: number, visit: (from: number) => void): void {
    const end = this.begins.get(state + 1)
    for (let at = this.begins.get(state); at < end; at++) visit(this.sources.get(at))
  }
}

/**
 * How many states are left when those are taken away, again and again, all of whose steps lead to states that were taken away (Kahn 1962).
 */
function endlessStates(graph: StepGraph, before: StepsBefore): number {
  const { size } = graph
  const left = new Ints()
  const taken = new Ints()
  for (let state = 0; state < size; state++) {
    left.set(state, graph.begin(state + 1) - graph.begin(state))
    if (left.get(state) === 0) taken.push(state)
  }
  for (let i = 0; i < taken.length; i++) {
    before.forEach(taken.get(i), (from) => {
      left.set(from, left.get(from) - 1)
      if (left.get(from) === 0) taken.push(from)
    })
  }
  return size - taken.length
}

function lostState({ size, ends }: StepGraph, before: StepsBefore): number {
  const reached = new Ints()
  const reaching = new Ints()
  const reach = (state: number): void => {
    if (reached.get(state) === 1) return
    reached.set(state, 1)
    reaching.push(state)
  }
  for (let i = 0; i < ends.length; i++) reach(ends.get(i))
  for (let i = 0; i < reaching.length; i++) before.forEach(reaching.get(i), reach)
  for (let state = 0; state < size; state++) if (reached.get(state) === 0) return state
  return -1
}
