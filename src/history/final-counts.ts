import type { EventOf, HistoryEvent, RecordId, SnapshotContent } from './event.js'

/**
 * Counting keyed state as it stands: what every subtask's newest attempt holds, against the different records of each key.
 * A restore replaces what the subtask held; a new job forgets all of it; an attempt that has a successor no longer counts.
 */
export interface FinalCounts {
  /** Per operator. */
  readonly operators: Map<string, CountedOperator>
  /** Key under which a source emitted a record, where it tells. */
  readonly keys: Map<RecordId, string>
  job: string | undefined
}

interface CountedOperator {
  /** Per subtask. */
  readonly subtasks: Map<number, CountedSubtask>
  /** Different records ever absorbed under each key. */
  readonly records: Map<string, Set<RecordId>>
  /** So far every record was absorbed under the key it was emitted with: then one that never arrived is missed under its key. */
  sourceKeys: boolean
}

interface CountedSubtask {
  attempt: number
  counts: Map<string, number>
}

/** No state yet. */
export function createFinalCounts(): FinalCounts {
  return { operators: new Map(), keys: new Map(), job: undefined }
}

/** Takes one event in. */
export function stepFinalCounts(state: FinalCounts, event: HistoryEvent): void {
  switch (event.kind) {
    case 'source-emit':
      if (event.key !== undefined) state.keys.set(event.id, event.key)
      return
    case 'state-apply':
      if (event.count !== undefined) stepApply(state, event, event.count)
      return
    case 'restore':
    case 'end-of-input':
      if (event.content?.counts !== undefined) replace(state, event, event.content.counts)
      return
    case 'job-status':
      if (event.status === 'CREATED') stepCreated(state, event.job)
      return
    default:
  }
}

/** Largest difference, over all operators and keys, between the count and the records that should make it. */
export function largestError(state: FinalCounts): number {
  let worst = 0
  for (const operator of state.operators.values()) {
    const right = rightCounts(state, operator)
    const final = finalCounts(operator)
    for (const key of new Set([...right.keys(), ...final.keys()])) {
      worst = Math.max(worst, Math.abs((final.get(key) ?? 0) - (right.get(key) ?? 0)))
    }
  }
  return worst
}

function stepApply(state: FinalCounts, event: EventOf<'state-apply'>, count: number): void {
  const operator = operatorOf(state, event.vertex)
  let records = operator.records.get(event.key)
  if (records === undefined) {
    records = new Set()
    operator.records.set(event.key, records)
  }
  records.add(event.id)
  if (state.keys.get(event.id) !== event.key) operator.sourceKeys = false
  const subtask = subtaskOf(operator, event.subtask)
  if (event.attempt < subtask.attempt) return
  subtask.attempt = event.attempt
  subtask.counts.set(event.key, count)
}

type WithState = EventOf<'restore' | 'end-of-input'>

function replace(state: FinalCounts, event: WithState, counts: NonNullable<SnapshotContent['counts']>): void {
  const subtask = subtaskOf(operatorOf(state, event.vertex), event.subtask)
  if (event.attempt < subtask.attempt) return
  subtask.attempt = event.attempt
  subtask.counts = new Map(counts)
}

function stepCreated(state: FinalCounts, job: string | undefined): void {
  if (job !== undefined && job === state.job) return
  state.job = job
  for (const operator of state.operators.values()) operator.subtasks.clear()
}

function operatorOf(state: FinalCounts, name: string): CountedOperator {
  let operator = state.operators.get(name)
  if (operator === undefined) {
    operator = { subtasks: new Map(), records: new Map(), sourceKeys: true }
    state.operators.set(name, operator)
  }
  return operator
}

function subtaskOf(operator: CountedOperator, index: number): CountedSubtask {
  let subtask = operator.subtasks.get(index)
  if (subtask === undefined) {
    subtask = { attempt: -1, counts: new Map() }
    operator.subtasks.set(index, subtask)
  }
  return subtask
}

function finalCounts(operator: CountedOperator): Map<string, number> {
  const final = new Map<string, number>()
  for (const { counts } of operator.subtasks.values()) {
    for (const [key, count] of counts) final.set(key, (final.get(key) ?? 0) + count)
  }
  return final
}

/** What each key should have counted: every different record once, also one that a source emitted and that never arrived. */
function rightCounts(state: FinalCounts, operator: CountedOperator): Map<string, number> {
  const right = new Map([...operator.records].map(([key, records]) => [key, records.size]))
  if (!operator.sourceKeys) return right
  for (const [id, key] of state.keys) {
    const records = operator.records.get(key)
    if (records === undefined || !records.has(id)) right.set(key, (right.get(key) ?? 0) + 1)
  }
  return right
}
