import type { HistoryEvent } from '../history/index.js'
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
  kinds: ['checkpoint-triggered', 'restore-chosen', 'restore', 'job-status'],
  init: () => ({ job: createJobEpoch(), highest: -1, highestSeq: 0, findings: [] }),
  step,
  verdict: (state) => ruleVerdict(state.findings),
}

function step(state: CheckpointIds, event: HistoryEvent): void {
  switch (event.kind) {
    case 'job-status':
      if (!createsJob(state.job, event)) return
      state.highest = -1
      state.highestSeq = 0
      return
    case 'restore-chosen':
    case 'restore':
      if (event.checkpoint !== undefined) raise(state, event.checkpoint, event.seq)
      return
    case 'checkpoint-triggered':
      if (event.checkpoint <= state.highest) {
        const message = `checkpoint ${String(event.checkpoint)} was triggered although ${String(state.highest)} had been handed out before`
        state.findings.push(broken('ids-increase', message, [state.highestSeq, event.seq]))
      }
      raise(state, event.checkpoint, event.seq)
      return
    default:
  }
}

function raise(state: CheckpointIds, checkpoint: number, seq: number): void {
  if (checkpoint <= state.highest) return
  state.highest = checkpoint
  state.highestSeq = seq
}
