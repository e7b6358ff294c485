import type { EventOf, HistoryHeader, HistoryKind } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * After the end of its input an attempt of a source emits nothing more, and one of any other operator takes nothing more in
 * (`BoundedOneInput.endInput`, `InputStatus.END_OF_INPUT`). What an operator still emits then it had before.
 */
export interface Ends {
  readonly job: JobEpoch
  /** Inputs of each recorded operator: one with several may tell the end of each of them, and is judged once all have ended. */
  readonly inputs: ReadonlyMap<string, number>
  /** The most ends that an attempt of an operator has told. */
  readonly most: Map<string, number>
  /** Attempts of the current job that have told an end, by name. */
  readonly ended: Map<string, number[]>
  /** What attempts did after their first end. */
  readonly late: Late[]
}

interface Late {
  readonly who: string
  readonly vertex: string
  readonly ends: readonly number[]
  readonly seq: number
}

/** Nothing comes after the end of the input. */
export const ends: Oracle<Ends> = {
  name: 'ends',
  init: ({ origin, operators }: HistoryHeader) => ({
    job: createJobEpoch(),
    inputs: new Map(operators.map(({ name, inputs }) => [name, origin === 'recorded' ? inputs.length : 1])),
    most: new Map(),
    ended: new Map(),
    late: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) state.ended.clear()
    },
    'end-of-input': stepEnd,
    'source-emit': stepRecord,
    'state-apply': stepRecord,
    process: stepRecord,
    'sink-write': stepRecord,
  },
  verdict: (state) => ruleVerdict(findings(state)),
}

function stepEnd(state: Ends, event: EventOf<'end-of-input'>): void {
  const who = attemptName(event)
  const told = [...(state.ended.get(who) ?? []), event.seq]
  state.ended.set(who, told)
  state.most.set(event.vertex, Math.max(told.length, state.most.get(event.vertex) ?? 0))
}

type Taking = Extract<HistoryKind, 'source-emit' | 'state-apply' | 'process' | 'sink-write'>

function stepRecord(state: Ends, event: EventOf<Taking>): void {
  if (state.ended.size === 0) return
  const who = attemptName(event)
  const told = state.ended.get(who)
  if (told !== undefined) state.late.push({ who, vertex: event.vertex, ends: told, seq: event.seq })
}

function findings({ late, inputs, most }: Ends): Finding[] {
  const found = new Map<string, number[]>()
  for (const { who, vertex, ends, seq } of late) {
    const all = Math.max(inputs.get(vertex) ?? 1, most.get(vertex) ?? 1)
    if (ends.length < all) continue
    const evidence = found.get(who)
    if (evidence === undefined) found.set(who, [ends.at(-1) ?? 0, seq])
    else evidence.push(seq)
  }
  return [...found].map(([who, evidence]) =>
    broken('nothing-after-the-end', `${who} went on with records after the end of its input: ${String(evidence.length - 1)}`, evidence),
  )
}
