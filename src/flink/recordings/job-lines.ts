import type { JobStatus, TaskStatus } from '../../history/index.js'
import { factsOfLog, UNSURE } from './log-lines.js'
import { parallelismOf, type RecordedLine } from './recorded-line.js'
import type { LineMapping, RecordingInProgress } from './recording-in-progress.js'

/** Lines about the job, its tasks and its processes. */
export const JOB_LINES: Readonly<Record<string, LineMapping>> = {
  job_submit: submitted,
  job_state: (recording, line) => jobStatus(recording, line, line.text('to')),
  job_end: (recording, line) => jobStatus(recording, line, line.text('status')),
  task_state: taskStatus,
  log: logged,
  fault: (recording, line) => {
    recording.add(line, { kind: 'fault', fault: 'task-exception', point: line.text('point'), target: `subtask ${line.text('sub')}` })
  },
  tm_kill: (recording, line) => {
    recording.add(line, { kind: 'fault', fault: 'taskmanager-shutdown', point: 'tm_kill', target: taskManager(line) })
  },
  tm_killed: (recording, line) => recording.add(line, { kind: 'process-crashed', process: taskManager(line), incarnation: 0 }),
  tm_started: (recording, line) => recording.add(line, { kind: 'process-started', process: taskManager(line), incarnation: 0 }),
}

const JOB_STATUSES: ReadonlyMap<string, JobStatus> = new Map<string, JobStatus>([
  ...(['CREATED', 'RUNNING', 'RESTARTING', 'FAILING', 'FAILED', 'CANCELLING', 'CANCELED', 'FINISHED', 'SUSPENDED'] as const).map(
    (status) => [status, status] as const,
  ),
  // The status of the client's result.
  ['SUCCEEDED', 'FINISHED'],
])

/** Those behind which a job has no other. */
const ENDS: readonly (JobStatus | undefined)[] = ['FINISHED', 'FAILED', 'CANCELED']

const TASK_STATUSES: ReadonlyMap<string, TaskStatus> = new Map(
  (['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING', 'CANCELING', 'CANCELED', 'FAILED', 'FINISHED'] as const).map(
    (status) => [status, status],
  ),
)

function submitted(recording: RecordingInProgress, line: RecordedLine): void {
  const path = line.optionalText('restorePath')
  recording.startJob(line.optionalText('job'), path !== undefined || line.flag('restored'))
  recording.add(line, {
    kind: 'job-status',
    status: 'CREATED',
    ...named(recording),
    ...(path === undefined ? {} : { restoredFrom: path }),
    ...parallelismOf(line),
  })
}

function jobStatus(recording: RecordingInProgress, line: RecordedLine, to: string): void {
  const { job } = recording
  const status = JOB_STATUSES.get(to)
  if (status === 'RUNNING' && takenOver(recording, line)) resumed(recording, line)
  if (status === undefined || status === job.status) return
  recording.add(line, { kind: 'job-status', status, ...named(recording) })
  if (status === 'RUNNING' && job.status === 'RESTARTING') recording.add(line, { kind: 'restart', restarts: ++job.restarts })
  job.status = status
}

/**
 * A JobManager that died before its job had ended could not say that it no longer has it. Where the graph had ended before, as an
 * adaptive scheduler makes another for each restart, nobody has died.
 */
function resumed(recording: RecordingInProgress, line: RecordedLine): void {
  recording.attempts.resumeJob()
  if (!ENDS.includes(recording.job.status)) jobStatus(recording, line, 'SUSPENDED')
}

/** A new JobManager makes the job's graph anew: it was suspended, or its JobManager died and could not say so. */
function takenOver({ job }: RecordingInProgress, line: RecordedLine): boolean {
  return job.status === 'SUSPENDED' || (job.status !== 'CREATED' && line.optionalText('from') === 'CREATED')
}

function taskStatus(recording: RecordingInProgress, line: RecordedLine): void {
  const attempt = recording.taskAttempt(line)
  recording.readers.taskStatus(line, attempt)
  const status = TASK_STATUSES.get(line.text('to'))
  if (status === undefined) return
  recording.add(line, {
    kind: 'task-status',
    status,
    vertex: line.text('task'),
    subtask: line.integer('sub'),
    attempt,
  })
}

function logged(recording: RecordingInProgress, line: RecordedLine): void {
  for (const fact of factsOfLog(line, recording.job.startsFromSnapshot && recording.job.status === 'CREATED')) {
    if (fact.kind === 'restore-chosen') chosen(recording, line, fact.checkpoint)
    if (fact.kind === 'checkpoint-aborted') {
      if (toldBefore(recording, fact.checkpoint)) continue
      if (fact.reason.startsWith(UNSURE)) recording.job.unsure.add(fact.checkpoint)
    }
    recording.add(line, fact)
  }
}

/** Whoever finds a checkpoint in the store of which nobody knew whether it was there shows that it had completed. */
function chosen(recording: RecordingInProgress, line: RecordedLine, checkpoint: number | undefined): void {
  recording.job.chosen = checkpoint
  if (checkpoint === undefined || !recording.job.unsure.delete(checkpoint)) return
  recording.add(line, { kind: 'checkpoint-completed', checkpoint, ...recording.job.savepoints.get(checkpoint) })
}

/** Flink sometimes logs one abort twice, when the coordinator stops while the first is still being handled. */
function toldBefore(recording: RecordingInProgress, checkpoint: number): boolean {
  const { aborted } = recording.job
  const told = aborted.has(checkpoint)
  aborted.add(checkpoint)
  return told
}

function named(recording: RecordingInProgress): { job?: string } {
  return recording.job.id === undefined ? {} : { job: recording.job.id }
}

function taskManager(line: RecordedLine): string {
  return line.has('tm') ? `taskmanager ${line.text('tm')}` : 'taskmanager'
}
