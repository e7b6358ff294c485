import type { EventOf, HistoryHeader } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { attemptName } from './names.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * An attempt of an operator that has state in the chosen checkpoint is restored from it, all subtasks alike
 * (`StateAssignmentOperation.assignTaskStateToExecutionJobVertices`). In recordings: one that names no checkpoint opened without its state,
 * if another subtask was restored from that checkpoint, or the operator has put something into it in this job and names checkpoints
 * elsewhere. Others may have nothing to restore, or not tell it. Where one attempt opens both ways, two operators have that name: then it
 * is not asked.
 */
export interface Unrestored {
  readonly header: HistoryHeader
  readonly job: JobEpoch
  /** What was chosen most recently in this job. */
  chosen: { readonly checkpoint: number; readonly seq: number } | undefined
  /** Newest attempt of each subtask that has been initialised in this job, and whether it named a checkpoint. */
  readonly newest: Map<string, { readonly attempt: number; readonly named: boolean }>
  /** By job, operator and checkpoint: who put something into it. */
  readonly held: Map<string, number>
  /** By job, operator and checkpoint: who was restored from it. */
  readonly restored: Map<string, number>
  /** Operators that name what they are restored from. */
  readonly telling: Set<string>
  /** Names that several operators have. */
  readonly several: Set<string>
  /** Attempts that named none although something had been chosen. */
  readonly bare: Bare[]
}

interface Bare {
  readonly event: EventOf<'restore'>
  readonly checkpoint: number
  readonly chosenSeq: number
  readonly place: string
}

/** Whoever has state in the chosen checkpoint is restored from it. */
export const unrestored: Oracle<Unrestored> = {
  name: 'unrestored',
  init: (header) => ({
    header,
    job: createJobEpoch(),
    chosen: undefined,
    newest: new Map(),
    held: new Map(),
    restored: new Map(),
    telling: new Set(),
    several: new Set(),
    bare: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.chosen = undefined
      state.newest.clear()
    },
    'snapshot-taken': (state, { vertex, checkpoint, content, seq }) => {
      if ((content?.counts?.length ?? 0) > 0) state.held.set(placeOf(state, vertex, checkpoint), seq)
    },
    'restore-chosen': (state, { checkpoint, seq }) => {
      state.chosen = checkpoint === undefined ? undefined : { checkpoint, seq }
    },
    restore: stepRestore,
  },
  verdict: (state) => ruleVerdict(findingsOf(state)),
}

function placeOf({ job }: Unrestored, vertex: string, checkpoint: number): string {
  return `${String(job.number)}/${vertex}/${String(checkpoint)}`
}

function stepRestore(state: Unrestored, event: EventOf<'restore'>): void {
  const { vertex, subtask, attempt, checkpoint, seq } = event
  const name = `${vertex}/${String(subtask)}`
  const named = checkpoint !== undefined
  const newest = state.newest.get(name)
  if (newest?.attempt === attempt && newest.named !== named) state.several.add(vertex)
  if (newest !== undefined && attempt <= newest.attempt) return
  state.newest.set(name, { attempt, named })
  if (named) {
    state.telling.add(vertex)
    state.restored.set(placeOf(state, vertex, checkpoint), seq)
  } else if (state.chosen !== undefined) {
    const { checkpoint: chosen, seq: chosenSeq } = state.chosen
    state.bare.push({ event, checkpoint: chosen, chosenSeq, place: placeOf(state, vertex, chosen) })
  }
}

function findingsOf({ header, held, restored, telling, several, bare }: Unrestored): Finding[] {
  const sources = new Set(header.operators.filter(({ role }) => role === 'source').map(({ name }) => name))
  return bare.flatMap(({ event, checkpoint, chosenSeq, place }) => {
    const proof = restored.get(place) ?? (telling.has(event.vertex) ? held.get(place) : undefined)
    if (proof === undefined || sources.has(event.vertex) || several.has(event.vertex)) return []
    const message = `${attemptName(event)} opened without its state, although checkpoint ${String(checkpoint)} had been chosen, which holds state of ${event.vertex}`
    return [broken('restore-as-chosen', message, [chosenSeq, proof, event.seq], 'unrestorable')]
  })
}
