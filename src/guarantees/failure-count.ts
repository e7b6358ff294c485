import type { JobStatus } from '../history/index.js'

/**
 * The failures of a recorded job that its restart strategy may have counted, once each (`RestartBackoffTimeStrategy.notifyFailure`): every
 * task that FAILED, for those that a failover cancels end as CANCELED whatever becomes of them; and what failed the job as a whole, which
 * only its restart tells. A restart behind a failed task is that of the task.
 */
export interface FailureCount {
  /** Tasks of the current job that have FAILED. */
  tasks: number
  /** Restarts of it that no failed task explains. */
  others: number
  /** A task has FAILED since the job was RUNNING last. */
  sinceRunning: boolean
  /** Failures for which nothing has been chosen yet that is to be restored. */
  open: number
}

/** Nothing has failed. */
export function createFailureCount(): FailureCount {
  return { tasks: 0, others: 0, sinceRunning: false, open: 0 }
}

/** Failures of the current job. */
export function failuresOf({ tasks, others }: FailureCount): number {
  return tasks + others
}

/** A task FAILED. */
export function noteTaskFailed(count: FailureCount): void {
  count.tasks++
  count.sinceRunning = true
  count.open++
}

/** The job has another status. The restart strategy of the JobManager that takes a suspended job over has counted nothing. */
export function noteStatus(count: FailureCount, status: JobStatus): void {
  if (status === 'SUSPENDED') Object.assign(count, createFailureCount())
  if (status === 'RESTARTING' && !count.sinceRunning) noteOther(count)
  if (status === 'RUNNING') count.sinceRunning = false
}

/** It was chosen what is to be restored: for each region apart, and for the last of them once the job is RUNNING. */
export function noteChoice(count: FailureCount, status: JobStatus | undefined): void {
  if (count.open === 0) noteOther(count)
  count.open = status === 'RUNNING' ? 0 : count.open - 1
}

function noteOther(count: FailureCount): void {
  count.others++
  count.open++
}
