import { refOf } from '../actor-types.js'
import type { JobManagerMessage } from '../jobmaster/job-manager-messages.js'
import type { AbortReason, JobMaster } from '../jobmaster/job-master.js'
import type { Execution } from '../jobmaster/task-executor-messages.js'
import { MAIN_LANE } from '../lanes.js'

/** Reasons that count towards `execution.checkpointing.tolerable-failed-checkpoints` (Flink: `CheckpointFailureManager`). */
const COUNTED: ReadonlySet<AbortReason> = new Set<AbortReason>([
  'IO_EXCEPTION',
  'CHECKPOINT_ASYNC_EXCEPTION',
  'CHECKPOINT_EXPIRED',
  'CHECKPOINT_DECLINED',
  'FINALIZE_CHECKPOINT_FAILURE',
])

/** Why the job fails then (Flink: `CheckpointFailureManager.EXCEEDED_CHECKPOINT_TOLERABLE_FAILURE_MESSAGE`). */
export const TOO_MANY_FAILED = 'Exceeded checkpoint tolerable failure threshold.'

/**
 * Counts a failed checkpoint; one too many in a row fails the job, on its main thread.
 * @param declinedBy the task whose decline it was, if it was one
 */
export function countFailure(master: JobMaster, reason: AbortReason, declinedBy?: Execution): void {
  const { coordinator } = master.state
  if (!COUNTED.has(reason)) return
  coordinator.failures++
  if (coordinator.failures <= master.graph.configuration.checkpointing.tolerableFailed) return
  coordinator.failures = 0
  master.context.send(
    refOf<JobManagerMessage>(master.context.self),
    { kind: 'fail-globally', cause: TOO_MANY_FAILED, ...(declinedBy && { declinedBy }) },
    MAIN_LANE,
  )
}
