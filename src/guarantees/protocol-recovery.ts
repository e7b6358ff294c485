import type { EventOf, HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { leavesFateUnknown } from './fate-unknown.js'
import { operatorsByTask } from './operator-shapes.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A failover restores the newest completed checkpoint, never a plain savepoint, and every task of it the same one
 * (`CheckpointCoordinator.restoreLatestCheckpointedStateToSubtasks`). What a new job starts from is its operator's choice.
 */
export interface Recovery {
  readonly job: JobEpoch
  readonly origin: HistoryHeader['origin']
  /** What a failover of the current job may restore, ascending: completed here, or restored at its start. */
  readonly stored: { readonly checkpoint: number; readonly seq: number }[]
  /** Those of which nobody knows whether they are in the store: then the one before may be restored as well. */
  readonly fateUnknown: Set<number>
  /** What was chosen most recently in this job; undefined before the first choice. */
  chosen: Choice | undefined
  /**
   * What was chosen for each attempt when it was deployed: one that was given up since, behind a partition or in a pause, may read its
   * state later than its successor.
   */
  readonly deployed: Map<string, Choice>
  readonly operators: Map<string, string[]>
  /** No attempt of the job has been initialised: choices made now are those of its start. */
  starting: boolean
  readonly findings: Finding[]
}

/** A checkpoint that was chosen, -1 for none. */
interface Choice {
  readonly checkpoint: number
  readonly seq: number
}

/** Failovers restore the newest checkpoint. */
export const recovery: Oracle<Recovery> = {
  name: 'recovery',
  init: (header) => ({
    job: createJobEpoch(),
    origin: header.origin,
    stored: [],
    fateUnknown: new Set(),
    chosen: undefined,
    deployed: new Map(),
    operators: operatorsByTask(header),
    starting: true,
    findings: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.stored.length = 0
      state.fateUnknown.clear()
      state.chosen = undefined
      state.deployed.clear()
      state.starting = true
    },
    'checkpoint-completed': (state, { checkpoint, seq, savepoint }) => {
      if (savepoint !== true) add(state, checkpoint, seq)
    },
    'checkpoint-aborted': (state, event) => {
      if (leavesFateUnknown(event)) state.fateUnknown.add(event.checkpoint)
    },
    'restore-chosen': stepChosen,
    'task-status': stepDeployed,
    restore: stepRestore,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function stepChosen(state: Recovery, event: EventOf<'restore-chosen'>): void {
  const checkpoint = event.checkpoint ?? -1
  state.chosen = { checkpoint, seq: event.seq }
  if (!state.starting) checkNewest(state, checkpoint, event.seq)
  else if (checkpoint >= 0) add(state, checkpoint, event.seq)
  // Whoever restores it knows of it, and finds it again.
  state.fateUnknown.delete(checkpoint)
}

function stepDeployed(state: Recovery, { vertex, subtask, attempt, status }: EventOf<'task-status'>): void {
  if (status !== 'DEPLOYING' || state.chosen === undefined) return
  for (const operator of state.operators.get(vertex) ?? [vertex]) {
    state.deployed.set(attemptName({ vertex: operator, subtask, attempt }), state.chosen)
  }
}

function add(state: Recovery, checkpoint: number, seq: number): void {
  if (checkpoint > (state.stored.at(-1)?.checkpoint ?? -1)) state.stored.push({ checkpoint, seq })
}

function checkNewest(state: Recovery, checkpoint: number, seq: number): void {
  const certain = state.stored.findLastIndex((each) => !state.fateUnknown.has(each.checkpoint))
  const allowed = state.stored.slice(Math.max(0, certain))
  if (allowed.some((each) => each.checkpoint === checkpoint) || (certain < 0 && checkpoint < 0)) return
  const newest = state.stored.at(-1)
  const restored = checkpoint < 0 ? 'nothing was restored' : `checkpoint ${String(checkpoint)} was restored`
  const instead = newest === undefined ? 'none has completed' : `${String(newest.checkpoint)} is the newest that completed`
  state.findings.push(broken('restore-newest', `${restored}, but ${instead}`, [newest?.seq ?? 0, seq], 'unrestorable'))
}

/** A history that does not tell the choice tells what was restored; an operator that does not tell is not asked. */
function stepRestore(state: Recovery, event: EventOf<'restore'>): void {
  const first = state.starting
  state.starting = false
  if (event.checkpoint === undefined && state.origin === 'recorded') return
  const checkpoint = event.checkpoint ?? -1
  const chosen = state.deployed.get(attemptName(event)) ?? state.chosen
  if (chosen !== undefined) {
    if (checkpoint === chosen.checkpoint) return
    const message = `${attemptName(event)} was restored from checkpoint ${String(checkpoint)}, but ${String(chosen.checkpoint)} had been chosen`
    state.findings.push(broken('restore-as-chosen', message, [chosen.seq, event.seq], 'unrestorable'))
  } else if (!first && event.attempt > 0) checkNewest(state, checkpoint, event.seq)
  else if (checkpoint >= 0) add(state, checkpoint, event.seq)
}
