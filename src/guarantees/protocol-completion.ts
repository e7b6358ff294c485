import type { EventOf, HistoryHeader } from '../history/index.js'
import { operatorsByTask } from './operator-shapes.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { changedBy, type Parallelisms } from './parallelism-changes.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A checkpoint completes only when every subtask that was to take part has: it acknowledged, or, where the history does not show
 * acknowledgements, it took its snapshot. Subtasks that had finished or closed by then, or when the last of the others took part, take no
 * part: one that is stored late may find them running again. The end of the input excuses nobody, for a task stays and waits for a last
 * checkpoint (FLIP-147). Where the parallelism changes within a job, subtasks join for the checkpoints from then on, or leave.
 */
export interface Completion {
  readonly job: JobEpoch
  readonly origin: HistoryHeader['origin']
  /** The history tells which acknowledgements were accepted. */
  tellsAccepted: boolean
  /** Operators by the task they run in. */
  readonly tasks: Map<string, string[]>
  /** Subtasks of the current job, by operator. */
  readonly subtasks: Map<string, Participant[]>
  readonly parallelisms: Parallelisms
  readonly completed: { readonly checkpoint: number; readonly seq: number }[]
  readonly findings: Finding[]
}

interface Participant {
  /** `seq` of its first start; 0 where the history does not tell. */
  begun: number
  /** Newest attempt that has started; -1 before the first. What an older one does is of no concern to it any more. */
  attempt: number
  readonly snapshots: Parts
  readonly accepted: Parts
  /** From its end (or close) to its next start the subtask takes no part. */
  readonly absences: { from: number; to: number }[]
}

/** Checkpoints in which a subtask took part, with the `seq` of the events. */
interface Parts {
  readonly checkpoints: number[]
  readonly seqs: number[]
}

/** Checkpoints complete with all that take part. */
export const completion: Oracle<Completion> = {
  name: 'completion',
  init: (header) => ({
    job: createJobEpoch(),
    origin: header.origin,
    tellsAccepted: false,
    tasks: operatorsByTask(header),
    subtasks: new Map(),
    parallelisms: new Map(),
    completed: [],
    findings: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.findings.push(...missingParts(state))
      state.subtasks.clear()
      state.parallelisms.clear()
      state.completed.length = 0
    },
    'snapshot-taken': (state, event) => {
      note(participantOf(state, event).snapshots, event)
    },
    'acknowledgement-accepted': (state, event) => {
      state.tellsAccepted = true
      if (event.subtask >= 0) note(participantOf(state, event).accepted, event)
    },
    'checkpoint-completed': (state, { checkpoint, seq }) => {
      state.completed.push({ checkpoint, seq })
    },
    restore: (state, event) => {
      rescales(state, event)
      returns(participantOf(state, event), event)
    },
    closed: (state, event) => {
      leaves(participantOf(state, event), event)
    },
    'task-status': (state, event) => {
      if (event.status === 'FINISHED') leavesTask(state, event)
    },
  },
  verdict: (state) => ruleVerdict([...state.findings, ...missingParts(state)]),
}

function note({ checkpoints, seqs }: Parts, event: { checkpoint: number; seq: number }): void {
  checkpoints.push(event.checkpoint)
  seqs.push(event.seq)
}

function participantOf(state: Completion, { vertex, subtask }: { vertex: string; subtask: number }): Participant {
  let subtasks = state.subtasks.get(vertex)
  if (subtasks === undefined) state.subtasks.set(vertex, (subtasks = []))
  for (let next = subtasks.length; next <= subtask; next++) subtasks.push(newParticipant())
  return subtasks[subtask] ?? newParticipant()
}

function newParticipant(): Participant {
  return { begun: 0, attempt: -1, snapshots: { checkpoints: [], seqs: [] }, accepted: { checkpoints: [], seqs: [] }, absences: [] }
}

function leavesTask(state: Completion, event: EventOf<'task-status'>): void {
  for (const vertex of state.tasks.get(event.vertex) ?? []) {
    if (state.subtasks.has(vertex)) leaves(participantOf(state, { vertex, subtask: event.subtask }), event)
  }
}

/** Those that a greater parallelism adds were absent before; those that a smaller one has not leave, also unseen. */
function rescales(state: Completion, event: EventOf<'restore'>): void {
  const changed = changedBy(state.parallelisms, event)
  if (changed === undefined) return
  const { vertex, seq } = event
  for (let subtask = changed.from; subtask < changed.to; subtask++) {
    const participant = participantOf(state, { vertex, subtask })
    if (participant.absences.length === 0) participant.absences.push({ from: 0, to: Infinity })
  }
  state.subtasks.get(vertex)?.forEach((participant, subtask) => {
    if (subtask >= changed.to) leaves(participant, { attempt: participant.attempt, seq })
  })
}

interface OfAttempt {
  readonly attempt: number
  readonly seq: number
}

function leaves(participant: Participant, { attempt, seq }: OfAttempt): void {
  if (attempt < participant.attempt) return
  const last = participant.absences.at(-1)
  if (last === undefined || last.to !== Infinity) participant.absences.push({ from: seq, to: Infinity })
}

function returns(participant: Participant, { attempt, seq }: OfAttempt): void {
  if (attempt < participant.attempt) return
  participant.attempt = attempt
  if (participant.begun === 0) participant.begun = seq
  const last = participant.absences.at(-1)
  if (last?.to === Infinity) last.to = seq
}

/**
 * Judged when the job is over, when it is known who took part in anything at all. A recording may not tell of some operators' part; else
 * every subtask that has started takes part, also one that never did.
 */
function missingParts(state: Completion): Finding[] {
  const findings: Finding[] = []
  const evidence = state.tellsAccepted ? 'acknowledgement' : 'snapshot'
  for (const [vertex, subtasks] of state.subtasks) {
    for (let subtask = 0; subtask < subtasks.length; subtask++) {
      const participant = subtasks[subtask]
      const parts = state.tellsAccepted ? participant?.accepted : participant?.snapshots
      if (participant === undefined || parts === undefined) continue
      const silent = parts.seqs.length === 0
      if (silent && (state.origin === 'recorded' || participant.begun === 0)) continue
      for (const { checkpoint, seq } of state.completed) {
        if (silent && participant.begun > seq) continue
        if (partIn(parts, checkpoint) < seq || isAbsent(participant, seq) || isAbsent(participant, lastPart(state, checkpoint, seq)))
          continue
        const message = `checkpoint ${String(checkpoint)} completed without ${vertex} (${String(subtask)}): no ${evidence} before it`
        findings.push(broken('complete-when-acknowledged', message, [seq]))
      }
    }
  }
  return findings
}

function isAbsent({ absences }: Participant, at: number): boolean {
  return absences.some(({ from, to }) => from < at && at < to)
}

/** When the last subtask took part, `seq`: the coordinator has decided that it has all; 0 where nobody has. */
function lastPart({ subtasks, tellsAccepted }: Completion, checkpoint: number, before: number): number {
  const all = [...subtasks.values()].flat().map(({ accepted, snapshots }) => partIn(tellsAccepted ? accepted : snapshots, checkpoint))
  return Math.max(0, ...all.filter((seq) => seq < before))
}

/** When a subtask took part last, `seq`; Infinity where it did not. */
function partIn({ checkpoints, seqs }: Parts, checkpoint: number): number {
  return seqs[checkpoints.lastIndexOf(checkpoint)] ?? Infinity
}
