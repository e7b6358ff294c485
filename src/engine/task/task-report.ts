import type { HistoryFact } from '../../history/index.js'
import type { DeclineReason } from '../checkpoint/barrier-handler.js'
import type { ReportedStatus } from '../jobmaster/job-manager-messages.js'
import { RPC_LANE } from '../lanes.js'
import { executionOf } from './task-deployment.js'
import type { Task } from './task.js'

/** Tells the JobManager that this attempt is in another state (Flink: updateTaskExecutionState). */
export function reportStatus(task: Task, status: ReportedStatus, cause: string | null = null): void {
  const { subtask, attempt } = task.deployment
  task.context.record?.({ kind: 'task-status', vertex: task.vertex.name, subtask, attempt, status } satisfies HistoryFact)
  answerStatus(task, status, cause)
}

/** Tells the JobManager a status that is none in the history: an attempt that had ended before it was cancelled stays as it was. */
export function answerStatus({ deployment, context }: Task, status: ReportedStatus, cause: string | null = null): void {
  const { jobManager, jobMasterId } = deployment
  context.send(jobManager, { kind: 'task-status', execution: executionOf(deployment), jobMasterId, status, cause }, RPC_LANE)
}

/** Tells the JobManager that this attempt gives up on a checkpoint (Flink: declineCheckpoint). */
export function decline({ deployment, context, vertex }: Task, checkpoint: number, reason: DeclineReason): void {
  const { jobManager, jobMasterId, subtask, attempt } = deployment
  for (const { name } of vertex.operators) {
    context.record?.({ kind: 'checkpoint-declined', vertex: name, subtask, attempt, checkpoint, reason } satisfies HistoryFact)
  }
  context.send(jobManager, { kind: 'decline', execution: executionOf(deployment), jobMasterId, checkpoint, reason }, RPC_LANE)
}
