import type { RecordId } from '../history/index.js'
import { addToSum, copySum, emptySum, type RecordSum, resetSum } from './record-sum.js'

/**
 * A lane is what one subtask of one operator did, in order, over all its attempts, as far as it still counts. A snapshot marks
 * a place in it; restoring that snapshot in a later attempt rolls the lane back to the mark.
 */
export interface Lane {
  readonly vertex: string
  readonly subtask: number
  /** Newest attempt seen in the current job; -1 before the first. */
  attempt: number
  /** `seq` of the begin of that attempt; 0 before the first. */
  begun: number
  /**
   * Attempts of the current job that were given up because their process or their JobManager was lost: they may go on until they notice.
   */
  readonly outlived: number[]
  /** Newest attempt of the current job whose restore was seen; -1 before the first. */
  restored: number
  /** Newest attempt of the current job that closed in an orderly way; -1 before the first. */
  closed: number
  /** Newest attempt of before the current job went on without this subtask; -1 where it has not. */
  gone: number
  /** The subtask saw the end of its input, or finished: it takes no further snapshots and its whole lane counts. */
  ended: boolean
  readonly emitted: EmittedLog
  readonly applied: AppliedLog
  readonly written: WrittenLog
  /** How much of `written` a buffering sink has handed to the outside. */
  flushed: number
  /** What arrived and went on under another identity, or ended on purpose. */
  readonly passed: RecordLog
  /** Sum of the records that left the operator, and of those that arrived and stayed (absorbed, written, transformed or ended there). */
  readonly out: RecordSum
  readonly in: RecordSum
  /** Parts of `out` that did not go to every consumer. */
  routes: Route[]
  /** The last record emitted for nobody: copies of it follow. */
  lastHeld: RecordId | undefined
  /** Sum of what an operator with state made its emissions of. */
  readonly used: RecordSum
  lastUsed: RecordId | undefined
  /** The last record added to `in`: a record absorbed under several keys (sliding windows) counts once. */
  lastIn: RecordId | undefined
  /** Snapshots that still count, ascending by checkpoint. */
  readonly marks: Mark[]
  /** What was taken back behind a snapshot, by its checkpoint: one whose store answer was lost may still be restored later. */
  readonly aside: Map<number, Branch>
}

/** What a lane held when it was rolled back; never changed. */
export type Branch = Pick<Lane, 'emitted' | 'applied' | 'written' | 'passed' | 'marks'>

/** Identities and the `seq` of their events. */
export interface RecordLog {
  readonly ids: RecordId[]
  readonly seqs: number[]
}

/**
 * Records emitted, with what they were made of and who gets them (undefined: every consumer). Those that a source took in have a split
 * and an offset; the others have '' and -1.
 */
export interface EmittedLog extends RecordLog {
  readonly splits: string[]
  readonly offsets: number[]
  readonly causes: (readonly RecordId[])[]
  readonly to: (readonly string[] | undefined)[]
}

/** Sum of the records that left an operator for some of its consumers only. */
export interface Route {
  readonly to: readonly string[]
  readonly sum: RecordSum
}

/** Records absorbed in keyed state; a count of -1 is unknown. */
export interface AppliedLog extends RecordLog {
  readonly keys: string[]
  readonly counts: number[]
}

/** Records handed to a sink's writer; '' for no key and for no transaction, a count of -1 is unknown. */
export interface WrittenLog extends RecordLog {
  readonly keys: string[]
  readonly counts: number[]
  readonly transactions: string[]
}

/** How far a lane had come when it took the snapshot of a checkpoint. */
export interface Mark {
  readonly checkpoint: number
  readonly seq: number
  readonly attempt: number
  readonly emitted: number
  readonly applied: number
  readonly written: number
  readonly passed: number
  readonly out: RecordSum
  readonly in: RecordSum
  readonly routes: readonly Route[]
  readonly used: RecordSum
}

/** A lane that nothing happened in yet. */
export function createLane(vertex: string, subtask: number): Lane {
  return {
    vertex,
    subtask,
    attempt: -1,
    begun: 0,
    outlived: [],
    restored: -1,
    closed: -1,
    gone: -1,
    ended: false,
    emitted: emptyEmittedLog(),
    applied: { ids: [], seqs: [], keys: [], counts: [] },
    written: { ids: [], seqs: [], keys: [], counts: [], transactions: [] },
    flushed: 0,
    passed: { ids: [], seqs: [] },
    out: emptySum(),
    in: emptySum(),
    routes: [],
    lastHeld: undefined,
    used: emptySum(),
    lastUsed: undefined,
    lastIn: undefined,
    marks: [],
    aside: new Map(),
  }
}

/** A log without records. */
export function emptyEmittedLog(): EmittedLog {
  return { ids: [], seqs: [], splits: [], offsets: [], causes: [], to: [] }
}

/** A new attempt begins; the one before was given up without its doing, if something was lost (`lost`, a `seq`) since that began. */
export function beginAttempt(lane: Lane, attempt: number, seq: number, lost: number): void {
  if (lane.attempt >= 0 && lost > lane.begun) lane.outlived.push(lane.attempt)
  lane.attempt = attempt
  lane.begun = seq
}

/**
 * The job goes on without this subtask; its attempt was given up without its doing, if something was lost (`lost`, a `seq`) since that
 * began.
 */
export function endAttempts(lane: Lane, lost: number): void {
  if (lost > lane.begun) lane.outlived.push(lane.attempt)
  lane.gone = lane.attempt
  lane.attempt = -1
}

/** The attempts of a new job count from 0 again. */
export function forgetAttempts(lane: Lane): void {
  lane.attempt = -1
  lane.restored = -1
  lane.closed = -1
  lane.gone = -1
  lane.outlived.length = 0
}

/** Notes a record that goes to some consumers only. */
export function addToRoute(lane: Lane, to: readonly string[], id: RecordId): void {
  const known = lane.routes.find(
    (route) => route.to === to || (route.to.length === to.length && route.to.every((name, i) => name === to[i])),
  )
  const route = known ?? { to, sum: emptySum() }
  if (known === undefined) lane.routes.push(route)
  addToSum(route.sum, id)
}

function copyRoutes(routes: readonly Route[]): Route[] {
  return routes.map(({ to, sum }) => ({ to, sum: copySum(sum) }))
}

/** Appends one entry of a source's log to another, unless it is no record that the source took in. */
export function copyEmitted(from: EmittedLog, at: number, to: EmittedLog): void {
  if ((from.splits[at] ?? '') === '') return
  to.ids.push(from.ids[at] ?? 0)
  to.seqs.push(from.seqs[at] ?? 0)
  to.splits.push(from.splits[at] ?? '')
  to.offsets.push(from.offsets[at] ?? 0)
  to.causes.push([])
  to.to.push(undefined)
}

/** The lane as it is now, as a mark for a checkpoint. */
export function markOf(lane: Lane, checkpoint: number, seq: number): Mark {
  return {
    checkpoint,
    seq,
    attempt: lane.attempt,
    emitted: lane.emitted.ids.length,
    applied: lane.applied.ids.length,
    written: lane.written.ids.length,
    passed: lane.passed.ids.length,
    out: copySum(lane.out),
    in: copySum(lane.in),
    routes: copyRoutes(lane.routes),
    used: copySum(lane.used),
  }
}

/** The mark of a checkpoint, if the lane took its snapshot and the snapshot still counts. */
export function findMark(lane: Lane, checkpoint: number): Mark | undefined {
  for (let at = lane.marks.length - 1; at >= 0; at--) {
    const mark = lane.marks[at]
    if (mark !== undefined && mark.checkpoint <= checkpoint) return mark.checkpoint === checkpoint ? mark : undefined
  }
  return undefined
}

/** Keeps what a roll-back to `mark` takes away, for each snapshot that goes with it. */
export function setAside(lane: Lane, mark: Mark | undefined): void {
  const dropped = lane.marks.filter(({ checkpoint }) => mark === undefined || checkpoint > mark.checkpoint)
  if (dropped.length === 0) return
  const { ids, seqs, splits, offsets, causes, to } = lane.emitted
  const { applied, written, passed } = lane
  const branch: Branch = {
    emitted: { ids: [...ids], seqs: [...seqs], splits: [...splits], offsets: [...offsets], causes: [...causes], to: [...to] },
    applied: { ids: [...applied.ids], seqs: [...applied.seqs], keys: [...applied.keys], counts: [...applied.counts] },
    written: {
      ids: [...written.ids],
      seqs: [...written.seqs],
      keys: [...written.keys],
      counts: [...written.counts],
      transactions: [...written.transactions],
    },
    passed: { ids: [...passed.ids], seqs: [...passed.seqs] },
    marks: [...lane.marks],
  }
  for (const { checkpoint } of dropped) lane.aside.set(checkpoint, branch)
}

/** Puts a branch in the place of what the lane holds now. */
export function takeUp(lane: Lane, branch: Branch): void {
  const { emitted, applied, written, passed, marks } = branch
  refill(lane.emitted.ids, emitted.ids)
  refill(lane.emitted.seqs, emitted.seqs)
  refill(lane.emitted.splits, emitted.splits)
  refill(lane.emitted.offsets, emitted.offsets)
  refill(lane.emitted.causes, emitted.causes)
  refill(lane.emitted.to, emitted.to)
  refill(lane.applied.ids, applied.ids)
  refill(lane.applied.seqs, applied.seqs)
  refill(lane.applied.keys, applied.keys)
  refill(lane.applied.counts, applied.counts)
  refill(lane.written.ids, written.ids)
  refill(lane.written.seqs, written.seqs)
  refill(lane.written.keys, written.keys)
  refill(lane.written.counts, written.counts)
  refill(lane.written.transactions, written.transactions)
  refill(lane.passed.ids, passed.ids)
  refill(lane.passed.seqs, passed.seqs)
  refill(lane.marks, marks)
}

function refill<T>(column: T[], from: readonly T[]): void {
  column.length = 0
  for (const entry of from) column.push(entry)
}

/** Forgets everything after `mark`; without a mark everything. */
export function truncateLane(lane: Lane, mark: Mark | undefined): void {
  const { emitted, applied, written, passed } = lane
  cut(mark?.emitted ?? 0, emitted.ids, emitted.seqs, emitted.splits, emitted.offsets, emitted.causes, emitted.to)
  cut(mark?.applied ?? 0, applied.ids, applied.seqs, applied.keys, applied.counts)
  cut(mark?.written ?? 0, written.ids, written.seqs, written.keys, written.counts, written.transactions)
  cut(mark?.passed ?? 0, passed.ids, passed.seqs)
  resetSum(lane.out, mark?.out)
  resetSum(lane.in, mark?.in)
  resetSum(lane.used, mark?.used)
  lane.routes = copyRoutes(mark?.routes ?? [])
  lane.lastHeld = undefined
  lane.lastUsed = undefined
  lane.lastIn = undefined
  lane.ended = false
  while (lane.marks.length > 0 && (mark === undefined || (lane.marks.at(-1)?.checkpoint ?? 0) > mark.checkpoint)) lane.marks.pop()
}

function cut(length: number, ...columns: unknown[][]): void {
  for (const column of columns) if (column.length > length) column.length = length
}
