import type { HistoryEvent } from '../history/index.js'
import { operatorsByTask } from './operator-shapes.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A checkpoint completes only when every subtask that was to take part has: it acknowledged, or, where the history does not show
 * acknowledgements, it took its snapshot. Subtasks that had ended by then take no part.
 */
export interface Completion {
  readonly job: JobEpoch
  /** What counts as taking part, by what the history shows; the strongest evidence seen. */
  evidence: 'snapshot-taken' | 'checkpoint-acknowledged' | 'acknowledgement-accepted'
  /** Operators by the task they run in. */
  readonly tasks: Map<string, string[]>
  /** Subtasks of the current job, by operator. */
  readonly subtasks: Map<string, Participant[]>
  readonly taken: Map<number, Part[]>
  readonly completed: { readonly checkpoint: number; readonly seq: number }[]
  readonly findings: Finding[]
}

/** `ended` is the `seq` since when the subtask takes no part; 0 while it runs. `closed` becomes an end if it never starts again. */
interface Participant {
  participates: Partial<Record<Completion['evidence'], true>>
  readonly absences: { from: number; to: number }[]
}

interface Part {
  readonly kind: Completion['evidence']
  readonly vertex: string
  readonly subtask: number
  readonly seq: number
}

const STRENGTH: readonly Completion['evidence'][] = ['snapshot-taken', 'checkpoint-acknowledged', 'acknowledgement-accepted']

export const completion: Oracle<Completion> = {
  name: 'completion',
  kinds: [
    'snapshot-taken',
    'checkpoint-acknowledged',
    'acknowledgement-accepted',
    'checkpoint-completed',
    'end-of-input',
    'closed',
    'task-status',
    'restore',
    'job-status',
  ],
  init: (header) => ({
    job: createJobEpoch(),
    evidence: 'snapshot-taken',
    tasks: operatorsByTask(header),
    subtasks: new Map(),
    taken: new Map(),
    completed: [],
    findings: [],
  }),
  step,
  verdict: (state) => ruleVerdict([...state.findings, ...missingParts(state)]),
}

function step(state: Completion, event: HistoryEvent): void {
  switch (event.kind) {
    case 'job-status':
      if (!createsJob(state.job, event)) return
      state.findings.push(...missingParts(state))
      state.subtasks.clear()
      state.taken.clear()
      state.completed.length = 0
      return
    case 'snapshot-taken':
    case 'checkpoint-acknowledged':
    case 'acknowledgement-accepted':
      stepPart(state, event)
      return
    case 'checkpoint-completed':
      state.completed.push({ checkpoint: event.checkpoint, seq: event.seq })
      return
    case 'restore':
      returns(participantOf(state, event), event.seq)
      return
    case 'end-of-input':
    case 'closed':
      leaves(participantOf(state, event), event.seq)
      return
    case 'task-status':
      if (event.status === 'FINISHED') leavesTask(state, event)
      return
    default:
  }
}

function stepPart(state: Completion, event: Part & { readonly checkpoint: number }): void {
  if (STRENGTH.indexOf(event.kind) > STRENGTH.indexOf(state.evidence)) state.evidence = event.kind
  if (event.subtask < 0) return
  participantOf(state, event).participates[event.kind] = true
  const { kind, vertex, subtask, seq } = event
  const part = { kind, vertex, subtask, seq }
  const parts = state.taken.get(event.checkpoint)
  if (parts === undefined) state.taken.set(event.checkpoint, [part])
  else parts.push(part)
}

function participantOf(state: Completion, event: { vertex: string; subtask: number }): Participant {
  let subtasks = state.subtasks.get(event.vertex)
  if (subtasks === undefined) state.subtasks.set(event.vertex, (subtasks = []))
  for (let next = subtasks.length; next <= event.subtask; next++) subtasks.push({ participates: {}, absences: [] })
  return subtasks[event.subtask] ?? { participates: {}, absences: [] }
}

function leavesTask(state: Completion, event: Extract<HistoryEvent, { kind: 'task-status' }>): void {
  for (const vertex of state.tasks.get(event.vertex) ?? []) {
    if (state.subtasks.has(vertex)) leaves(participantOf(state, { vertex, subtask: event.subtask }), event.seq)
  }
}

function leaves(participant: Participant, seq: number): void {
  const last = participant.absences.at(-1)
  if (last === undefined || last.to !== Infinity) participant.absences.push({ from: seq, to: Infinity })
}

function returns(participant: Participant, seq: number): void {
  const last = participant.absences.at(-1)
  if (last?.to === Infinity) last.to = seq
}

/** Judged when the job is over, when it is known who took part in anything at all. */
function missingParts(state: Completion): Finding[] {
  const findings: Finding[] = []
  for (const { checkpoint, seq } of state.completed) {
    const parts = (state.taken.get(checkpoint) ?? []).filter((part) => part.kind === state.evidence && part.seq < seq)
    for (const [vertex, subtasks] of state.subtasks) {
      for (const [subtask, participant] of subtasks.entries()) {
        if (participant.participates[state.evidence] !== true) continue
        if (participant.absences.some(({ from, to }) => from < seq && seq < to)) continue
        if (parts.some((part) => part.vertex === vertex && part.subtask === subtask)) continue
        const message = `checkpoint ${String(checkpoint)} completed without ${vertex} (${String(subtask)}): no ${state.evidence} before it`
        findings.push(broken('complete-when-acknowledged', message, [seq]))
      }
    }
  }
  return findings
}
