/**
 * Whether a new job may go on from tasks that had finished (Flink: `VertexFinishedStateChecker`, FLIP-147). Tasks that had finished are
 * restored as such, and nothing may come to them any more: a changed job could bring them something.
 */
import { isAllToAll, type JobGraph, type JobVertex } from '../graph/job-graph.js'
import type { CheckpointMetadata } from './state-handle.js'

type FinishedState = 'ALL_RUNNING' | 'PARTIALLY_FINISHED' | 'FULLY_FINISHED'

/** Why the finished tasks of a checkpoint cannot be restored, in Flink's words; undefined when they can. */
export function refusedFinishedState(graph: JobGraph, metadata: CheckpointMetadata): string | undefined {
  for (const vertex of graph.vertices) {
    const refused = mixedOperators(vertex, metadata) ?? livelyPredecessor(graph, vertex, metadata)
    if (refused !== undefined) return refused
  }
  return undefined
}

/** A chain that was put together anew may hold operators of tasks that had finished, and of others that had not. */
function mixedOperators(vertex: JobVertex, metadata: CheckpointMetadata): string | undefined {
  const states = new Set(finishedStates(vertex, metadata))
  if (states.size <= 1) return undefined
  return `can not restore vertex ${vertex.name}, which contains mixed operator finished state: ${[...states].sort().join(' and ')}`
}

function livelyPredecessor(graph: JobGraph, vertex: JobVertex, metadata: CheckpointMetadata): string | undefined {
  const state = finishedState(vertex, metadata)
  if (state === 'ALL_RUNNING') return undefined
  for (const { from, ship } of vertex.inputs) {
    const predecessor = graph.vertices[from]
    const before = predecessor === undefined ? 'FULLY_FINISHED' : finishedState(predecessor, metadata)
    if (before === 'FULLY_FINISHED' || (state === 'PARTIALLY_FINISHED' && !isAllToAll(ship) && before !== 'ALL_RUNNING')) continue
    const how = state === 'FULLY_FINISHED' ? 'fully' : 'partially'
    return (
      `illegal JobGraph modification: cannot run a program with ${how} finished vertices predeceased with running or partially finished ` +
      `ones: ${vertex.name} behind ${predecessor?.name ?? ''}`
    )
  }
  return undefined
}

function finishedState(vertex: JobVertex, metadata: CheckpointMetadata): FinishedState {
  return finishedStates(vertex, metadata)[0] ?? 'ALL_RUNNING'
}

/** Of each operator; one that the checkpoint does not know is new, and runs. */
function finishedStates({ operators }: JobVertex, metadata: CheckpointMetadata): FinishedState[] {
  return operators.map(({ uid }) => {
    const restored = metadata.operators.find((operator) => operator.uid === uid)
    if (restored === undefined || restored.finished.length === 0) return 'ALL_RUNNING'
    return restored.finished.length < restored.parallelism ? 'PARTIALLY_FINISHED' : 'FULLY_FINISHED'
  })
}
