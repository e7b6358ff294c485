import type { HistoryEvent, HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName, broken, ruleVerdict } from './protocol-rule.js'

/**
 * A failover restores the newest completed checkpoint, never a plain savepoint, and every task of it the same one
 * (`CheckpointCoordinator.restoreLatestCheckpointedStateToSubtasks`). What a new job starts from is its operator's choice.
 */
export interface Recovery {
  readonly job: JobEpoch
  readonly origin: HistoryHeader['origin']
  /** Newest checkpoint of the current job that a failover may restore: completed here, or restored at its start; -1 for none. */
  newest: number
  newestSeq: number
  /** What was chosen most recently in this job; undefined before the first choice. */
  chosen: { readonly checkpoint: number; readonly seq: number } | undefined
  /** No attempt of the job has been initialised: choices made now are those of its start. */
  starting: boolean
  readonly findings: Finding[]
}

export const recovery: Oracle<Recovery> = {
  name: 'recovery',
  kinds: ['checkpoint-completed', 'restore-chosen', 'restore', 'job-status'],
  init: (header) => ({
    job: createJobEpoch(),
    origin: header.origin,
    newest: -1,
    newestSeq: 0,
    chosen: undefined,
    starting: true,
    findings: [],
  }),
  step,
  verdict: (state) => ruleVerdict(state.findings),
}

function step(state: Recovery, event: HistoryEvent): void {
  switch (event.kind) {
    case 'job-status':
      if (!createsJob(state.job, event)) return
      state.newest = -1
      state.newestSeq = 0
      state.chosen = undefined
      state.starting = true
      return
    case 'checkpoint-completed':
      if (event.savepoint === true || event.checkpoint <= state.newest) return
      state.newest = event.checkpoint
      state.newestSeq = event.seq
      return
    case 'restore-chosen':
      stepChosen(state, event)
      return
    case 'restore':
      stepRestore(state, event)
      return
    default:
  }
}

function stepChosen(state: Recovery, event: Extract<HistoryEvent, { kind: 'restore-chosen' }>): void {
  const checkpoint = event.checkpoint ?? -1
  state.chosen = { checkpoint, seq: event.seq }
  if (state.starting) {
    state.newest = Math.max(state.newest, checkpoint)
    state.newestSeq = event.seq
  } else checkNewest(state, checkpoint, event.seq)
}

function checkNewest(state: Recovery, checkpoint: number, seq: number): void {
  if (checkpoint === state.newest) return
  const restored = checkpoint < 0 ? 'nothing was restored' : `checkpoint ${String(checkpoint)} was restored`
  const newest = state.newest < 0 ? 'none has completed' : `${String(state.newest)} is the newest that completed`
  state.findings.push(broken('restore-newest', `${restored}, but ${newest}`, [state.newestSeq, seq], 'unrestorable'))
}

/** A history that does not tell the choice tells what was restored; an operator that does not tell is not asked. */
function stepRestore(state: Recovery, event: Extract<HistoryEvent, { kind: 'restore' }>): void {
  const first = state.starting
  state.starting = false
  if (event.checkpoint === undefined && state.origin === 'recorded') return
  const checkpoint = event.checkpoint ?? -1
  if (state.chosen !== undefined) {
    if (checkpoint === state.chosen.checkpoint) return
    const message = `${attemptName(event)} was restored from checkpoint ${String(checkpoint)}, but ${String(state.chosen.checkpoint)} had been chosen`
    state.findings.push(broken('restore-as-chosen', message, [state.chosen.seq, event.seq], 'unrestorable'))
  } else if (first || event.attempt === 0) state.newest = Math.max(state.newest, checkpoint)
  else checkNewest(state, checkpoint, event.seq)
}
