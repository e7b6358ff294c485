import type { EventOf, SnapshotContent } from '../history/index.js'
import {
  createFinishedSubtasks,
  finishedBefore,
  type FinishedSubtasks,
  forgetFinished,
  noteFinished,
  notePlan,
  noteRunsAgain,
} from './finished-subtasks.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import { operatorsByTask } from './operator-shapes.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName, subtaskName } from './names.js'
import { changedBy, type Parallelisms } from './parallelism-changes.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { differingKeys, foreignKeys } from './values-by-key.js'

/**
 * What an operator reads when it is restored is what the snapshots of that checkpoint held: per subtask within a job; over all subtasks
 * when a new job starts from it, or an adaptive scheduler goes on with another parallelism, for it may differ (invariant I80). Then nothing
 * is missing, and nothing is given twice but broadcast state, of which one copy is as good as another (I90, I91).
 */
export interface RestoredContents {
  readonly job: JobEpoch
  /** Contents by checkpoint and operator; those of the job before are kept until the new job takes a snapshot of its own. */
  readonly stored: Map<number, StoredCheckpoint>
  /** Operators by task, and since when each subtask of the current job has ended. */
  readonly tasks: Map<string, string[]>
  readonly ended: Map<string, number>
  readonly finished: FinishedSubtasks
  /** Checkpoints of which snapshots were taken, by subtask of the operator. */
  readonly taken: Map<string, Set<number>>
  readonly parallelisms: Parallelisms
  /** When the parallelism of an operator changed last within the job, `seq`: checkpoints from before are restored as a whole. */
  readonly rescaled: Map<string, number>
  /**
   * What attempt 0 of the current job was restored from, and the first one at another parallelism; compared as a whole, and again by later
   * attempts before a first checkpoint.
   */
  readonly started: Map<string, Started>
  /** Subtasks of the current job that were deployed: whether they have opened this operator yet. Until then it is not whole. */
  readonly opened: Map<string, Map<number, boolean>>
  readonly findings: Finding[]
}

/** Contents of one checkpoint, per operator and subtask; a job that uses the id again takes the place of the one before. */
interface StoredCheckpoint {
  readonly job: number
  readonly operators: Map<string, (Stored | undefined)[]>
}

interface Stored {
  readonly content: SnapshotContent
  readonly seq: number
  /** The subtask had finished and takes part with its last snapshot: at another parallelism nobody restores that. */
  readonly finished: boolean
}

interface Started {
  readonly checkpoint: number
  /** Where this is no new job, but one that goes on with so many subtasks. */
  readonly parallelism: number | undefined
  readonly contents: { readonly subtask: number; readonly content: SnapshotContent; readonly seq: number }[]
}

/** Restored contents are the stored ones. */
export const restoredContents: Oracle<RestoredContents> = {
  name: 'restored-contents',
  init: (header) => ({
    job: createJobEpoch(),
    tasks: operatorsByTask(header),
    stored: new Map(),
    ended: new Map(),
    finished: createFinishedSubtasks(header),
    taken: new Map(),
    parallelisms: new Map(),
    rescaled: new Map(),
    started: new Map(),
    opened: new Map(),
    findings: [],
  }),
  step: {
    'job-status': (state, event) => {
      if (!createsJob(state.job, event)) return
      state.findings.push(...incompleteStarts(state))
      state.started.clear()
      state.opened.clear()
      state.ended.clear()
      forgetFinished(state.finished)
      state.taken.clear()
      state.parallelisms.clear()
      state.rescaled.clear()
    },
    'end-of-input': (state, event) => {
      noteEnd(state, event.vertex, event)
    },
    'task-status': (state, event) => {
      if (event.status !== 'FINISHED' && event.status !== 'INITIALIZING') return
      for (const vertex of state.tasks.get(event.vertex) ?? []) {
        if (event.status === 'FINISHED') noteTaskEnd(state, vertex, event)
        else noteOpened(state, vertex, event.subtask, false)
      }
    },
    'checkpoint-triggered': (state, event) => {
      notePlan(state.finished, event)
    },
    'snapshot-taken': (state, event) => {
      noteTaken(state, event)
      if (event.content !== undefined) store(state, event, event.content)
    },
    'snapshot-durable': (state, event) => {
      if (event.content !== undefined) store(state, event, event.content)
    },
    restore: (state, event) => {
      noteOpened(state, event.vertex, event.subtask, true)
      noteParallelism(state, event)
      if (event.checkpoint !== undefined && event.content !== undefined) stepRestore(state, event, event.checkpoint, event.content)
    },
  },
  verdict: (state) => ruleVerdict([...state.findings, ...incompleteStarts(state)]),
}

type Snapshot = EventOf<'snapshot-taken' | 'snapshot-durable'>

function store(state: RestoredContents, event: Snapshot, content: SnapshotContent): void {
  let checkpoint = state.stored.get(event.checkpoint)
  if (checkpoint?.job !== state.job.number) {
    checkpoint = { job: state.job.number, operators: new Map() }
    state.stored.set(event.checkpoint, checkpoint)
  }
  let subtasks = checkpoint.operators.get(event.vertex)
  if (subtasks === undefined) checkpoint.operators.set(event.vertex, (subtasks = []))
  for (let next = subtasks.length; next < event.subtask; next++) subtasks.push(undefined)
  const name = subtaskName(event.vertex, event.subtask)
  const finished = state.ended.has(name) && state.taken.get(name)?.has(event.checkpoint) !== true
  subtasks[event.subtask] = { content, seq: event.seq, finished }
}

function noteTaken({ taken }: RestoredContents, { vertex, subtask, checkpoint }: Snapshot): void {
  const name = subtaskName(vertex, subtask)
  const checkpoints = taken.get(name)
  if (checkpoints === undefined) taken.set(name, new Set([checkpoint]))
  else checkpoints.add(checkpoint)
}

function noteEnd(state: RestoredContents, vertex: string, { subtask, seq }: { subtask: number; seq: number }): void {
  const name = subtaskName(vertex, subtask)
  if (!state.ended.has(name)) state.ended.set(name, seq)
}

function noteTaskEnd(state: RestoredContents, vertex: string, event: { subtask: number; seq: number }): void {
  noteEnd(state, vertex, event)
  noteFinished(state.finished, vertex, event)
}

function noteOpened({ opened, finished }: RestoredContents, vertex: string, subtask: number, open: boolean): void {
  noteRunsAgain(finished, vertex, subtask)
  let subtasks = opened.get(vertex)
  if (subtasks === undefined) opened.set(vertex, (subtasks = new Map<number, boolean>()))
  if (open || !subtasks.has(subtask)) subtasks.set(subtask, open)
}

/**
 * What a subtask of this job holds in a checkpoint: its snapshot of it; nothing, if its task had finished before, or its last snapshot
 * where that is kept (FLIP-147).
 */
function ownContent(state: RestoredContents, vertex: string, subtask: number, checkpoint: number): Stored | undefined {
  const own = ofThisJob(state, checkpoint)?.operators.get(vertex)?.[subtask]
  if (own !== undefined || !state.ended.has(subtaskName(vertex, subtask))) return own
  const finishedAt = finishedBefore(state.finished, vertex, subtask, checkpoint)
  if (finishedAt !== undefined) return { content: NOTHING, seq: finishedAt, finished: true }
  let last: Stored | undefined
  for (const id of state.stored.keys()) {
    const found = id < checkpoint ? ofThisJob(state, id)?.operators.get(vertex)?.[subtask] : undefined
    if (found !== undefined && found.seq > (last?.seq ?? 0)) last = found
  }
  return last
}

const NOTHING: SnapshotContent = { offsets: [], counts: [], absorbed: [], committables: [] }

function ofThisJob(state: RestoredContents, checkpoint: number): StoredCheckpoint | undefined {
  const stored = state.stored.get(checkpoint)
  return stored?.job === state.job.number ? stored : undefined
}

/** What all subtasks of an operator held in a checkpoint of an earlier job, or of this one at another parallelism. */
function ofOtherSubtasks(state: RestoredContents, vertex: string, checkpoint: number): Stored[] {
  const stored = state.stored.get(checkpoint)
  const contents = stored?.operators.get(vertex)?.filter((each) => each !== undefined) ?? []
  const rescaled = state.rescaled.get(vertex) ?? 0
  return stored?.job !== state.job.number || contents.every(({ seq }) => seq < rescaled) ? contents : []
}

function noteParallelism(state: RestoredContents, event: EventOf<'restore'>): void {
  if (changedBy(state.parallelisms, event) === undefined) return
  const { vertex, seq } = event
  const started = state.started.get(vertex)
  if (started !== undefined) state.findings.push(...incompleteStart(state, vertex, started))
  state.started.delete(vertex)
  state.rescaled.set(vertex, seq)
}

function stepRestore(state: RestoredContents, event: EventOf<'restore'>, checkpoint: number, content: SnapshotContent): void {
  const { vertex, subtask, seq } = event
  const stored = ofOtherSubtasks(state, vertex, checkpoint)
  const own = stored.length > 0 ? undefined : ownContent(state, vertex, subtask, checkpoint)
  if (own !== undefined) {
    const wrong = [
      ...foreign(own.content, content),
      ...foreign(content, own.content).map((entry) => `without ${entry}`),
      ...differingKeys(own.content.values ?? [], content.values ?? []).map(valuesOf),
    ]
    report(state.findings, event, checkpoint, wrong, own.seq)
    return
  }
  if (stored.length === 0) return
  const known = merge(stored.map((each) => each.content))
  report(state.findings, event, checkpoint, [...foreign(known, content), ...foreignValues(known, content)], stored[0]?.seq ?? 0)
  const started = state.started.get(vertex)
  if (started === undefined) {
    const parallelism = state.rescaled.has(vertex) ? state.parallelisms.get(vertex) : undefined
    state.started.set(vertex, { checkpoint, parallelism, contents: [{ subtask, content, seq }] })
  } else if (started.checkpoint === checkpoint && !started.contents.some((each) => each.subtask === subtask)) {
    started.contents.push({ subtask, content, seq })
  }
}

function report(
  findings: Finding[],
  event: { vertex: string; subtask: number; attempt: number; seq: number },
  checkpoint: number,
  wrong: readonly string[],
  seq: number,
): void {
  if (wrong.length === 0) return
  const message = `${attemptName(event)} did not get what checkpoint ${String(checkpoint)} holds: ${wrong.join(', ')}`
  findings.push(broken('restored-as-stored', message, [seq, event.seq], 'unrestorable'))
}

/**
 * Over all subtasks of a new job, nothing of the snapshot may be missing, and nothing be given twice. A subtask that fails before it opens
 * the operator has yet to get its part.
 */
function incompleteStarts(state: RestoredContents): Finding[] {
  return [...state.started].flatMap(([vertex, started]) => incompleteStart(state, vertex, started))
}

function incompleteStart(state: RestoredContents, vertex: string, started: Started): Finding[] {
  const { checkpoint, contents, parallelism } = started
  const findings: Finding[] = []
  const owed = ofOtherSubtasks(state, vertex, checkpoint).filter((each) => !each.finished)
  const stored = owed.map((each) => withoutCopies(each.content))
  const restored = contents.map((each) => withoutCopies(each.content))
  const seqs = contents.map((each) => each.seq)
  const missing = isWhole(state, vertex, started) ? lacking(merge(restored), merge(stored)) : []
  const name = `checkpoint ${String(checkpoint)}`
  const whose = parallelism === undefined ? `the new job's ${vertex}` : `${vertex} at parallelism ${String(parallelism)}`
  if (missing.length > 0) {
    const message = `${whose} did not get all that ${name} holds, without ${missing.join(', ')}`
    findings.push(broken('restored-as-stored', message, seqs, 'unrestorable'))
  }
  const twice = givenTwice(restored)
  if (twice.length > 0) {
    const message = `several subtasks of ${whose} got the same of ${name}: ${twice.join(', ')}`
    findings.push(broken('restored-as-stored', message, seqs, 'unrestorable'))
  }
  return findings
}

/** All have got their part: in a new job all that began, in one that goes on as many as there are to be. */
function isWhole({ opened }: RestoredContents, vertex: string, { parallelism, contents }: Started): boolean {
  if (parallelism !== undefined) return contents.length === parallelism
  return [...(opened.get(vertex)?.values() ?? [])].every((open) => open)
}

/** What a content holds that no other subtask has a copy of. */
function withoutCopies(content: SnapshotContent): SnapshotContent {
  const { broadcast, counts, absorbed } = content
  if (broadcast === undefined) return content
  const copies = new Set(broadcast.absorbed)
  return {
    ...content,
    ...(counts && { counts: counts.filter(([key]) => key !== broadcast.counter) }),
    ...(absorbed && { absorbed: absorbed.filter((id) => !copies.has(id)) }),
  }
}

/** What is in more than one of the contents. Keyed state is told by its keys: in at-least-once mode a record may be in that of two. */
function givenTwice(contents: readonly SnapshotContent[]): string[] {
  const names = contents.map(
    ({ offsets = [], counts = [], values = [], committables = [] }) =>
      new Set([
        ...offsets.map(([split]) => `offset of ${split}`),
        ...counts.map(([key]) => `count of ${key}`),
        ...values.map(([key]) => valuesOf(key)),
        ...committables.map((name) => `committable ${name}`),
      ]),
  )
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const ofOne of names) {
    for (const name of ofOne) {
      if (seen.has(name)) twice.add(name)
      seen.add(name)
    }
  }
  return [...twice]
}

function merge(contents: readonly SnapshotContent[]): SnapshotContent {
  return {
    offsets: contents.flatMap((content) => content.offsets ?? []),
    counts: contents.flatMap((content) => content.counts ?? []),
    values: contents.flatMap((content) => content.values ?? []),
    absorbed: contents.flatMap((content) => content.absorbed ?? []),
    committables: contents.flatMap((content) => content.committables ?? []),
  }
}

/** What of a snapshot was not restored. */
function lacking(restored: SnapshotContent, stored: SnapshotContent): string[] {
  return [...foreign(restored, stored), ...foreignValues(restored, stored)]
}

/** A content that shows no values has none, as recordings have none at all. */
function foreignValues(known: SnapshotContent, given: SnapshotContent): string[] {
  return foreignKeys(known.values ?? [], given.values ?? []).map(valuesOf)
}

function valuesOf(key: string): string {
  return `values of ${key}`
}

/** What `given` has and `known` has not, or otherwise; values apart. A part that `known` does not show at all is not compared. */
function foreign(known: SnapshotContent, given: SnapshotContent): string[] {
  return [
    ...foreignPairs('offset', known.offsets, given.offsets),
    ...foreignPairs('count', known.counts, given.counts),
    ...foreignMembers('record', known.absorbed, given.absorbed),
    ...foreignMembers('committable', known.committables, given.committables),
  ]
}

type Pairs = readonly (readonly [string, number])[] | undefined

function foreignPairs(what: string, known: Pairs, given: Pairs): string[] {
  if (known === undefined || given === undefined || samePairs(known, given)) return []
  const values = new Map(known)
  return given.filter(([name, value]) => values.get(name) !== value).map(([name, value]) => `${what} ${name}=${String(value)}`)
}

function foreignMembers(
  what: string,
  known: readonly (number | string)[] | undefined,
  given: readonly (number | string)[] | undefined,
): string[] {
  if (known === undefined || given === undefined || sameMembers(known, given)) return []
  const members = new Set(known)
  return given.filter((member) => !members.has(member)).map((member) => `${what} ${String(member)}`)
}

/** Nearly always what was restored is what was stored, in the same order: then no set needs to be made of it. */
function samePairs(known: NonNullable<Pairs>, given: NonNullable<Pairs>): boolean {
  return known.length === given.length && known.every(([name, value], at) => given[at]?.[0] === name && given[at]?.[1] === value)
}

function sameMembers(known: readonly (number | string)[], given: readonly (number | string)[]): boolean {
  return known.length === given.length && known.every((member, at) => given[at] === member)
}
