import type { OperatorShape } from '../../history/index.js'
import type { ChainedOperator, JobGraph, JobVertex } from './job-graph.js'

/**
 * The operators of a job as a history's header names them, in topological order. `observed` says where the output of a sink's writer
 * (by its name) is looked at, because only the scenario knows its readers.
 */
export function operatorShapes(graph: JobGraph, observed: ReadonlyMap<string, readonly string[]> = new Map()): OperatorShape[] {
  const placed = graph.vertices.flatMap((vertex) => vertex.operators.map((operator, index) => ({ vertex, operator, index })))
  placed.sort((a, b) => a.operator.ordinal - b.operator.ordinal)
  return placed.map(({ vertex, operator, index }) => {
    const points = observed.get(operator.name)
    return {
      name: operator.name,
      role: operator.role,
      parallelism: vertex.parallelism,
      inputs: inputsOf(graph, vertex, index),
      ...(vertex.name !== operator.name && { task: vertex.name }),
      ...(operator.stateful && { stateful: true }),
      ...(operator.selective === true && { selective: true }),
      ...(operator.withoutPositions === true && { withoutPositions: true }),
      ...(operator.deterministic === false && { deterministic: false }),
      ...(points !== undefined && { observed: points }),
    }
  })
}

/**
 * Names of the operators that feed an operator, once for each edge: of another task's chain for a head, of its own chain for the others.
 */
function inputsOf(graph: JobGraph, vertex: JobVertex, index: number): string[] {
  if (index > 0)
    return namesOf(vertex.operators, ({ outputs }) => outputs.some((output) => output.to === 'operator' && output.operator === index))
  return vertex.inputs.flatMap((edge) =>
    namesOf(graph.vertices[edge.from]?.operators ?? [], ({ outputs }) =>
      outputs.some((output) => output.to === 'edge' && output.edge === edge.id),
    ),
  )
}

function namesOf(operators: readonly ChainedOperator[], feeds: (operator: ChainedOperator) => boolean): string[] {
  return operators.filter(feeds).map(({ name }) => name)
}
