import type { HistoryFact } from '../../history/index.js'
import type { DeclineReason } from '../checkpoint/barrier-handler.js'
import type { ReportedStatus } from '../jobmaster/job-manager-messages.js'
import { RPC_LANE } from '../lanes.js'
import { executionOf } from './task-deployment.js'
import type { Task } from './task.js'

/** Tells the JobManager that this attempt is in another state (Flink: updateTaskExecutionState). */
export function reportStatus({ deployment, context, vertex }: Task, status: ReportedStatus, cause: string | null = null): void {
  const { subtask, attempt, jobManager, jobMasterId } = deployment
  context.record?.({ kind: 'task-status', vertex: vertex.name, subtask, attempt, status } satisfies HistoryFact)
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
