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
    ...(type === 'BATCH'
      ? []
      : vertices.flatMap((vertex) => [...chainProblems(vertex), ...parallelismProblems(vertex, vertices), ...edgeProblems(vertex)])),
  ]
}

/** A record goes through a chain by calls within calls, whose depth has an end. */
const longestChain = 500

function chainProblems({ name, operators }: PlanVertex): PlanProblem[] {
  if (operators.length <= longestChain) return []
  const reason = `a chain of ${String(operators.length)} operators: more than ${String(longestChain)} in one task are not simulated; startNewChain() divides it`
  return [{ vertex: operators[0]?.name ?? name, reason }]
}

function parallelismProblems({ name, parallelism, inputs }: PlanVertex, vertices: readonly PlanVertex[]): PlanProblem[] {
  if (parallelism < 1) {
    const reason = `its parallelism is ${String(parallelism)}: Flink decides it later; the plan of the running job tells it`
    return [{ vertex: name, reason }]
  }
  return inputs.flatMap(({ from, ship }) => {
    const producer = vertices.find(({ id }) => id === from)
    if (ship !== 'FORWARD' || producer === undefined || producer.parallelism < 1 || producer.parallelism === parallelism) return []
    const [above, here] = [producer.parallelism, parallelism].map(String)
    const reason = `its FORWARD input comes from '${producer.name}' of parallelism ${String(above)}, its own is ${String(here)}: forward partitioning does not allow change of parallelism`
    return [{ vertex: name, reason }]
  })
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
