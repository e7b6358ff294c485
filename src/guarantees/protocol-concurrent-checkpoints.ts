import type { EventOf, HistoryHeader } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A checkpoint is triggered only while fewer are pending than may be at once (`CheckpointRequestDecider.chooseRequestToExecute`),
 * savepoints among them. A savepoint itself may be forced. One is surely pending as long as its outcome is still to come: where that is
 * never told, or a JobManager or a restart comes between, it is not counted. In recordings, where the coordinator tells triggers and
 * outcomes, and of those where somebody told how many may be.
 */
export interface ConcurrentCheckpoints {
  readonly allowed: number
  readonly pending: Map<number, Pending>
  readonly findings: Finding[]
}

interface Pending {
  readonly seq: number
  /** Those that were triggered since. */
  readonly behind: Triggered[]
}

/** A checkpoint, and how many are known to have been pending when it was triggered. */
interface Triggered {
  readonly checkpoint: number
  readonly seq: number
  readonly over: number[]
}

const KEY = 'execution.checkpointing.max-concurrent-checkpoints'

/** No more checkpoints are pending than may be. */
export const concurrentCheckpoints: Oracle<ConcurrentCheckpoints> = {
  name: 'concurrent-checkpoints',
  init: (header) => ({ allowed: allowedBy(header), pending: new Map(), findings: [] }),
  step: {
    'job-status': ({ pending }) => {
      pending.clear()
    },
    'checkpoint-triggered': (state, { checkpoint, seq, savepoint }) => {
      const triggered: Triggered = { checkpoint, seq, over: [] }
      if (savepoint !== true) for (const { behind } of state.pending.values()) behind.push(triggered)
      state.pending.set(checkpoint, { seq, behind: [] })
    },
    'checkpoint-completed': stepOutcome,
    'checkpoint-aborted': stepOutcome,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

function allowedBy({ configuration }: HistoryHeader): number {
  const told = Number(configuration[KEY] ?? Infinity)
  return Number.isInteger(told) && told > 0 ? told : Infinity
}

function stepOutcome(state: ConcurrentCheckpoints, { checkpoint }: EventOf<'checkpoint-completed' | 'checkpoint-aborted'>): void {
  const { allowed, pending, findings } = state
  const ended = pending.get(checkpoint)
  pending.delete(checkpoint)
  for (const { checkpoint: behind, seq, over } of ended?.behind ?? []) {
    over.push(ended?.seq ?? 0)
    if (over.length !== allowed) continue
    const message = `checkpoint ${String(behind)} was triggered while ${String(allowed)} were pending, and no more may be at once`
    findings.push(broken('max-concurrent', message, [...over, seq]))
  }
}
