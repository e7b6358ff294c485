import type { EventOf, HistoryEvent, JobStatus } from '../history/index.js'
import { leavesFateUnknown } from './fate-unknown.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { createRestartCauses, noteFailure, noteRestart, type RestartCauses } from './restart-causes.js'
import type { Steps } from './steps.js'

/** How the job as a whole fared. */
export interface JobFacts {
  readonly job: JobEpoch
  status: JobStatus | undefined
  statusSeq: number
  /** Completions of the current job that its coordinator knows of, in order. */
  readonly completed: CompletedCheckpoint[]
  /** Checkpoints of the current job of which nobody knows whether they are in the store. */
  readonly unsure: Set<number>
  /** Somebody asked the current job to stop with a savepoint: its sources need not reach their end. */
  stopped: boolean
  /** `seq` of the newest fault, failure, crash or return of a process; 0 when there was none. */
  lastFault: number
  /**
   * `seq` of the newest fault that was injected, crash or return of a process: of what the job does not do by itself; 0 when there was
   * none.
   */
  lastStrike: number
  /** `seq` of the first fault that holds back what a task has to tell an outside system; 0 when there was none. */
  firstHeldBack: number
  /** Until then what the JobManager has told a TaskManager may be held back, µs. */
  jobManagerUnheardUntilUs: number
  /** `seq` of the newest record absorbed or written. */
  lastRecord: number
  /** The current job refused the checkpoint that it was to begin with: `seq` and reason. */
  refused: { readonly seq: number; readonly checkpoint: number; readonly reason: string } | undefined
  /**
   * Restarts of the current job as its restart strategy counts them, and as its status tells: those of its newest JobManager, as each makes
   * a strategy of its own (`DefaultSchedulerFactory.createInstance`). And how many its status told before that one.
   */
  restarts: number
  restartings: number
  restartingsBefore: number
  /** What those of the current job came of. */
  causes: RestartCauses
  /** Tasks of the current job that have FAILED, and choices of what to restore since it runs. */
  tasksFailed: number
  choices: number
  /** `seq` of the newest exception that was injected into a task of the current job; 0 when there was none. */
  exceptionInTask: number
}

/** A checkpoint that is in the store. */
export interface CompletedCheckpoint {
  readonly checkpoint: number
  readonly seq: number
  /** A plain savepoint commits nothing and is not what a failover restores. */
  readonly plainSavepoint: boolean
}

/** Nothing known yet. */
export function createJobFacts(): JobFacts {
  return {
    job: createJobEpoch(),
    status: undefined,
    statusSeq: 0,
    completed: [],
    unsure: new Set(),
    stopped: false,
    lastFault: 0,
    lastStrike: 0,
    firstHeldBack: 0,
    jobManagerUnheardUntilUs: 0,
    lastRecord: 0,
    refused: undefined,
    restarts: 0,
    restartings: 0,
    restartingsBefore: 0,
    causes: createRestartCauses(),
    tasksFailed: 0,
    choices: 0,
    exceptionInTask: 0,
  }
}

/** What events change in it. */
export const JOB_FACT_STEPS: Steps<JobFacts> = {
  'state-apply': noteRecord,
  'sink-write': noteRecord,
  'checkpoint-completed': (job, { checkpoint, seq, savepoint, synchronous }) => {
    if (job.unsure.has(checkpoint)) return
    job.completed.push({ checkpoint, seq, plainSavepoint: savepoint === true && synchronous !== true })
  },
  'checkpoint-aborted': (job, event) => {
    if (leavesFateUnknown(event)) giveUp(job, event.checkpoint)
  },
  savepoint: (job, { action }) => {
    if (action === 'stop') job.stopped = true
  },
  fault: (job, event) => {
    noteHeldBack(job, event)
    noteStrike(job, event)
    if (event.fault === 'task-exception') job.exceptionInTask = event.seq
  },
  failure: (job, event) => {
    const { refused, seq, cause } = event
    noteFailure(job.causes, event)
    if (refused !== undefined) job.refused = { seq, checkpoint: refused, reason: cause }
    job.lastFault = seq
  },
  'process-crashed': noteStrike,
  'process-started': noteStrike,
  'restore-chosen': (job) => {
    if (job.status !== 'CREATED') job.choices++
  },
  'task-status': (job, { status }) => {
    if (status === 'FAILED') job.tasksFailed++
  },
  restart: (job, { seq }) => {
    job.restarts++
    noteRestart(job.causes)
    job.lastFault = seq
  },
  'job-status': (job, event) => {
    if (createsJob(job.job, event)) forgetEarlierJob(job)
    if (event.status === 'RESTARTING') job.restartings++
    else if (event.status === 'SUSPENDED') countAnew(job)
    job.restarts = Math.max(job.restarts, event.restarts ?? 0)
    job.status = event.status
    job.statusSeq = event.seq
  },
}

function noteRecord(job: JobFacts, { seq }: EventOf<'state-apply' | 'sink-write'>): void {
  job.lastRecord = seq
}

function noteStrike(job: JobFacts, { seq }: HistoryEvent): void {
  job.lastFault = seq
  job.lastStrike = seq
}

/** Nobody is told of it, and nothing of it is published before a later one completes. */
function giveUp(job: JobFacts, checkpoint: number): void {
  job.unsure.add(checkpoint)
  const index = job.completed.findLastIndex((each) => each.checkpoint === checkpoint)
  if (index >= 0) job.completed.splice(index, 1)
}

function forgetEarlierJob(job: JobFacts): void {
  job.stopped = false
  job.refused = undefined
  job.restarts = 0
  job.restartings = 0
  job.restartingsBefore = 0
  job.causes = createRestartCauses()
  job.tasksFailed = 0
  job.choices = 0
  job.exceptionInTask = 0
  job.completed.length = 0
  job.unsure.clear()
}

/** Its JobManager no longer has the job: the next one counts for itself. */
function countAnew(job: JobFacts): void {
  job.restartingsBefore += job.restartings
  job.restarts = 0
  job.restartings = 0
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

type FaultEvent = EventOf<'fault'>

function noteHeldBack(job: JobFacts, event: FaultEvent): void {
  if (holdsBackWords(event)) job.jobManagerUnheardUntilUs = Math.max(job.jobManagerUnheardUntilUs, event.t + (event.lastsUs ?? 0))
  if (job.firstHeldBack === 0 && (holdsBackRequests(event) || holdsBackDeployments(job, event))) job.firstHeldBack = event.seq
}

/**
 * Whether what a task has to tell an outside system comes late from here on: somebody stands still, a TaskManager is cut off from the
 * system, or the links of one of them are slow. What is on a slow link is overtaken by what another attempt sends on its own.
 */
function holdsBackRequests(event: FaultEvent): boolean {
  return (
    event.fault === 'pause' || cutsOff(event, isTaskManager, isOutside) || slows(event, (name) => isTaskManager(name) || isOutside(name))
  )
}

/**
 * Whether what the JobManager tells a TaskManager comes late: they are cut off from each other, a link is slow, or a call before it late.
 */
function holdsBackWords(event: FaultEvent): boolean {
  const { fault, target } = event
  if (fault === 'rpc') return isTaskManager(target)
  return cutsOff(event, isJobManager, isTaskManager) || slows(event, (name) => isJobManager(name) || isTaskManager(name))
}

function slows({ fault, target }: FaultEvent, isOne: (process: string) => boolean): boolean {
  return fault === 'slow' && isOne(target)
}

/**
 * Whether the JobManager dies while what it has told a TaskManager is held back: what it had deployed there comes up behind what its
 * successor deploys elsewhere, and opens its writers.
 */
function holdsBackDeployments({ jobManagerUnheardUntilUs }: JobFacts, { fault, target, t }: FaultEvent): boolean {
  return fault === 'crash' && isJobManager(target) && t < jobManagerUnheardUntilUs
}

/**
 * Whether a partition has these on one side and those on the other. Its target is `one / another, another`, by the names of those it
 * struck; in which direction is not told.
 */
function cutsOff({ fault, target }: FaultEvent, these: (process: string) => boolean, those: (process: string) => boolean): boolean {
  if (fault !== 'partition') return false
  const [one = '', others = ''] = target.split(' / ')
  const rest = others.split(', ')
  return (these(one) && rest.some(those)) || (those(one) && rest.some(these))
}

function isJobManager(process: string): boolean {
  return process === 'JobManager'
}

function isTaskManager(process: string): boolean {
  return process.startsWith('TaskManager')
}

/** Neither of the cluster nor where it keeps its checkpoints. */
function isOutside(process: string): boolean {
  return !/^((Job|Task)Manager.*|storage|store|)$/.test(process)
}
