import type { JobStatus, TaskStatus } from '../history/index.js'
import { subtaskName } from './names.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Steps } from './steps.js'

/** What a job that does not end is waiting for: tasks, a checkpoint, commits. Told in words when the job is stuck. */
export interface Waits {
  readonly job: JobEpoch
  status: JobStatus | undefined
  /** Since when the job has had its status, µs. */
  since: number
  /** The newest attempt of each task, by its name and subtask. */
  readonly tasks: Map<string, { readonly attempt: number; readonly status: TaskStatus }>
  /** Acknowledgements that pending checkpoints have, by checkpoint. */
  readonly pending: Map<number, number>
  /** Pre-committed and not yet at their end, with how they were answered last. */
  readonly prepared: Map<string, string>
  lastCompleted: number
  /** Processes that a fault has taken down, and when, µs. */
  lastFault: { readonly fault: string; readonly target: string; readonly t: number } | undefined
}

/** Nothing to wait for. */
export function createWaits(): Waits {
  return {
    job: createJobEpoch(),
    status: undefined,
    since: 0,
    tasks: new Map(),
    pending: new Map(),
    prepared: new Map(),
    lastCompleted: -1,
    lastFault: undefined,
  }
}

/** What events change in them. */
export const WAIT_STEPS: Steps<Waits> = {
  'job-status': (waits, event) => {
    if (createsJob(waits.job, event)) waits.tasks.clear()
    if (event.status !== waits.status) waits.since = event.t
    waits.status = event.status
  },
  'task-status': ({ tasks }, event) => {
    const name = subtaskName(event.vertex, event.subtask)
    if (event.attempt >= (tasks.get(name)?.attempt ?? 0)) tasks.set(name, event)
  },
  'checkpoint-triggered': ({ pending }, { checkpoint }) => {
    pending.set(checkpoint, 0)
  },
  'acknowledgement-accepted': ({ pending }, { checkpoint }) => {
    pending.set(checkpoint, (pending.get(checkpoint) ?? 0) + 1)
  },
  'checkpoint-completed': (waits, { checkpoint }) => {
    waits.lastCompleted = checkpoint
    waits.pending.delete(checkpoint)
  },
  'checkpoint-aborted': ({ pending }, { checkpoint }) => {
    pending.delete(checkpoint)
  },
  'pre-commit': ({ prepared }, { transaction }) => {
    prepared.set(transaction, 'not asked for')
  },
  commit: ({ prepared }, { transaction, result }) => {
    if (result === 'applied' || result === 'already') prepared.delete(transaction)
    else prepared.set(transaction, result)
  },
  abort: ({ prepared }, { transaction }) => {
    prepared.delete(transaction)
  },
  fault: (waits, event) => {
    waits.lastFault = event
  },
}

/** Says what the job waits for, `now` (µs): `RUNNING for 3.2 s; 2 of 6 tasks are not RUNNING: Count (1) is INITIALIZING; …`. */
export function waitsInWords(waits: Waits, now: number): string {
  const { status = 'CREATED', since, lastFault } = waits
  const fault =
    lastFault === undefined ? [] : [`the last fault was ${lastFault.fault} of ${lastFault.target}, ${seconds(now - lastFault.t)} before`]
  return [
    `${status} for ${seconds(now - since)}`,
    ...tasksInWords(waits),
    ...checkpointsInWords(waits),
    ...commitsInWords(waits),
    ...fault,
  ].join('; ')
}

/** How many of what there are many of are named. */
const NAMED = 3

function tasksInWords({ tasks }: Waits): string[] {
  if (tasks.size === 0) return ['no task was ever deployed']
  const waiting = [...tasks].filter(([, { status }]) => status !== 'RUNNING' && status !== 'FINISHED')
  if (waiting.length === 0) {
    const finished = [...tasks.values()].filter(({ status }) => status === 'FINISHED').length
    return [`all ${String(tasks.size)} tasks are RUNNING${finished === 0 ? '' : ` or, ${String(finished)} of them, FINISHED`}`]
  }
  const named = waiting.slice(0, NAMED).map(([name, { status }]) => `${name} is ${status}`)
  return [`${String(waiting.length)} of ${String(tasks.size)} tasks are not RUNNING: ${named.join(', ')}`]
}

function checkpointsInWords({ pending, lastCompleted }: Waits): string[] {
  const last = lastCompleted < 0 ? 'no checkpoint has completed' : `checkpoint ${String(lastCompleted)} was the last to complete`
  const [open] = [...pending]
  if (open === undefined) return [`${last}, none is pending`]
  return [`${last}, ${String(open[0])} is pending with ${String(open[1])} acknowledgements`]
}

function commitsInWords({ prepared }: Waits): string[] {
  const [first] = [...prepared]
  if (first === undefined) return []
  return [`${String(prepared.size)} transactions are pre-committed and not committed: ${first[0]} is ${first[1]}`]
}

function seconds(us: number): string {
  return `${(us / 1_000_000).toFixed(1)} s`
}
