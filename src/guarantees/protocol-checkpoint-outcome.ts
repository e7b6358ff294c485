import type { EventOf, HistoryHeader, JobStatus } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { leavesFateUnknown } from './fate-unknown.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A triggered checkpoint completes or aborts, once, or is still pending at the end (`PendingCheckpoint`). When the job leaves RUNNING
 * everything pending is aborted, except what is being stored already: its acknowledgements are all in. A restore waits for that, too, under
 * the coordinator's lock (`SchedulerBase.restoreState`): what it finds neither completed nor aborted never completes. A decline that the
 * coordinator hears of while the checkpoint is pending aborts it.
 */
export interface CheckpointOutcomes {
  readonly job: JobEpoch
  /**
   * In a recording it is the coordinator that tells of a decline, when it hears of it; elsewhere the task, which may have acknowledged
   * before.
   */
  readonly origin: HistoryHeader['origin']
  status: JobStatus | undefined
  statusSeq: number
  /** The history tells of triggers at all. */
  triggersSeen: boolean
  readonly checkpoints: Map<number, Outcome>
  /** Checkpoints (not savepoints) that completed in the current job, each higher than the one before, and where. */
  readonly rising: Completion[]
  readonly findings: Finding[]
}

interface Completion {
  readonly checkpoint: number
  readonly seq: number
}

interface Outcome {
  triggered: number
  /** `seq` of the newest accepted acknowledgement, or of the newest snapshot. */
  lastPart: number
  completed: number
  aborted: number
  /** `seq` of the first decline, and of the first restore that found it pending; 0 before. */
  declined: number
  restoredOver: number
  /** The store's answer was lost: it may have completed, whatever the coordinator reports. */
  fateUnknown: boolean
}

/** Each checkpoint has one outcome, in order. */
export const checkpointOutcome: Oracle<CheckpointOutcomes> = {
  name: 'checkpoint-outcome',
  init: ({ origin }) => ({
    job: createJobEpoch(),
    origin,
    status: undefined,
    statusSeq: 0,
    triggersSeen: false,
    checkpoints: new Map(),
    rising: [],
    findings: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) {
        state.checkpoints.clear()
        state.rising.length = 0
      }
      state.status = event.status
      state.statusSeq = event.seq
    },
    'checkpoint-triggered': (state, { checkpoint, seq }) => {
      state.triggersSeen = true
      outcomeOf(state, checkpoint).triggered = seq
    },
    'checkpoint-declined': (state, { checkpoint, seq }) => {
      const outcome = state.checkpoints.get(checkpoint)
      if (state.origin === 'recorded' && outcome?.declined === 0) outcome.declined = seq
    },
    'restore-chosen': (state, { seq }) => {
      for (const outcome of state.checkpoints.values()) if (isPending(outcome)) outcome.restoredOver = seq
    },
    'snapshot-taken': notePart,
    'acknowledgement-accepted': notePart,
    'checkpoint-completed': stepCompleted,
    'checkpoint-aborted': stepAborted,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function notePart(state: CheckpointOutcomes, { checkpoint, seq }: EventOf<'snapshot-taken' | 'acknowledgement-accepted'>): void {
  const outcome = state.checkpoints.get(checkpoint)
  if (outcome !== undefined) outcome.lastPart = seq
}

function stepCompleted(state: CheckpointOutcomes, { checkpoint, seq, savepoint }: EventOf<'checkpoint-completed'>): void {
  const outcome = outcomeOf(state, checkpoint)
  // Its coordinator has given it up: it is stored late, whatever has become of the job and of later checkpoints.
  if (!outcome.fateUnknown) {
    checkOnce(state, outcome, checkpoint, 'completed', seq)
    checkDeclined(state, outcome, checkpoint, seq)
    checkRunning(state, outcome, checkpoint, seq)
    if (savepoint !== true) checkOrder(state, checkpoint, seq)
  }
  outcome.completed = seq
}

function stepAborted(state: CheckpointOutcomes, event: EventOf<'checkpoint-aborted'>): void {
  const { checkpoint, seq } = event
  const outcome = outcomeOf(state, checkpoint)
  outcome.fateUnknown = leavesFateUnknown(event)
  if (!outcome.fateUnknown) checkOnce(state, outcome, checkpoint, 'aborted', seq)
  else takeBack(state, checkpoint)
  outcome.aborted = seq
}

function outcomeOf(state: CheckpointOutcomes, checkpoint: number): Outcome {
  let outcome = state.checkpoints.get(checkpoint)
  if (outcome === undefined) state.checkpoints.set(checkpoint, (outcome = newOutcome()))
  return outcome
}

function newOutcome(): Outcome {
  return { triggered: 0, lastPart: 0, completed: 0, aborted: 0, declined: 0, restoredOver: 0, fateUnknown: false }
}

function isPending({ completed, aborted, restoredOver }: Outcome): boolean {
  return completed === 0 && aborted === 0 && restoredOver === 0
}

function checkOnce(state: CheckpointOutcomes, outcome: Outcome, checkpoint: number, what: string, seq: number): void {
  if (outcome.completed === 0 && outcome.aborted === 0 && (outcome.triggered > 0 || !state.triggersSeen)) return
  const name = `checkpoint ${String(checkpoint)}`
  if (outcome.completed > 0) state.findings.push(broken('one-outcome', `${name} ${what} after it had completed`, [outcome.completed, seq]))
  else if (outcome.aborted > 0) {
    const rule = what === 'aborted' ? 'aborts-once' : 'one-outcome'
    state.findings.push(broken(rule, `${name} ${what} after it had been aborted`, [outcome.aborted, seq]))
  } else state.findings.push(broken('one-outcome', `${name} ${what} without having been triggered`, [seq]))
}

function checkDeclined(state: CheckpointOutcomes, { declined, completed, aborted }: Outcome, checkpoint: number, seq: number): void {
  if (declined === 0 || completed > 0 || aborted > 0) return
  const message = `checkpoint ${String(checkpoint)} completed although a task had declined it`
  state.findings.push(broken('one-outcome', message, [declined, seq]))
}

function checkRunning(state: CheckpointOutcomes, { lastPart, restoredOver }: Outcome, checkpoint: number, seq: number): void {
  if (restoredOver > 0) {
    const message = `checkpoint ${String(checkpoint)}, which was pending when the job was restored, completed after that`
    state.findings.push(broken('completes-while-running', message, [restoredOver, seq]))
    return
  }
  if (lastPart > 0 && lastPart < state.statusSeq) return
  if (state.status !== 'RESTARTING' && state.status !== 'FAILING' && state.status !== 'FAILED') return
  const message = `checkpoint ${String(checkpoint)} completed while the job was ${state.status}`
  state.findings.push(broken('completes-while-running', message, [state.statusSeq, seq]))
}

/** The completion of a checkpoint aborts every earlier one that is pending: none completes behind it (invariant I13). */
function checkOrder(state: CheckpointOutcomes, checkpoint: number, seq: number): void {
  const highest = state.rising.at(-1)
  if (highest !== undefined && checkpoint < highest.checkpoint) {
    const message = `checkpoint ${String(checkpoint)} completed after ${String(highest.checkpoint)}, whose completion should have aborted it`
    state.findings.push(broken('completes-in-order', message, [highest.seq, seq]))
    return
  }
  state.rising.push({ checkpoint, seq })
}

/** A coordinator that never heard of the completion goes on with the earlier ones. */
function takeBack(state: CheckpointOutcomes, checkpoint: number): void {
  if (state.rising.at(-1)?.checkpoint === checkpoint) state.rising.pop()
}
