import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * Checkpoint ids increase within a job, over restarts of the JobManager too, and a job restored from k begins above k
 * (`CheckpointIDCounter`).
 */
export interface CheckpointIds {
  readonly job: JobEpoch
  /** Highest id handed out or restored in the current job, and the event that said so. */
  highest: number
  highestSeq: number
  readonly findings: Finding[]
}

/** Checkpoint ids increase. */
export const checkpointIds: Oracle<CheckpointIds> = {
  name: 'checkpoint-ids',
  init: () => ({ job: createJobEpoch(), highest: -1, highestSeq: 0, findings: [] }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.highest = -1
      state.highestSeq = 0
    },
    'restore-chosen': stepRestored,
    restore: stepRestored,
    'checkpoint-triggered': stepTriggered,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function stepRestored(state: CheckpointIds, { checkpoint, seq }: EventOf<'restore-chosen' | 'restore'>): void {
  if (checkpoint !== undefined) raise(state, checkpoint, seq)
}

function stepTriggered(state: CheckpointIds, { checkpoint, seq }: EventOf<'checkpoint-triggered'>): void {
  if (checkpoint <= state.highest) {
    const message = `checkpoint ${String(checkpoint)} was triggered although ${String(state.highest)} had been handed out before`
    state.findings.push(broken('ids-increase', message, [state.highestSeq, seq]))
  }
  raise(state, checkpoint, seq)
}

function raise(state: CheckpointIds, checkpoint: number, seq: number): void {
  if (checkpoint <= state.highest) return
  state.highest = checkpoint
  state.highestSeq = seq
}
