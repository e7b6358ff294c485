import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A timer that was registered fires once: neither again without having been registered again, nor never. What is registered is part
 * of the snapshot, and a restore takes it back to that (Flink: `InternalTimerServiceImpl`, `HeapPriorityQueueSnapshotRestoreWrapper`).
 * The end of input is a watermark that all timers have waited for. A new job may have another parallelism: then its subtasks share out the
 * timers that the snapshots of the checkpoint hold, each going to one of them, with its key.
 */
export interface Timers {
  readonly job: JobEpoch
  /** By operator and subtask. */
  readonly subtasks: Map<string, SubtaskTimers[]>
  /** Of the operators of a new job with another parallelism, what their subtasks have shared out. */
  readonly shared: Map<string, SharedOut>
  finished: boolean
  readonly findings: Finding[]
}

/** Timers of a checkpoint that have not been given to a subtask, and those that have. */
interface SharedOut {
  readonly checkpoint: number
  /** Undefined when a snapshot is not in the history. */
  readonly left: Registered | undefined
  readonly given: Registered
}

/** Registered timers, with the `seq` of their registration, by name. */
type Registered = Map<string, number>

/** As a snapshot holds them: never changed. Most operators have no timers. */
type Held = ReadonlyMap<string, number>

const NONE: Held = new Map()

function copyOf(registered: Registered): Held {
  return registered.size === 0 ? NONE : new Map(registered)
}

interface SubtaskTimers {
  attempt: number
  /** What is registered; undefined when the snapshot that was restored is not in the history. */
  registered: Registered | undefined
  readonly snapshots: Map<number, Held>
}

type OfSubtask = EventOf<'timer' | 'snapshot-taken' | 'restore' | 'end-of-input'>

/** Every timer fires once. */
export const timers: Oracle<Timers> = {
  name: 'timers',
  init: () => ({ job: createJobEpoch(), subtasks: new Map(), shared: new Map(), finished: false, findings: [] }),
  step: {
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) beginJob(state)
      state.finished = event.status === 'FINISHED'
    },
    timer: (state, event) => {
      const timers = timersOfAttempt(state, event)
      if (timers !== undefined) stepTimer(state, timers, event)
    },
    'snapshot-taken': (state, event) => {
      const timers = timersOfAttempt(state, event)
      if (timers?.registered !== undefined) timers.snapshots.set(event.checkpoint, copyOf(timers.registered))
    },
    restore: stepRestore,
    'end-of-input': (state, event) => {
      const timers = timersOfAttempt(state, event)
      if (timers !== undefined) stepEnd(state, timers, event)
    },
  },
  verdict: (state) => ruleVerdict([...state.findings, ...notGiven(state)]),
}

/** A new job counts its attempts from 0, and begins with nothing unless it restores a snapshot. */
function beginJob(state: Timers): void {
  state.findings.push(...notGiven(state))
  state.shared.clear()
  for (const timers of [...state.subtasks.values()].flat()) {
    timers.attempt = -1
    timers.registered = new Map()
  }
}

function timersOf({ subtasks }: Timers, { vertex, subtask }: OfSubtask): SubtaskTimers {
  let all = subtasks.get(vertex)
  if (all === undefined) subtasks.set(vertex, (all = []))
  for (let next = all.length; next <= subtask; next++) all.push({ attempt: -1, registered: new Map(), snapshots: new Map() })
  return all[subtask] ?? { attempt: -1, registered: undefined, snapshots: new Map() }
}

/** An attempt that has a successor goes on until it notices; nothing of it counts. */
function timersOfAttempt(state: Timers, event: OfSubtask): SubtaskTimers | undefined {
  const timers = timersOf(state, event)
  if (event.attempt < timers.attempt) return undefined
  timers.attempt = event.attempt
  return timers
}

function stepRestore(state: Timers, event: EventOf<'restore'>): void {
  const timers = timersOf(state, event)
  if (event.attempt < timers.attempt) return
  if (event.content?.timers !== undefined) restoreShare(state, timers, event, event.content.timers)
  else restore(timers, event.attempt, event.checkpoint)
}

function restore(timers: SubtaskTimers, attempt: number, checkpoint: number | undefined): void {
  if (attempt === timers.attempt) return
  timers.attempt = attempt
  const snapshot = checkpoint === undefined ? new Map<string, number>() : timers.snapshots.get(checkpoint)
  timers.registered = snapshot && new Map(snapshot)
}

/** The subtask is given some of the timers that the subtasks of the job before had. */
function restoreShare(state: Timers, timers: SubtaskTimers, event: EventOf<'restore'>, names: readonly string[]): void {
  if (event.attempt === timers.attempt) return
  timers.attempt = event.attempt
  timers.registered = new Map(names.map((name) => [name, event.seq]))
  // A later attempt that restores the same checkpoint gets the same again.
  if (event.attempt > 0 || event.checkpoint === undefined) return
  const { left, given } = sharedOut(state, event.vertex, event.checkpoint)
  for (const name of names) {
    const before = given.get(name)
    given.set(name, event.seq)
    const known = left?.delete(name) ?? true
    if (before === undefined && known) continue
    const [why, proof] = before === undefined ? ['which no snapshot of it holds', 0] : ['which another subtask has restored, too', before]
    const message = `${attemptName(event)} restored from checkpoint ${String(event.checkpoint)} the timer ${name}, ${why}`
    state.findings.push(broken('timer-fires-once', message, [proof, event.seq], 'duplicated'))
  }
}

function sharedOut({ shared, subtasks }: Timers, vertex: string, checkpoint: number): SharedOut {
  const found = shared.get(vertex)
  if (found !== undefined) return found
  const snapshots = (subtasks.get(vertex) ?? []).flatMap((timers) => timers.snapshots.get(checkpoint) ?? [])
  const opened = {
    checkpoint,
    left: snapshots.length === 0 ? undefined : new Map(snapshots.flatMap((each) => [...each])),
    given: new Map(),
  }
  shared.set(vertex, opened)
  return opened
}

/** Timers of the checkpoint that no subtask was given, although the job came to its end. */
function notGiven({ shared, finished }: Timers): Finding[] {
  if (!finished) return []
  return [...shared].flatMap(([vertex, { checkpoint, left }]) => {
    if (left === undefined || left.size === 0) return []
    const message = `${String(left.size)} timers of ${vertex} in checkpoint ${String(checkpoint)} were restored by no subtask of the new job`
    return [broken('timer-fires-once', message, [...left.values()], 'lost')]
  })
}

function stepTimer({ findings }: Timers, { registered }: SubtaskTimers, event: EventOf<'timer'>): void {
  if (registered === undefined) return
  const name = `${event.key}@${event.namespace}#${event.at}`
  if (event.action === 'registered') {
    registered.set(name, event.seq)
    return
  }
  if (registered.delete(name) || event.action === 'deleted') return
  const message = `a timer of ${attemptName(event)} for ${event.at} µs under key ${event.key} fires, and none is registered`
  findings.push(broken('timer-fires-once', message, [event.seq], 'duplicated'))
}

function stepEnd({ findings }: Timers, { registered }: SubtaskTimers, event: EventOf<'end-of-input'>): void {
  if (registered === undefined || registered.size === 0) return
  const message = `${registered.size} timers of ${attemptName(event)} have not fired at the end of its input`
  findings.push(broken('timer-fires-once', message, [...registered.values(), event.seq], 'lost'))
}
