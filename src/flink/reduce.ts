/**
 * Parallelism for the simulator. What can go wrong in a checkpoint depends on whether a vertex has one subtask or several, on which
 * vertices have as many as others, and on the kinds of edges; not on how many subtasks there are beyond that. So large parallelism is made
 * small with these kept.
 */
import type { ImportedPlan, PlanVertex } from './plan/index.js'

/** The largest parallelism that is simulated. */
export const largestParallelism = 4

/** The plan as it is simulated, and what was changed in sentences. */
export interface ReducedPlan {
  readonly plan: ImportedPlan
  /** What was reduced, and what of the comparison between vertices could not be kept; empty when nothing was. */
  readonly notes: readonly string[]
}

/** Reduces parallelism above four, keeping edges, which vertices have one subtask, and which of two have more. */
export function reduceParallelism(plan: ImportedPlan): ReducedPlan {
  const used = distinct(plan.vertices.map((vertex) => vertex.parallelism))
  if (used.every((value) => value <= largestParallelism)) return { plan, notes: [] }
  const all = orderKeeping(used)
  const mapping = all ?? neighbourKeeping(plan.vertices)
  const vertices = plan.vertices.map((vertex) => ({ ...vertex, parallelism: mapping.get(vertex.parallelism) ?? vertex.parallelism }))
  const changed = used.filter((value) => mapping.get(value) !== value).map((value) => `${String(value)} as ${String(mapping.get(value))}`)
  const kept = 'edges, single subtasks and which of two vertices has more are kept'
  const notes = [
    `parallelism is reduced for the simulation: ${changed.join(', ')}; ${all === undefined ? 'edges and single subtasks are kept' : kept}`,
  ]
  return { plan: { ...plan, vertices }, notes: all === undefined ? [...notes, ...lostComparisons(plan.vertices, vertices)] : notes }
}

/** Small values stay where they can; undefined when there are more different values above one than there is room for. */
function orderKeeping(used: readonly number[]): ReadonlyMap<number, number> | undefined {
  const several = used.filter((value) => value > 1)
  if (several.length > largestParallelism - 1) return undefined
  const mapping = new Map(used.filter((value) => value <= 1).map((value) => [value, value]))
  let previous = 1
  several.forEach((value, index) => {
    const room = largestParallelism - (several.length - 1 - index)
    previous = Math.min(value <= largestParallelism ? Math.max(value, previous + 1) : previous + 1, room)
    mapping.set(value, previous)
  })
  return mapping
}

/** With too many different values only those joined by an edge are kept apart: by the longest rising path that leads to each. */
function neighbourKeeping(vertices: readonly PlanVertex[]): ReadonlyMap<number, number> {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]))
  const smallerNeighbours = new Map<number, Set<number>>()
  for (const vertex of vertices) {
    for (const input of vertex.inputs) {
      const [low = 0, high = 0] = [vertex.parallelism, byId.get(input.from)?.parallelism ?? 0].sort((a, b) => a - b)
      if (low > 1 && low < high) smallerNeighbours.set(high, (smallerNeighbours.get(high) ?? new Set()).add(low))
    }
  }
  const mapping = new Map<number, number>()
  for (const value of distinct(vertices.map((vertex) => vertex.parallelism))) {
    const below = [...(smallerNeighbours.get(value) ?? [])].map((neighbour) => mapping.get(neighbour) ?? 1)
    mapping.set(value, value <= 1 ? value : Math.min(largestParallelism, Math.max(2, ...below.map((level) => level + 1))))
  }
  return mapping
}

function lostComparisons(before: readonly PlanVertex[], after: readonly PlanVertex[]): string[] {
  const lost = before.flatMap((vertex, index) =>
    vertex.inputs.flatMap((input) => {
      const other = before.findIndex((candidate) => candidate.id === input.from)
      const differed = vertex.parallelism !== before[other]?.parallelism
      return differed && after[index]?.parallelism === after[other]?.parallelism
        ? [`'${String(before[other]?.name)}' and '${vertex.name}'`]
        : []
    }),
  )
  const apart = 'vertices that no edge joins may have become equal in parallelism'
  return [lost.length === 0 ? apart : `${apart}, and so have ${lost.join(', ')}`]
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}
