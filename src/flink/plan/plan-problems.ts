import { iterationEnd } from './chaining.js'
import type { PlanIteration, PlanProblem, PlanVertex } from './imported-plan.js'

/** The feedback edges of a job, which no plan shows as edges: `IterationSource-7` and `IterationSink-7`. */
export function findIterations(vertices: readonly PlanVertex[]): PlanIteration[] {
  const named = (name: string): PlanVertex | undefined =>
    vertices.find((vertex) => vertex.operators.some((operator) => operator.name === name))
  return vertices.flatMap((vertex) => {
    const head = vertex.operators[0]?.name ?? ''
    const sink = head.startsWith('IterationSource') && iterationEnd.test(head) ? named(head.replace('Source', 'Sink')) : undefined
    return sink === undefined ? [] : [{ source: vertex.id, sink: sink.id }]
  })
}

/** What in a plan cannot be checkpointed or not be checked, whatever the configuration. */
export function planProblems(
  type: 'STREAMING' | 'BATCH',
  vertices: readonly PlanVertex[],
  iterations: readonly PlanIteration[],
): PlanProblem[] {
  const batch: PlanProblem[] =
    type === 'BATCH' ? [{ reason: 'a BATCH job takes no checkpoints; after a failure it repeats whole stages, which is not modelled' }] : []
  return [
    ...batch,
    ...iterations.map((iteration) => iterationProblem(iteration, vertices)),
    ...(type === 'BATCH' ? [] : vertices.flatMap(edgeProblems)),
  ]
}

function iterationProblem(iteration: PlanIteration, vertices: readonly PlanVertex[]): PlanProblem {
  const vertex = vertices.find((candidate) => candidate.id === iteration.source)?.name ?? iteration.source
  return {
    vertex,
    reason:
      'an iteration feeds records back; those on their way are in no checkpoint and are lost by a failure, and Flink itself refuses to checkpoint it unless forced',
  }
}

function edgeProblems(vertex: PlanVertex): PlanProblem[] {
  const blocking = vertex.inputs.find((input) => /^(?:blocking|hybrid)/i.test(input.exchange ?? ''))
  if (blocking === undefined) return []
  return [
    {
      vertex: vertex.name,
      reason: `its input is exchanged ${String(blocking.exchange)}: no barrier can pass before the producer has finished`,
    },
  ]
}
