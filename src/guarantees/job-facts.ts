import type { HistoryEvent, JobStatus } from '../history/index.js'

/** How the job as a whole fared. */
export interface JobFacts {
  /** Flink's job id where told, and how many jobs were started. */
  jobId: string | undefined
  jobs: number
  status: JobStatus | undefined
  statusSeq: number
  /** Completions of the current job, in order, and those of earlier jobs. */
  readonly completed: CompletedCheckpoint[]
  readonly completedEarlier: CompletedCheckpoint[]
  /** Somebody asked the current job to stop with a savepoint: its sources need not reach their end. */
  stopped: boolean
  /** `seq` of the newest fault, failure, crash or return of a process; 0 when there was none. */
  lastFault: number
  /** `seq` of the newest record absorbed or written. */
  lastRecord: number
  restarts: number
}

export interface CompletedCheckpoint {
  readonly checkpoint: number
  readonly seq: number
  /** A plain savepoint commits nothing and is not what a failover restores. */
  readonly plainSavepoint: boolean
}

/** Nothing known yet. */
export function createJobFacts(): JobFacts {
  return {
    jobId: undefined,
    jobs: 0,
    status: undefined,
    statusSeq: 0,
    completed: [],
    completedEarlier: [],
    stopped: false,
    lastFault: 0,
    lastRecord: 0,
    restarts: 0,
  }
}

/** Takes one event in. */
export function stepJobFacts(job: JobFacts, event: HistoryEvent): void {
  switch (event.kind) {
    case 'state-apply':
    case 'sink-write':
      job.lastRecord = event.seq
      return
    case 'checkpoint-completed':
      job.completed.push({
        checkpoint: event.checkpoint,
        seq: event.seq,
        plainSavepoint: event.savepoint === true && event.synchronous !== true,
      })
      return
    case 'savepoint':
      if (event.action === 'stop') job.stopped = true
      return
    case 'fault':
    case 'failure':
    case 'process-crashed':
    case 'process-started':
      job.lastFault = event.seq
      return
    case 'restart':
      job.restarts++
      job.lastFault = event.seq
      return
    case 'job-status':
      if (event.status === 'CREATED') stepCreated(job, event.job)
      job.status = event.status
      job.statusSeq = event.seq
      return
    default:
  }
}

function stepCreated(job: JobFacts, id: string | undefined): void {
  if (job.jobs > 0 && id !== undefined && id === job.jobId) return
  job.jobs++
  job.jobId = id
  job.stopped = false
  job.restarts = 0
  job.completedEarlier.push(...job.completed)
  job.completed.length = 0
}

/** True when the job ended by itself (or by stop-with-savepoint) and owes everything it took in. */
export function finished(job: JobFacts): boolean {
  return job.status === 'FINISHED'
}

/** True when nothing is to be expected any more. */
export function terminal(job: JobFacts): boolean {
  return job.status === 'FINISHED' || job.status === 'FAILED' || job.status === 'CANCELED'
}

/** Checkpoints (not plain savepoints) of the current job that completed after the last fault. */
export function completedAfterFaults(job: JobFacts): CompletedCheckpoint[] {
  return job.completed.filter((each) => !each.plainSavepoint && each.seq > job.lastFault)
}
