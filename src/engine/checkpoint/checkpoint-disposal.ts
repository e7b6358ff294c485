/**
 * Completed checkpoints that are not kept any longer: those that newer ones subsume, and all of them when the job ends for good, unless
 * they are retained (Flink: `CheckpointSubsumeHelper`, `CompletedCheckpointStore.shutdown`, `CheckpointProperties`).
 */
import { UNORDERED } from '../../world/index.js'
import { refOf } from '../actor-types.js'
import type { CheckpointConfiguration } from '../configuration.js'
import type { CompletedCheckpoint, JobMaster } from '../jobmaster/job-master.js'
import type { JobResult } from './completed-checkpoint-store.js'
import { filesOf } from './state-handle.js'

/** Drops the oldest completed checkpoints beyond `state.checkpoints.num-retained`, never the newest. */
export function subsume(master: JobMaster): void {
  const { completed } = master.state.coordinator
  const { numRetained } = master.graph.configuration.checkpointing
  dispose(master, completed.slice(0, Math.max(0, completed.length - numRetained)))
}

/** The end of the job is known for good, and nobody will restore its checkpoints. */
export function jobEnded(master: JobMaster, result: JobResult): void {
  master.state.ended = result
  disposeWhenIdle(master)
}

/** All completed checkpoints of a job that has ended go, once none is being stored any more: it may need files of the others. */
export function disposeWhenIdle(master: JobMaster): void {
  const { state, graph } = master
  if (state.ended === null || state.coordinator.pending.length > 0) return
  if (isDiscarded(graph.configuration.checkpointing.retention, state.ended)) dispose(master, state.coordinator.completed)
}

/** Flink: `CheckpointProperties.discardOnJobFinished`, `discardOnJobFailed`. */
function isDiscarded(retention: CheckpointConfiguration['retention'], result: JobResult): boolean {
  return result === 'FINISHED' || retention === 'NO_EXTERNALIZED_CHECKPOINTS'
}

/**
 * The pointers first, then the files that no checkpoint needs which stays: those only when the pointers are surely gone. A JobManager whose
 * host is lost may leave files that nobody knows of, but no pointer to a file that is not there: its successor could not start (Flink:
 * `DefaultCompletedCheckpointStore.tryRemoveCompletedCheckpoint`).
 */
function dispose(master: JobMaster, dropped: readonly CompletedCheckpoint[]): void {
  const { state, graph, setup, context } = master
  if (dropped.length === 0) return
  const { coordinator } = state
  coordinator.completed = coordinator.completed.filter((each) => !dropped.includes(each))
  const kept = new Set<string>()
  for (const { metadata } of coordinator.completed) for (const file of filesOf(metadata)) kept.add(file)
  const paths: string[] = []
  for (const { path, metadata } of dropped) paths.push(path, ...filesOf(metadata).filter((file) => !kept.has(file)))
  const checkpoints = dropped.map(({ checkpoint }) => checkpoint)
  if (graph.configuration.highAvailability)
    context.send(setup.store, { kind: 'remove', replyTo: refOf(context.self), checkpoints, paths }, UNORDERED)
  else deleteFiles(master, paths)
}

/** Deletes files to which no pointer leads any more. */
export function deleteFiles({ setup, context }: JobMaster, paths: readonly string[]): void {
  context.send(setup.storage, { kind: 'delete', replyTo: null, paths }, UNORDERED)
}
