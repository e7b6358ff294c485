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
  const cause = 'Exceeded checkpoint tolerable failure threshold.'
  master.context.send(
    refOf<JobManagerMessage>(master.context.self),
    { kind: 'fail-globally', cause, ...(declinedBy && { declinedBy }) },
    MAIN_LANE,
  )
}
