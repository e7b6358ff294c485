import type { HistoryEvent } from '../history/index.js'

/**
 * Which job of the history we are in. Two jobs may follow each other in one history (a restore from a savepoint); attempts and
 * checkpoint ids are counted per job. A JobManager that comes back goes on with the same job.
 */
export interface JobEpoch {
  /** Flink's job id where the origin tells it. */
  id: string | undefined
  /** Jobs created so far. */
  number: number
}

/** No job yet. */
export function createJobEpoch(): JobEpoch {
  return { id: undefined, number: 0 }
}

/** Takes one event in; true when it creates a job (the first one, too). */
export function createsJob(epoch: JobEpoch, event: HistoryEvent): boolean {
  if (event.kind !== 'job-status' || event.status !== 'CREATED') return false
  if (epoch.number > 0 && event.job !== undefined && event.job === epoch.id) return false
  epoch.number++
  epoch.id = event.job
  return true
}
