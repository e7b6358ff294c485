import { consumersOf, type JobGraph } from '../graph/job-graph.js'
import type { SubtaskId } from './deployment.js'

/**
 * The subtasks that must restart together with one of them: those it is connected to by pipelined exchanges, in either direction
 * (Flink: `RestartPipelinedRegionFailoverStrategy`). Every exchange of a streaming job is pipelined. Sorted by vertex and subtask.
 */
export function regionOf(graph: JobGraph, of: SubtaskId): readonly SubtaskId[] {
  const seen = new Set<string>()
  const open = [of]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const name = `${String(next.vertex)}/${String(next.subtask)}`
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...neighbours(graph, next))
  }
  return allSubtasks(graph).filter(({ vertex, subtask }) => seen.has(`${String(vertex)}/${String(subtask)}`))
}

function neighbours(graph: JobGraph, { vertex, subtask }: SubtaskId): readonly SubtaskId[] {
  const found: SubtaskId[] = []
  for (const edge of graph.edges) {
    const producers = graph.vertices[edge.from]?.parallelism ?? 0
    const consumers = graph.vertices[edge.to]?.parallelism ?? 0
    for (let producer = 0; producer < producers; producer++) {
      for (const consumer of consumersOf(edge, producers, consumers, producer)) {
        if (edge.from === vertex && producer === subtask) found.push({ vertex: edge.to, subtask: consumer })
        if (edge.to === vertex && consumer === subtask) found.push({ vertex: edge.from, subtask: producer })
      }
    }
  }
  return found
}

/** Every subtask of the job, by vertex and subtask. */
export function allSubtasks(graph: JobGraph): readonly SubtaskId[] {
  const all: SubtaskId[] = []
  for (const { id, parallelism } of graph.vertices)
    for (let subtask = 0; subtask < parallelism; subtask++) all.push({ vertex: id, subtask })
  return all
}
