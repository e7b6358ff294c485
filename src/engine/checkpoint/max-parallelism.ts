/**
 * The number of key groups stays that of the checkpoint, because a key's group is a matter of it (Flink:
 * `StateAssignmentOperation.checkParallelismPreconditions`, `VertexParallelismInformation.canRescaleMaxParallelism`).
 */
import type { JobGraph } from '../graph/job-graph.js'
import type { CheckpointMetadata } from './state-handle.js'

/** Max parallelism of a job that restores a checkpoint: that of the checkpoint, where the job's own was derived. */
export function restoredMaxParallelism({ configuration }: JobGraph, { operators }: CheckpointMetadata): number {
  const { maxParallelism, maxParallelismDerived } = configuration
  return maxParallelismDerived === true ? (operators[0]?.maxParallelism ?? maxParallelism) : maxParallelism
}

/** Why a job cannot restore a checkpoint at its parallelism, in Flink's words; undefined when it can. */
export function refusedParallelism({ vertices, configuration }: JobGraph, { operators }: CheckpointMetadata): string | undefined {
  for (const vertex of vertices) {
    for (const { uid, name } of vertex.operators) {
      const restored = operators.find((operator) => operator.uid === uid)
      if (restored === undefined) continue
      if (restored.maxParallelism < vertex.parallelism)
        return (
          `the state for task ${name} can not be restored: the maximum parallelism (${String(restored.maxParallelism)}) of the restored ` +
          `state is lower than the configured parallelism (${String(vertex.parallelism)}); please reduce the parallelism of the task to be ` +
          'lower or equal to the maximum parallelism'
        )
      if (restored.maxParallelism !== configuration.maxParallelism && configuration.maxParallelismDerived !== true)
        return (
          `the maximum parallelism (${String(restored.maxParallelism)}) with which the latest checkpoint of ${name} has been taken and the ` +
          `current maximum parallelism (${String(configuration.maxParallelism)}) changed; this is not supported`
        )
    }
  }
  return undefined
}
