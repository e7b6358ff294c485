/**
 * What only the graph of all states can tell. `eventually` is contradicted by a way through states where it does not hold that ends
 * for good, or goes round for ever and is fair. `possible` is contradicted by a state from which no state that holds can be reached.
 * Neither uses symmetry or reductions, and within a boundary neither is decided.
 */
import type { Counterexample, Defect, HitBound } from './check-result.js'
import { inWords, type Walked } from './counterexample.js'
import { defectShownBy } from './defect.js'
import { fairCircle } from './fair-cycle.js'
import type { Limits } from './limits.js'
import type { Model, Property } from './model.js'
import { StateGraph } from './state-graph.js'

/** What the graph says: the first property that is contradicted, or why it cannot be said. */
export interface GraphFindings {
  readonly counterexample?: Counterexample | undefined
  readonly defect?: Defect
  readonly bounds?: readonly HitBound[]
}

/** Judges the properties that single states cannot tell. */
export function judgeGraph<S, A>(model: Model<S, A>, limits: Limits): GraphFindings {
  for (const property of model.properties) {
    if (property.kind !== 'eventually' && property.kind !== 'possible') continue
    try {
      const found = property.kind === 'eventually' ? judgeEventually(model, property, limits) : judgePossible(model, property, limits)
      if (found.counterexample !== undefined || found.bounds !== undefined) return found
    } catch (error) {
      const { kind, message } = defectShownBy(error)
      return { defect: { kind, message, during: `property "${property.name}"`, steps: [] } }
    }
  }
  return {}
}

function judgeEventually<S, A>(model: Model<S, A>, property: Property<S>, limits: Limits): GraphFindings {
  const graph = new StateGraph(model, (state) => !property.holds(state), limits.maxStates)
  if (graph.bound !== undefined) return cutOff(graph)
  const end = graph.vertices.findIndex(({ actions }) => actions.length === 0)
  if (end >= 0) return { counterexample: contradiction(model, property, graph.wayTo(end)) }
  const fairness = model.fairness && ((action: A) => model.fairness?.(action) ?? '')
  const circle = fairCircle(graph, fairness)
  if (circle === undefined) return {}
  const way = graph.wayTo(circle.start)
  return { counterexample: { ...contradiction(model, property, [...way, ...circle.steps]), backTo: way.length - 1 } }
}

function judgePossible<S, A>(model: Model<S, A>, property: Property<S>, limits: Limits): GraphFindings {
  const graph = new StateGraph(model, () => true, limits.maxStates)
  if (graph.bound !== undefined) return cutOff(graph)
  const into: number[][] = graph.vertices.map(() => [])
  graph.vertices.forEach(({ edges }, from) => {
    for (const { to } of edges) into[to]?.push(from)
  })
  const good = new Set([...graph.vertices.keys()].filter((vertex) => holdsIn(graph, property, vertex)))
  for (const vertex of good) for (const from of into[vertex] ?? []) good.add(from)
  const stuck = graph.vertices.findIndex((_, vertex) => !good.has(vertex))
  return stuck < 0 ? {} : { counterexample: contradiction(model, property, graph.wayTo(stuck)) }
}

function holdsIn<S, A>({ vertices }: StateGraph<S, A>, property: Property<S>, number: number): boolean {
  const vertex = vertices[number]
  return vertex !== undefined && property.holds(vertex.state)
}

function cutOff<S, A>({ bound, vertices }: StateGraph<S, A>): GraphFindings {
  return { bounds: [{ bound: bound ?? 'states', states: vertices.length }] }
}

function contradiction<S, A>(model: Model<S, A>, { name, kind }: Property<S>, way: readonly Walked<S, A>[]): Counterexample {
  return { property: name, kind, steps: inWords(model, way) }
}
