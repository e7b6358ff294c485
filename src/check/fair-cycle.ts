/**
 * A circle on which a system can go on for ever without being unfair to anybody. Weak fairness: who could act in every state of the
 * circle acts somewhere on it. A component that has an unfair circle only may be larger and fair as a whole, so it is enough to look
 * at whole components: walking through all of a component is the fairest circle that it has.
 */
import { componentsOf } from './components.js'
import type { Walked } from './counterexample.js'
import type { StateGraph, Vertex } from './state-graph.js'

/** A vertex on a circle, and the steps from it that lead back to it. */
export interface Circle<S, A> {
  readonly start: number
  readonly steps: readonly Walked<S, A>[]
}

/** A fair circle, the nearest component first; undefined: every fair way leaves the graph or ends in it. */
export function fairCircle<S, A>({ vertices }: StateGraph<S, A>, fairness: ((action: A) => string) | undefined): Circle<S, A> | undefined {
  const component = componentsOf(vertices.length, (vertex) => vertices[vertex]?.edges ?? [])
  const tried = new Set<number>()
  for (let start = 0; start < vertices.length; start++) {
    const number = component[start] ?? -1
    if (tried.has(number)) continue
    tried.add(number)
    const circle = new FairCircle(vertices, (vertex) => component[vertex] === number, fairness).from(start)
    if (circle !== undefined) return { start, steps: circle }
  }
  return undefined
}

/** Looks for a circle within one component. */
class FairCircle<S, A> {
  constructor(
    private readonly vertices: readonly Vertex<S, A>[],
    private readonly inside: (vertex: number) => boolean,
    private readonly fairness: ((action: A) => string) | undefined,
  ) {}

  from(start: number): Walked<S, A>[] | undefined {
    const members = this.reachable(start)
    if (!members.some((vertex) => this.edges(vertex).length > 0)) return undefined
    const steps: Walked<S, A>[] = []
    let at = start
    const goTo = (arrived: (vertex: number, action: A | undefined) => boolean): void => {
      const way = this.shortest(at, arrived)
      steps.push(...way.map(({ action, to }) => ({ action, state: this.stateOf(to) })))
      at = way.at(-1)?.to ?? at
    }
    for (const who of this.everybodyIn(members)) {
      const idle = members.find((vertex) => !this.canAct(vertex, who))
      if (idle !== undefined) goTo((vertex) => vertex === idle)
      else if (members.some((vertex) => this.edges(vertex).some(({ action }) => this.fairness?.(action) === who))) {
        goTo((_, action) => action !== undefined && this.fairness?.(action) === who)
      } else return undefined
    }
    if (at !== start || steps.length === 0) goTo((vertex, action) => vertex === start && action !== undefined)
    return steps
  }

  private everybodyIn(members: readonly number[]): Set<string> {
    const { fairness } = this
    if (fairness === undefined) return new Set()
    return new Set(members.flatMap((vertex) => this.vertices[vertex]?.actions.map((action) => fairness(action)) ?? []))
  }

  private canAct(vertex: number, who: string): boolean {
    return this.vertices[vertex]?.actions.some((action) => this.fairness?.(action) === who) ?? false
  }

  private edges(vertex: number): Vertex<S, A>['edges'] {
    return this.vertices[vertex]?.edges.filter(({ to }) => this.inside(to)) ?? []
  }

  private reachable(start: number): number[] {
    const found = new Set([start])
    for (const vertex of found) for (const { to } of this.edges(vertex)) found.add(to)
    return [...found]
  }

  /** Steps within the component until one of them, or the start itself, is what is wanted. */
  private shortest(
    start: number,
    arrived: (vertex: number, action: A | undefined) => boolean,
  ): { readonly action: A; readonly to: number }[] {
    if (arrived(start, undefined)) return []
    const reached = new Map<number, { readonly from: number; readonly action: A } | undefined>([[start, undefined]])
    const wayTo = (vertex: number): { readonly action: A; readonly to: number }[] => {
      const way: { readonly action: A; readonly to: number }[] = []
      for (let to = vertex, step = reached.get(to); step !== undefined; to = step.from, step = reached.get(to)) {
        way.push({ action: step.action, to })
      }
      return way.reverse()
    }
    for (const [from] of reached) {
      for (const { action, to } of this.edges(from)) {
        if (arrived(to, action)) return [...wayTo(from), { action, to }]
        if (!reached.has(to)) reached.set(to, { from, action })
      }
    }
    return []
  }

  private stateOf(vertex: number): S {
    const found = this.vertices[vertex]
    if (found === undefined) throw new RangeError(`there is no vertex ${vertex}`)
    return found.state
  }
}
