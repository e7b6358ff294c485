import type { EventOf, RecordId, SnapshotContent } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { differingKeys, type ValuesByKey } from './values-by-key.js'

/**
 * A snapshot holds what the state held when it was taken, not what it became since: the counts said by the newest record of each
 * key, the values that the operator saw, and no record absorbed later. Running counts go up by one within an attempt.
 */
export interface SnapshotContents {
  readonly job: JobEpoch
  /** Per operator and subtask. */
  readonly subtasks: Map<string, CountingSubtask[]>
  /** Operators whose records come with counts. State of that name in another operator means what its code makes of it. */
  readonly counting: Set<string>
  readonly findings: Finding[]
}

interface CountingSubtask {
  attempt: number
  /** What was restored is not known: the first count of a key is taken as it comes. */
  unknownStart: boolean
  readonly counts: Map<string, { count: number; seq: number }>
  /** Records in the state: restored, and absorbed by this attempt for the first time. */
  absorbed: RecordId[]
  /** By checkpoint: how the state was when the snapshot was taken. */
  readonly taken: Map<number, Taken>
}

/** How the state was when a snapshot was taken. */
interface Taken {
  /** By the records that had come. */
  readonly counts: ReadonlyMap<string, number>
  readonly absorbed: number
  /** As the operator saw them. */
  readonly values: ValuesByKey
  readonly seq: number
}

/** Snapshots hold what the state held when they were taken. */
export const snapshotContents: Oracle<SnapshotContents> = {
  name: 'snapshot-contents',
  init: () => ({ job: createJobEpoch(), subtasks: new Map(), counting: new Set(), findings: [] }),
  step: {
    'state-apply': stepApply,
    restore: stepRestore,
    'snapshot-taken': stepTaken,
    'snapshot-durable': stepDurable,
    'end-of-input': (state, event) => {
      if (event.content?.counts !== undefined) stepEnd(state, event, event.content.counts)
    },
    'job-status': (state, event) => {
      if (createsJob(state.job, event)) state.subtasks.clear()
    },
  },
  verdict: (state) => ruleVerdict(state.findings),
}

type Counts = NonNullable<SnapshotContent['counts']>

function subtaskOf(
  state: SnapshotContents,
  { vertex, subtask: index, attempt }: { vertex: string; subtask: number; attempt: number },
): CountingSubtask | undefined {
  let subtasks = state.subtasks.get(vertex)
  if (subtasks === undefined) state.subtasks.set(vertex, (subtasks = []))
  for (let next = subtasks.length; next <= index; next++) {
    subtasks.push({ attempt: -1, unknownStart: true, counts: new Map(), absorbed: [], taken: new Map() })
  }
  const subtask = subtasks[index]
  if (subtask === undefined || attempt < subtask.attempt) return undefined
  if (attempt > subtask.attempt) {
    subtask.attempt = attempt
    subtask.unknownStart = true
    subtask.counts.clear()
    subtask.absorbed = []
    subtask.taken.clear()
  }
  return subtask
}

function stepApply(state: SnapshotContents, event: EventOf<'state-apply'>): void {
  const subtask = subtaskOf(state, event)
  if (subtask === undefined) return
  const { key, count, seq } = event
  if (event.again !== true) subtask.absorbed.push(event.id)
  if (count === undefined) return
  state.counting.add(event.vertex)
  const before = subtask.counts.get(key)
  if (before === undefined) {
    if (!subtask.unknownStart && count !== 1) reportCount(state, event, 0, 0)
    subtask.counts.set(key, { count, seq })
    return
  }
  if (count !== before.count + 1) reportCount(state, event, before.count, before.seq)
  before.count = count
  before.seq = seq
}

function reportCount(state: SnapshotContents, event: EventOf<'state-apply'>, before: number, seq: number): void {
  const message = `${attemptName(event)} counted ${String(event.count)} for key ${event.key} after ${String(before)}`
  state.findings.push(broken('running-count', message, [seq, event.seq], 'wrong-state'))
}

/** A keyed state without counts in a restored content starts empty; without content nothing is known. */
function stepRestore(state: SnapshotContents, event: EventOf<'restore'>): void {
  const subtask = subtaskOf(state, event)
  if (subtask === undefined) return
  const { content } = event
  if (content === undefined) {
    subtask.unknownStart = event.checkpoint !== undefined
    return
  }
  subtask.unknownStart = content.counts === undefined && content.absorbed === undefined
  subtask.absorbed = [...(content.absorbed ?? [])]
  for (const [key, count] of content.counts ?? []) subtask.counts.set(key, { count, seq: event.seq })
}

function stepTaken(state: SnapshotContents, event: EventOf<'snapshot-taken'>): void {
  const subtask = subtaskOf(state, event)
  const { values = [] } = event.content ?? {}
  if (subtask === undefined) return
  // Of a state of which nothing is known, not even that it was empty, there is nothing to compare.
  if (subtask.unknownStart && subtask.absorbed.length + subtask.counts.size + values.length === 0) return
  const counts = new Map<string, number>()
  for (const [key, entry] of subtask.counts) counts.set(key, entry.count)
  subtask.taken.set(event.checkpoint, { counts, absorbed: subtask.absorbed.length, values, seq: event.seq })
  if (event.content?.counts !== undefined) compareCounts(state, event, event.checkpoint, counts, event.content.counts)
}

function stepDurable(state: SnapshotContents, event: EventOf<'snapshot-durable'>): void {
  const subtask = subtaskOf(state, event)
  const taken = subtask?.taken.get(event.checkpoint)
  if (subtask === undefined || taken === undefined || event.content === undefined) return
  if (event.content.counts !== undefined) compareCounts(state, event, event.checkpoint, taken.counts, event.content.counts)
  compareValues(state, event, taken, event.content.values ?? [])
  const { absorbed } = event.content
  if (absorbed === undefined || subtask.absorbed.length === taken.absorbed) return
  const later = subtask.absorbed
    .slice(taken.absorbed)
    .filter((id) => absorbed.includes(id) && !subtask.absorbed.slice(0, taken.absorbed).includes(id))
  if (later.length === 0) return
  const message = `the snapshot of ${attemptName(event)} for checkpoint ${String(event.checkpoint)} holds ${String(later.length)} records absorbed after it was taken`
  state.findings.push({ ...broken('snapshot-is-a-view', message, [taken.seq, event.seq], 'inconsistent-cut'), records: later })
}

function compareValues(state: SnapshotContents, event: EventOf<'snapshot-durable'>, taken: Taken, stored: ValuesByKey): void {
  const wrong = differingKeys(taken.values, stored)
  if (wrong.length === 0) return
  const which = `the snapshot of ${attemptName(event)} for checkpoint ${String(event.checkpoint)}`
  const message = `${which} does not hold the values that the state had when it was taken (key ${wrong.join(', ')})`
  state.findings.push(broken('snapshot-is-a-view', message, [taken.seq, event.seq], 'inconsistent-cut'))
}

function stepEnd(state: SnapshotContents, event: EventOf<'end-of-input'>, said: Counts): void {
  const subtask = subtaskOf(state, event)
  if (subtask === undefined || subtask.counts.size === 0) return
  const counts = new Map<string, number>()
  for (const [key, entry] of subtask.counts) counts.set(key, entry.count)
  compareCounts(state, event, 'end', counts, said)
}

/** Keys that only the snapshot knows were restored and not touched since, where the start is unknown. */
function compareCounts(
  state: SnapshotContents,
  event: { seq: number; vertex: string; subtask: number; attempt: number },
  when: number | 'end',
  counts: ReadonlyMap<string, number>,
  said: Counts,
): void {
  if (!state.counting.has(event.vertex)) return
  if (said.length === counts.size && said.every(([key, count]) => counts.get(key) === count)) return
  const unknownStart = subtaskOf(state, event)?.unknownStart === true
  const wrong: string[] = []
  for (const [key, count] of said) {
    const right = counts.get(key)
    if (right === undefined ? !unknownStart : right !== count) wrong.push(`${key}: ${String(count)} for ${String(right ?? 0)}`)
  }
  const present = new Set(said.map(([key]) => key))
  for (const [key, count] of counts) if (!present.has(key)) wrong.push(`${key}: nothing for ${String(count)}`)
  if (wrong.length === 0) return
  const moment = when === 'end' ? 'the end of its input' : `checkpoint ${String(when)}`
  const message = `the state of ${attemptName(event)} at ${moment} has other counts than its records make (${wrong.join(', ')})`
  state.findings.push(broken('snapshot-is-a-view', message, [event.seq], 'inconsistent-cut'))
}
