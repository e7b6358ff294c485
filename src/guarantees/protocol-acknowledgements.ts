import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A task acknowledges what it has snapshotted, once the files it uploaded are durable; the coordinator accepts one acknowledgement of each
 * current attempt, for a pending checkpoint only (`CheckpointCoordinator.receiveAcknowledgeMessage`).
 */
export interface Acknowledgements {
  readonly job: JobEpoch
  readonly checkpoints: Map<number, Acked>
  /** Newest restored attempt per operator and subtask. */
  readonly attempts: Map<string, number[]>
  /** Operators of which the history tells snapshots. */
  readonly snapshotting: Set<string>
  readonly findings: Finding[]
}

interface Acked {
  triggered: number
  /** `seq` of completion or abort; 0 while pending. */
  ended: number
  endedAs: string
  /** Subtasks that acknowledged files before anything of them was durable. */
  early: number
  readonly lanes: Map<string, LaneAck[]>
}

/** What one subtask's attempt did for one checkpoint; each is a `seq`, 0 for not yet. */
interface LaneAck {
  attempt: number
  taken: number
  durable: number
  accepted: number
  /** Acknowledged with files, before anything of it was durable. */
  acknowledgedEarly: number
}

/** Acknowledgements follow snapshot and upload, and count once while the checkpoint is pending. */
export const acknowledgements: Oracle<Acknowledgements> = {
  name: 'acknowledgements',
  init: () => ({ job: createJobEpoch(), checkpoints: new Map(), attempts: new Map(), snapshotting: new Set(), findings: [] }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.checkpoints.clear()
      state.attempts.clear()
    },
    restore: noteAttempt,
    'checkpoint-triggered': (state, { checkpoint, seq }) => {
      ackedOf(state, checkpoint).triggered = seq
    },
    'checkpoint-completed': (state, event) => {
      const acked = ackedOf(state, event.checkpoint)
      checkDurable(state, event, acked)
      end(acked, event.seq, 'completed')
    },
    'checkpoint-aborted': (state, { checkpoint, seq }) => {
      end(ackedOf(state, checkpoint), seq, 'aborted')
    },
    'snapshot-taken': (state, event) => {
      state.snapshotting.add(event.vertex)
      laneAckOf(state, event).taken = event.seq
    },
    'snapshot-durable': (state, event) => {
      laneAckOf(state, event).durable = event.seq
    },
    'checkpoint-acknowledged': stepAcknowledged,
    'acknowledgement-accepted': stepAccepted,
  },
  verdict: (state) => ruleVerdict(state.findings),
}

interface OfCheckpoint {
  readonly seq: number
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly checkpoint: number
}

function ackedOf(state: Acknowledgements, checkpoint: number): Acked {
  let acked = state.checkpoints.get(checkpoint)
  if (acked === undefined) state.checkpoints.set(checkpoint, (acked = { triggered: 0, ended: 0, endedAs: '', early: 0, lanes: new Map() }))
  return acked
}

function end(acked: Acked, seq: number, how: string): void {
  if (acked.ended !== 0) return
  acked.ended = seq
  acked.endedAs = how
}

/** The entry of an attempt; a newer attempt starts a new one. */
function laneAckOf(state: Acknowledgements, { checkpoint, vertex, subtask, attempt }: OfCheckpoint): LaneAck {
  const { lanes } = ackedOf(state, checkpoint)
  let subtasks = lanes.get(vertex)
  if (subtasks === undefined) lanes.set(vertex, (subtasks = []))
  for (let next = subtasks.length; next <= subtask; next++) subtasks.push(emptyLaneAck(-1))
  const entry = subtasks[subtask]
  if (entry?.attempt === attempt) return entry
  const fresh = emptyLaneAck(attempt)
  if (entry === undefined || entry.attempt < attempt) subtasks[subtask] = fresh
  return fresh
}

function emptyLaneAck(attempt: number): LaneAck {
  return { attempt, taken: 0, durable: 0, accepted: 0, acknowledgedEarly: 0 }
}

function noteAttempt(state: Acknowledgements, event: { vertex: string; subtask: number; attempt: number }): void {
  let attempts = state.attempts.get(event.vertex)
  if (attempts === undefined) state.attempts.set(event.vertex, (attempts = []))
  for (let next = attempts.length; next <= event.subtask; next++) attempts.push(-1)
  attempts[event.subtask] = Math.max(attempts[event.subtask] ?? -1, event.attempt)
}

function stepAcknowledged(state: Acknowledgements, event: EventOf<'checkpoint-acknowledged'>): void {
  const entry = laneAckOf(state, event)
  if (entry.taken === 0 && state.snapshotting.has(event.vertex)) {
    const message = `${attemptName(event)} acknowledged checkpoint ${String(event.checkpoint)} without a snapshot`
    state.findings.push(broken('acknowledge-after-snapshot', message, [event.seq]))
  }
  if (event.files !== true || entry.durable !== 0) return
  entry.acknowledgedEarly = event.seq
  ackedOf(state, event.checkpoint).early++
}

/**
 * `files` is said of a task, and the state of some operators of a chain may be inline: that becomes durable with the metadata, when
 * every acknowledgement is in. What becomes durable while one is still missing was a file.
 */
function checkDurable(state: Acknowledgements, event: { kind: string; seq: number; checkpoint: number }, acked: Acked): void {
  if (acked.early === 0) return
  for (const [vertex, subtasks] of acked.lanes) {
    for (const [subtask, { attempt, acknowledgedEarly, durable }] of subtasks.entries()) {
      const late = event.kind === 'checkpoint-completed' ? durable === 0 : durable > acknowledgedEarly
      if (acknowledgedEarly === 0 || !late) continue
      const who = attemptName({ vertex, subtask, attempt })
      const message = `${who} acknowledged checkpoint ${String(event.checkpoint)} before its files were durable`
      state.findings.push(broken('acknowledge-when-durable', message, [acknowledgedEarly, durable, event.seq]))
      const entry = subtasks[subtask]
      if (entry !== undefined) entry.acknowledgedEarly = 0
    }
  }
}

function stepAccepted(state: Acknowledgements, event: EventOf<'acknowledgement-accepted'>): void {
  const acked = ackedOf(state, event.checkpoint)
  checkDurable(state, event, acked)
  if (acked.ended !== 0) {
    state.findings.push(broken('accept-while-pending', `${accepted(event)} after it had ${acked.endedAs}`, [acked.ended, event.seq]))
  }
  const entry = laneAckOf(state, event)
  if (entry.accepted !== 0) state.findings.push(broken('accept-once', `${accepted(event)} twice`, [entry.accepted, event.seq]))
  entry.accepted = event.seq
  const newest = state.attempts.get(event.vertex)?.[event.subtask] ?? -1
  if (event.attempt < newest) {
    const message = `${accepted(event)} although attempt ${String(newest)} had been initialised`
    state.findings.push(broken('accept-current-attempt', message, [event.seq]))
  }
}

function accepted(event: OfCheckpoint): string {
  return `the acknowledgement of ${attemptName(event)} for checkpoint ${String(event.checkpoint)} was accepted`
}
