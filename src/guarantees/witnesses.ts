import type { EventOf } from '../history/index.js'
import type { Steps } from './steps.js'

/**
 * Evidence that a run put the guarantees to the test: what completed and aborted, which faults hit what, in which moment of the
 * checkpointing protocol they struck, and whether a recovery replayed records and was followed by a completed checkpoint.
 */
export interface Evidence {
  checkpointsCompleted: number
  checkpointsAborted: number
  recoveries: number
  recordsReplayed: number
  /** Faults that hit a live target, by kind. */
  faults: Record<string, number>
  /** Faults by the moment in which they struck; one fault may strike in several. */
  strikes: Record<Moment, number>
  /** At least one fault after the first completed checkpoint. */
  faultAfterCheckpoint: boolean
  /** Such a fault, a recovery after it that replayed a record, and a checkpoint that completed after that. */
  fullRecovery: boolean
}

/** Moments of the protocol that matter: a fault between them must not break anything. */
export type Moment = 'trigger-to-last-ack' | 'last-ack-to-store' | 'store-to-last-notification' | 'during-recovery'

/** What the fold needs to know of a run; plain data. */
export interface Witnesses {
  completed: number
  aborted: number
  recoveries: number
  recovering: boolean
  readonly checkpoints: Map<number, Times>
  readonly faults: { readonly kind: string; readonly seq: number; readonly recovering: boolean }[]
  /** `seq` of each recovery and of each completion, ascending. */
  readonly recoveredAt: number[]
  readonly completedAt: number[]
}

interface Times {
  triggered: number
  acks: number
  lastAck: number
  completed: number
  ended: number
  notifications: number
  lastNotification: number
}

/** Nothing seen yet. */
export function createWitnesses(): Witnesses {
  return {
    completed: 0,
    aborted: 0,
    recoveries: 0,
    recovering: false,
    checkpoints: new Map(),
    faults: [],
    recoveredAt: [],
    completedAt: [],
  }
}

/** What events change in them; records only end a recovery. */
export const WITNESS_STEPS: Steps<Witnesses> = {
  'state-apply': endRecovery,
  'sink-write': endRecovery,
  fault: (state, { fault, seq }) => {
    state.faults.push({ kind: fault, seq, recovering: state.recovering })
  },
  restart: (state, { seq }) => {
    state.recovering = true
    state.recoveries++
    state.recoveredAt.push(seq)
  },
  'job-status': (state, { status }) => {
    if (status === 'RESTARTING') state.recovering = true
  },
  'checkpoint-triggered': (state, { checkpoint, seq }) => {
    timesOf(state, checkpoint).triggered = seq
  },
  'snapshot-taken': noteAcknowledged,
  'acknowledgement-accepted': noteAcknowledged,
  'checkpoint-completed': (state, { checkpoint, seq }) => {
    const times = timesOf(state, checkpoint)
    times.completed = seq
    times.ended = seq
    state.completed++
    state.completedAt.push(seq)
  },
  'checkpoint-aborted': (state, { checkpoint, seq }) => {
    timesOf(state, checkpoint).ended = seq
    state.aborted++
  },
  'checkpoint-notified': (state, { checkpoint, outcome, seq }) => {
    if (outcome !== 'complete') return
    const times = timesOf(state, checkpoint)
    times.notifications++
    times.lastNotification = seq
  },
}

function endRecovery(state: Witnesses): void {
  state.recovering = false
}

function noteAcknowledged(state: Witnesses, { checkpoint, seq }: EventOf<'snapshot-taken' | 'acknowledgement-accepted'>): void {
  const times = timesOf(state, checkpoint)
  if (times.ended !== 0) return
  times.acks++
  times.lastAck = seq
}

function timesOf(state: Witnesses, checkpoint: number): Times {
  let times = state.checkpoints.get(checkpoint)
  if (times === undefined) {
    times = { triggered: 0, acks: 0, lastAck: 0, completed: 0, ended: 0, notifications: 0, lastNotification: 0 }
    state.checkpoints.set(checkpoint, times)
  }
  return times
}

/** The evidence so far; `replayed` is the number of records that recoveries took back. */
export function evidenceOf(state: Witnesses, replayed: number): Evidence {
  const faults: Record<string, number> = {}
  for (const fault of state.faults) faults[fault.kind] = (faults[fault.kind] ?? 0) + 1
  const firstCompleted = state.completedAt[0] ?? Infinity
  const late = state.faults.filter((fault) => fault.seq > firstCompleted)
  const recovery = state.recoveredAt.find((seq) => late.some((fault) => fault.seq < seq))
  const completedAfter = recovery !== undefined && state.completedAt.some((seq) => seq > recovery)
  return {
    checkpointsCompleted: state.completed,
    checkpointsAborted: state.aborted,
    recoveries: state.recoveries,
    recordsReplayed: replayed,
    faults,
    strikes: strikesOf(state),
    faultAfterCheckpoint: late.length > 0,
    fullRecovery: completedAfter && replayed > 0,
  }
}

function strikesOf(state: Witnesses): Record<Moment, number> {
  const strikes = { 'trigger-to-last-ack': 0, 'last-ack-to-store': 0, 'store-to-last-notification': 0, 'during-recovery': 0 }
  const all = [...state.checkpoints.values()]
  const fullAcks = Math.max(0, ...all.filter((times) => times.completed > 0).map((times) => times.acks))
  const fullNotifications = Math.max(0, ...all.map((times) => times.notifications))
  for (const { seq, recovering } of state.faults) {
    if (recovering) strikes['during-recovery']++
    for (const times of all) {
      const next = state.completedAt.find((at) => times.completed > 0 && at > times.completed) ?? Infinity
      const moment = momentOf(times, seq, fullAcks, seq < next ? fullNotifications : 0)
      if (moment !== undefined) strikes[moment]++
    }
  }
  return strikes
}

/** What was going on with one checkpoint when a fault struck; one that was never acknowledged in full waits for its last ack. */
function momentOf(times: Times, seq: number, fullAcks: number, fullNotifications: number): Moment | undefined {
  if (times.triggered === 0 || seq < times.triggered) return undefined
  if (times.ended === 0 || seq < times.ended)
    return times.acks >= fullAcks && seq > times.lastAck ? 'last-ack-to-store' : 'trigger-to-last-ack'
  if (times.completed === 0) return undefined
  if (seq < times.lastNotification) return 'store-to-last-notification'
  return times.notifications < fullNotifications && seq > times.completed ? 'store-to-last-notification' : undefined
}
