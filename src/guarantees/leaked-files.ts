import type { EventOf, HistoryHeader } from '../history/index.js'
import { leavesFateUnknown } from './fate-unknown.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { isKeptBehind, retainedCheckpoints } from './retention.js'

/**
 * When a job has ended and all is quiet, no file of the checkpoint storage is left that nothing refers to. Told by the storage alone.
 * Flink leaks some, and only these are excused:
 *
 * - a deletion fails: it is logged and forgotten (`CheckpointsCleaner`);
 * - nobody knows whether the checkpoint is in the store: its files stay (`PossibleInconsistentStateException`, FLINK-22502), until a
 *   later JobManager finds it there and restores it;
 * - a JobManager dies: what was acknowledged to it of checkpoints that it had not completed, nobody knows any more; without high
 *   availability its completed checkpoints neither; with it, it may die when it has taken away a pointer and before it deletes the files,
 *   and with its host any deletion is lost that was on its way (nobody repeats them);
 * - a file is written late, behind the deletion: whoever asked for it had been told that nobody knows (any storage over a network);
 * - a TaskManager dies, is cut off or stands still between the upload and the acceptance of the acknowledgement, or the acknowledgement
 *   is lost: the file belongs to nobody (`AsyncCheckpointRunnable`).
 */
export interface LeakedFiles {
  readonly header: HistoryHeader
  readonly job: JobEpoch
  readonly files: Map<string, StoredFile>
  /** Files that the metadata of a checkpoint refers to. */
  readonly needed: Map<number, readonly string[]>
  /** A file of an attempt has been put. */
  owned: boolean
  /** Acceptances of acknowledgements, by attempt and checkpoint, once there was such a file. */
  readonly accepted: Map<string, number>
  /** Beginnings of attempts. */
  readonly begun: Map<string, number>
  /** By checkpoint. */
  readonly triggered: Map<number, number>
  readonly completed: Map<number, number>
  readonly aborted: Map<number, number>
  readonly unsure: Set<number>
  /** `seq` of what may make a file belong to nobody. */
  readonly failedDeletions: number[]
  readonly lostJobManagers: number[]
  /** Those of them that took their host along. */
  readonly lostHosts: number[]
  readonly cutOff: number[]
  status: string
  statusSeq: number
}

interface StoredFile {
  readonly path: string
  readonly seq: number
  readonly checkpoint: number
  /** The attempt whose state it is; absent: it is metadata. */
  readonly owner?: string
  readonly late: boolean
}

/** Nothing is leaked. */
export const leakedFiles: Oracle<LeakedFiles> = {
  name: 'leaked-files',
  init: (header) => ({
    header,
    job: createJobEpoch(),
    files: new Map(),
    needed: new Map(),
    owned: false,
    accepted: new Map(),
    begun: new Map(),
    triggered: new Map(),
    completed: new Map(),
    aborted: new Map(),
    unsure: new Set(),
    failedDeletions: [],
    lostJobManagers: [],
    lostHosts: [],
    cutOff: [],
    status: '',
    statusSeq: 0,
  }),
  step: {
    'file-put': stepPut,
    'file-deleted': ({ files }, { path }) => {
      files.delete(path)
    },
    // What is acknowledged is durable already: without a file of an attempt there is nothing that could be taken over.
    'acknowledgement-accepted': (state, event) => {
      if (state.owned) state.accepted.set(`${attemptOf(event)}/${String(event.checkpoint)}`, event.seq)
    },
    restore: (state, event) => {
      state.begun.set(attemptOf(event), event.seq)
    },
    'checkpoint-triggered': (state, { checkpoint, seq }) => {
      state.triggered.set(checkpoint, seq)
    },
    'checkpoint-completed': (state, { checkpoint, seq }) => {
      state.completed.set(checkpoint, seq)
    },
    'checkpoint-aborted': (state, event) => {
      state.aborted.set(event.checkpoint, event.seq)
      if (leavesFateUnknown(event)) state.unsure.add(event.checkpoint)
    },
    'restore-chosen': ({ unsure, aborted }, { checkpoint }) => {
      // It was complete all the time.
      if (checkpoint !== undefined && unsure.delete(checkpoint)) aborted.delete(checkpoint)
    },
    fault: stepFault,
    failure: (state, { cause, seq }) => {
      if (cause.includes('TaskManager is killed')) state.cutOff.push(seq)
    },
    'process-crashed': (state, { process, seq }) => {
      const lost = isJobManager(process) ? state.lostJobManagers : state.cutOff
      lost.push(seq)
    },
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) forgetEarlierJob(state)
      state.status = event.status
      state.statusSeq = event.seq
    },
  },
  verdict: (state) => ruleVerdict(leaks(state)),
}

/** What a job leaves behind whose cluster was taken away is not what the next one owes. */
function forgetEarlierJob(state: LeakedFiles): void {
  const { files, needed, triggered, completed, aborted, unsure } = state
  for (const each of [files, needed, triggered, completed, aborted, unsure]) each.clear()
}

function stepPut(state: LeakedFiles, event: EventOf<'file-put'>): void {
  const { path, seq, state: held, metadata, late = false } = event
  if (held !== undefined) {
    state.owned = true
    state.files.set(path, { path, seq, checkpoint: held.checkpoint, owner: attemptOf(held), late })
  } else if (metadata !== undefined) {
    state.files.set(path, { path, seq, checkpoint: metadata.checkpoint, late })
    state.needed.set(metadata.checkpoint, metadata.files)
  }
}

/** Faults that part an attempt from the JobManager, for a while or for good. */
const PARTING: ReadonlySet<string> = new Set(['crash', 'host-loss', 'hang', 'pause', 'partition', 'disconnect'])

function stepFault(state: LeakedFiles, { seq, fault, point, target }: EventOf<'fault'>): void {
  if (point === 'storage.delete') state.failedDeletions.push(seq)
  if (fault === 'host-loss' && isJobManager(target)) state.lostHosts.push(seq)
  if ((fault === 'crash' || fault === 'host-loss') && isJobManager(target)) state.lostJobManagers.push(seq)
  else if (PARTING.has(fault) || point === 'acknowledge') state.cutOff.push(seq)
}

function isJobManager(process: string): boolean {
  return /job-?manager/i.test(process)
}

function attemptOf({ vertex, subtask, attempt }: { vertex: string; subtask: number; attempt: number }): string {
  return `${vertex}/${String(subtask)}/${String(attempt)}`
}

function leaks(state: LeakedFiles): Finding[] {
  const { status, statusSeq, header } = state
  // Before all is quiet deletions are under way.
  if (header.watchedUs === undefined || header.discipline === 'beyond-budget') return []
  if (status !== 'FINISHED' && status !== 'FAILED') return []
  const kept = isKeptBehind(header, status) ? newest(state, retainedCheckpoints(header)) : []
  // A task that has finished leaves its state to later checkpoints: a file may be older than the checkpoint that needs it.
  const needed = new Set(kept.flatMap((checkpoint) => state.needed.get(checkpoint) ?? []))
  const isKept = ({ path, owner, checkpoint }: StoredFile): boolean =>
    needed.has(path) || (owner === undefined && kept.includes(checkpoint))
  const leaked = [...state.files.values()].filter((file) => !isKept(file) && !isExcused(state, file))
  const [first] = leaked
  if (first === undefined) return []
  const others = leaked.length === 1 ? '' : ` and ${String(leaked.length - 1)} more`
  const message = `the job is ${status}, and ${first.path}${others} of the checkpoint storage ${others === '' ? 'is' : 'are'} left, which nothing refers to`
  return [broken('no-leaked-files', message, [...leaked.slice(0, 3).map(({ seq }) => seq), statusSeq], 'leaked')]
}

/** The newest ones that the coordinator knows to be complete: one of which it was never told takes nobody's place (FLINK-22502). */
function newest({ completed, unsure }: LeakedFiles, number: number): number[] {
  const known = [...completed.keys()].filter((checkpoint) => !unsure.has(checkpoint))
  return known.sort((a, b) => b - a).slice(0, number)
}

function isExcused(state: LeakedFiles, file: StoredFile): boolean {
  const { checkpoint, seq, late } = file
  if ((late && !state.completed.has(checkpoint)) || state.unsure.has(checkpoint) || state.failedDeletions.some((failed) => failed > seq))
    return true
  return isForgotten(state, file) || isDeletionLost(state, file) || belongsToNobody(state, file)
}

/** The JobManager that knew of it is dead. */
function isForgotten(state: LeakedFiles, { checkpoint }: StoredFile): boolean {
  const triggered = state.triggered.get(checkpoint) ?? 0
  const completed = isHighlyAvailable(state) ? (state.completed.get(checkpoint) ?? Infinity) : Infinity
  const known = Math.min(completed, state.aborted.get(checkpoint) ?? Infinity)
  return state.lostJobManagers.some((lost) => lost > triggered && lost < known)
}

/** The JobManager that was about to delete it is dead, or the deletion that it had sent is gone with its host. */
function isDeletionLost(state: LeakedFiles, { checkpoint }: StoredFile): boolean {
  const aborted = state.aborted.get(checkpoint)
  if (aborted !== undefined && state.lostHosts.some((lost) => lost > aborted)) return true
  const needless = needlessSince(state, checkpoint)
  return (isHighlyAvailable(state) ? state.lostJobManagers : state.lostHosts).some((lost) => lost > needless)
}

/** When so many newer checkpoints had completed that this one was not kept any more; or the job had ended. */
function needlessSince({ completed, header, statusSeq }: LeakedFiles, checkpoint: number): number {
  if (!completed.has(checkpoint)) return Infinity
  const newer = [...completed].flatMap(([other, seq]) => (other > checkpoint ? [seq] : [])).sort((a, b) => a - b)
  return newer[retainedCheckpoints(header) - 1] ?? statusSeq
}

function isHighlyAvailable({ header }: LeakedFiles): boolean {
  return (header.configuration['high-availability.type'] ?? 'NONE').toUpperCase() !== 'NONE'
}

/** The JobManager has never taken it over, and its task could not clear it away. */
function belongsToNobody(state: LeakedFiles, { owner, checkpoint }: StoredFile): boolean {
  if (owner === undefined) return false
  const accepted = state.accepted.get(`${owner}/${String(checkpoint)}`) ?? Infinity
  const begun = state.begun.get(owner) ?? 0
  return [...state.cutOff, ...state.lostJobManagers].some((at) => at > begun && at < accepted)
}
