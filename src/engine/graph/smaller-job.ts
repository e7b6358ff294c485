/** A job graph made smaller: fewer records, fewer subtasks, fewer checkpoints. Not in Flink; what shrinks a failing run needs it. */
import type { KeptRecords } from '../operators/narrowed-source.js'
import type { JobGraph, JobVertex } from './job-graph.js'

/** The job with a part of its sources' records; `kept` has those of a source by the name of its operator. */
export function withRecords(graph: JobGraph, kept: ReadonlyMap<string, readonly KeptRecords[]>): JobGraph {
  const vertices = graph.vertices.map((vertex) => ({
    ...vertex,
    operators: vertex.operators.map((operator) => {
      const records = kept.get(operator.name)
      return records === undefined || operator.narrowed === undefined ? operator : { ...operator, code: operator.narrowed(records) }
    }),
  }))
  return { ...graph, vertices }
}

/** The job with other parallelisms, by name of the vertex. */
export function withParallelism(graph: JobGraph, parallelism: Readonly<Record<string, number>>): JobGraph {
  const vertices = graph.vertices.map((vertex) => ({ ...vertex, parallelism: parallelism[vertex.name] ?? vertex.parallelism }))
  return { ...graph, vertices }
}

/** The job with another `execution.checkpointing.interval`, µs. */
export function withCheckpointInterval(graph: JobGraph, intervalUs: number): JobGraph {
  const { configuration } = graph
  return { ...graph, configuration: { ...configuration, checkpointing: { ...configuration.checkpointing, intervalUs } } }
}

/** Vertices that must have the same parallelism, because records go from one to the other by FORWARD. */
export function vertexGroups(graph: JobGraph): readonly (readonly JobVertex[])[] {
  const groupOf = graph.vertices.map(({ id }) => id)
  for (const { from, to, ship } of graph.edges) {
    const [one, other] = [groupOf[from] ?? from, groupOf[to] ?? to]
    if (ship === 'FORWARD') for (const { id } of graph.vertices) if (groupOf[id] === other) groupOf[id] = one
  }
  return [...new Set(groupOf)].map((group) => graph.vertices.filter(({ id }) => groupOf[id] === group))
}
