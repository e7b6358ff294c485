import type { HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { leavesFateUnknown } from './fate-unknown.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { isKeptBehind, retainedCheckpoints } from './retention.js'

/**
 * Every file that the metadata of a retained completed checkpoint refers to exists, from the moment in which the checkpoint completes
 * until newer ones subsume it or the job's end discards it. Told by the storage alone. One that is stored when its coordinator had given
 * it up already may lose what it shares with others, until a later one restores it.
 */
export interface CheckpointFiles {
  readonly header: HistoryHeader
  readonly job: JobEpoch
  /** Files that exist, with the `seq` of their put. */
  readonly files: Map<string, number>
  /** By checkpoint: the newest metadata that was put. */
  readonly metadata: Map<number, Metadata>
  /** Checkpoints of the current job, with the `seq` of their completion. */
  readonly completed: { readonly checkpoint: number; readonly seq: number }[]
  /** Checkpoints of the current job that their coordinator has given up before they completed. */
  readonly givenUp: Set<number>
  /** The job has ended in a way that discards its checkpoints. */
  discarded: boolean
  readonly findings: Finding[]
}

interface Metadata {
  readonly path: string
  readonly files: readonly string[]
}

/** Retained checkpoints are whole. */
export const checkpointFiles: Oracle<CheckpointFiles> = {
  name: 'checkpoint-files',
  init: (header) => ({
    header,
    job: createJobEpoch(),
    files: new Map(),
    metadata: new Map(),
    completed: [],
    givenUp: new Set(),
    discarded: false,
    findings: [],
  }),
  step: {
    'file-put': (state, { path, seq, metadata }) => {
      state.files.set(path, seq)
      if (metadata !== undefined) state.metadata.set(metadata.checkpoint, { path, files: metadata.files })
    },
    'file-deleted': (state, { path, seq }) => {
      state.files.delete(path)
      mayBeDeleted(state, path, seq)
    },
    'checkpoint-completed': (state, { checkpoint, seq, savepoint }) => {
      if (savepoint !== true) completes(state, checkpoint, seq)
    },
    'restore-chosen': (state, { checkpoint }) => {
      if (checkpoint !== undefined) state.givenUp.delete(checkpoint)
    },
    'checkpoint-aborted': (state, event) => {
      const { checkpoint } = event
      if (leavesFateUnknown(event) && !state.completed.some((each) => each.checkpoint === checkpoint)) state.givenUp.add(checkpoint)
    },
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) {
        state.completed.length = 0
        state.givenUp.clear()
      }
      state.discarded = (event.status === 'FINISHED' || event.status === 'FAILED') && !isKeptBehind(state.header, event.status)
    },
  },
  verdict: ({ findings }) => ruleVerdict(findings),
}

function completes(state: CheckpointFiles, checkpoint: number, seq: number): void {
  state.completed.push({ checkpoint, seq })
  // Recordings do not tell what metadata refers to.
  if (state.metadata.size === 0 || state.givenUp.has(checkpoint)) return
  const metadata = state.metadata.get(checkpoint)
  const needed = metadata === undefined ? [`the metadata of checkpoint ${String(checkpoint)}`] : [metadata.path, ...metadata.files]
  const missing = needed.filter((path) => !state.files.has(path))
  if (missing.length === 0) return
  const message = `checkpoint ${String(checkpoint)} completed without ${missing.join(', ')}`
  state.findings.push(broken('completed-checkpoint-is-whole', message, [seq], 'unrestorable'))
}

function mayBeDeleted(state: CheckpointFiles, path: string, seq: number): void {
  if (state.discarded) return
  const newest = [...state.completed].sort((a, b) => b.checkpoint - a.checkpoint).slice(0, retainedCheckpoints(state.header))
  for (const { checkpoint, seq: completed } of newest.filter((each) => !state.givenUp.has(each.checkpoint))) {
    const metadata = state.metadata.get(checkpoint)
    if (metadata === undefined || (metadata.path !== path && !metadata.files.includes(path))) continue
    const message = `${path} was deleted although checkpoint ${String(checkpoint)}, which is retained, refers to it`
    state.findings.push(broken('retained-files-stay', message, [completed, seq], 'unrestorable'))
  }
}
