import type { EventOf, HistoryEvent, HistoryHeader, RecordId } from '../history/index.js'
import {
  beginAttempt,
  copyEmitted,
  createLane,
  type EmittedLog,
  emptyEmittedLog,
  endAttempts,
  findMark,
  forgetAttempts,
  type Lane,
  markOf,
  setAside,
  takeUp,
  truncateLane,
} from './lane.js'
import { noteApplied, noteEmitted, noteIn, notePassed, noteUsed, noteWritten } from './lane-notes.js'
import { flushFinding } from './flushes.js'
import { operatorsByTask } from './operator-shapes.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding } from './oracle.js'
import { addToSum } from './record-sum.js'
import { createWithdrawn, type RecordEvent, withdraw, withdrawEvent, type Withdrawn } from './withdrawn.js'
import type { Steps } from './steps.js'

/**
 * The surviving timeline: what the job did, less what every recovery took back.
 *
 * A restore rolls the lane of that subtask back to the snapshot it was restored from. A failover of one region therefore leaves
 * the lanes of the other regions alone, a start without a checkpoint empties a lane, and a new job rolls every lane back, also
 * those of subtasks it no longer has. What an attempt does after its successor was initialised is not counted.
 */
export interface Timeline {
  readonly vertices: Map<string, VertexLanes>
  /** Operators by the task they run in. */
  readonly tasks: Map<string, string[]>
  readonly job: JobEpoch
  /** The checkpoint most recently chosen for a restore in this job; undefined for an empty start. */
  chosen: number | undefined
  /** A new job was created and nothing of it has been seen yet: the first sign of life rolls everything back. */
  awaitsRollback: boolean
  /** Records whose path ended on purpose: filtered, late, in a window still open at the end, unmatched in a join. */
  readonly ended: Set<RecordId>
  /** Records that recoveries took back and that therefore are processed again. */
  replayed: number
  /** `seq` of the newest loss of a process, or suspension of the job: tasks go on behind it until they notice; 0 when there was none. */
  lost: number
  /**
   * `seq` of what attempts did whose successor was initialised already, but for those that were lost, and of what they did after they had
   * closed.
   */
  readonly fenced: number[]
  readonly afterClose: number[]
  /** Flushes of buffering sinks that did not hold what had been written. */
  readonly wrongFlushes: Finding[]
}

/** The lanes of one operator. */
export interface VertexLanes {
  readonly name: string
  readonly lanes: Lane[]
  /** It emits identities of its own (or is a source). */
  emits: boolean
  /** It keeps state that absorbs records: what it emits is then no sign of what arrived. */
  readonly stateful: boolean
  /** Records whose path ended there on purpose. */
  readonly ended: Set<RecordId>
  /** Records that ended under some of the keys under which it absorbed them, with these keys: in one of the windows that hold them. */
  readonly endedUnder: Map<RecordId, Set<string>>
  /** It has taken a snapshot: without any, a restore cannot say what was taken back. */
  marked: boolean
  /** What a source emitted and a recovery took back; the same records come again under the same identities. */
  readonly takenBack: EmittedLog
  /** Whatever its subtasks did that does not count. */
  readonly withdrawn: Withdrawn
}

/** A timeline before the first event; the operators of the header come first, in its order. */
export function createTimeline(header: HistoryHeader): Timeline {
  const vertices = new Map<string, VertexLanes>()
  for (const operator of header.operators) {
    vertices.set(operator.name, createVertex(operator.name, operator.role === 'source', operator.stateful === true))
  }
  return {
    vertices,
    tasks: operatorsByTask(header),
    job: createJobEpoch(),
    chosen: undefined,
    awaitsRollback: false,
    ended: new Set(),
    replayed: 0,
    lost: 0,
    fenced: [],
    afterClose: [],
    wrongFlushes: [],
  }
}

function createVertex(name: string, emits: boolean, stateful: boolean): VertexLanes {
  return {
    name,
    lanes: [],
    emits,
    stateful,
    ended: new Set(),
    endedUnder: new Map(),
    marked: false,
    takenBack: emptyEmittedLog(),
    withdrawn: createWithdrawn(),
  }
}

/** The operator's lanes; an operator the header does not know gets some, too. */
export function lanesOf(timeline: Timeline, vertex: string): VertexLanes {
  let found = timeline.vertices.get(vertex)
  if (found === undefined) {
    found = createVertex(vertex, false, false)
    timeline.vertices.set(vertex, found)
  }
  return found
}

/** The lane of a subtask. */
export function laneOf(vertex: VertexLanes, subtask: number): Lane {
  for (let next = vertex.lanes.length; next <= subtask; next++) vertex.lanes.push(createLane(vertex.name, next))
  const lane = vertex.lanes[subtask]
  if (lane === undefined) throw new RangeError(`subtask ${String(subtask)} of ${vertex.name} is not a subtask index`)
  return lane
}

/** What events change in it. */
export const TIMELINE_STEPS: Steps<Timeline> = {
  'source-emit': (timeline, event) => {
    const lane = admitRecord(timeline, event)
    if (lane !== undefined) noteEmitted(lane, event, event.split, event.offset, [])
  },
  emit: (timeline, event) => {
    const lane = admitRecord(timeline, event)
    if (lane === undefined) return
    noteEmitted(lane, event, '', -1, event.causes)
    noteEmission(lanesOf(timeline, event.vertex), lane, event)
  },
  'state-apply': (timeline, event) => {
    const lane = admitRecord(timeline, event)
    if (lane === undefined) return
    noteApplied(lane, event)
    noteIn(lane, event.id)
  },
  // Where there is no state, what is emitted tells what came in.
  process: (timeline, event) => {
    if (!lanesOf(timeline, event.vertex).stateful) return
    const lane = admitRecord(timeline, event)
    if (lane !== undefined) notePassed(lane, event)
  },
  'record-ended': (timeline, event) => {
    const lane = admitRecord(timeline, event)
    if (lane === undefined) return
    const vertex = lanesOf(timeline, event.vertex)
    // It had come in before, under this key and perhaps under others.
    if (event.key !== undefined) return noteEndedUnder(vertex, event.id, event.key)
    timeline.ended.add(event.id)
    vertex.ended.add(event.id)
    if (vertex.stateful) noteUsed(lane, event.id)
    notePassed(lane, event)
  },
  'sink-write': (timeline, event) => {
    const lane = admitRecord(timeline, event)
    if (lane === undefined) return
    noteWritten(lane, event)
    addToSum(lane.in, event.id)
    lane.lastIn = event.id
  },
  'sink-flush': stepFlush,
  'snapshot-taken': stepSnapshot,
  restore: stepRestore,
  'restore-chosen': (timeline, { checkpoint }) => {
    timeline.chosen = checkpoint
  },
  'end-of-input': (timeline, event) => {
    if (admit(timeline, event) !== undefined) laneOf(lanesOf(timeline, event.vertex), event.subtask).ended = true
  },
  closed: (timeline, { vertex, subtask, attempt }) => {
    laneOf(lanesOf(timeline, vertex), subtask).closed = attempt
  },
  'task-status': (timeline, event) => {
    if (event.status === 'FINISHED') stepFinished(timeline, event)
  },
  fault: (timeline, { fault, seq }) => {
    if (fault === 'taskmanager-shutdown') timeline.lost = seq
  },
  'process-crashed': (timeline, { seq }) => {
    timeline.lost = seq
  },
  'job-status': (timeline, event) => {
    if (event.status === 'SUSPENDED') timeline.lost = event.seq
    if (!createsJob(timeline.job, event)) return
    timeline.awaitsRollback = timeline.job.number > 1
    timeline.chosen = undefined
  },
}

/** The lane in which a record counts; one of an attempt that has been superseded is set aside. */
function admitRecord(timeline: Timeline, event: RecordEvent): Lane | undefined {
  const lane = admit(timeline, event)
  if (lane === undefined) withdrawEvent(event, lanesOf(timeline, event.vertex).withdrawn)
  return lane
}

function noteEndedUnder({ endedUnder }: VertexLanes, id: RecordId, key: string): void {
  const keys = endedUnder.get(id)
  if (keys === undefined) endedUnder.set(id, new Set([key]))
  else keys.add(key)
}

/** What an emission was made of: an operator without state took it in just now, one with state had absorbed it before. */
function noteEmission(vertex: VertexLanes, lane: Lane, event: EventOf<'emit'>): void {
  vertex.emits = true
  for (const cause of event.causes) {
    if (cause === lane.lastHeld) continue
    if (vertex.stateful) noteUsed(lane, cause)
    else if (lane.lastIn !== cause) {
      lane.lastIn = cause
      lane.passed.ids.push(cause)
      lane.passed.seqs.push(event.seq)
      addToSum(lane.in, cause)
    }
  }
}

/** The lane an event counts in; none when the attempt has been superseded. What is read of events of many kinds is read once. */
function admit(timeline: Timeline, { vertex, subtask, attempt, seq }: Extract<HistoryEvent, { attempt: number }>): Lane | undefined {
  const lane = laneOf(lanesOf(timeline, vertex), subtask)
  if (lane.closed === attempt) timeline.afterClose.push(seq)
  if (attempt === lane.attempt && !timeline.awaitsRollback) return lane
  if (timeline.awaitsRollback) rollBackAll(timeline, timeline.chosen)
  else if (attempt < lane.attempt || attempt <= lane.gone) {
    if (!lane.outlived.includes(attempt)) timeline.fenced.push(seq)
    return undefined
  } else if (lane.attempt >= 0) rollBack(timeline, lane, timeline.chosen)
  begin(timeline, lane, attempt, seq)
  return lane
}

/** A new attempt: the buffer of its sink is empty, unless it may have been in a snapshot. */
function begin(timeline: Timeline, lane: Lane, attempt: number, seq: number): void {
  beginAttempt(lane, attempt, seq, timeline.lost)
  lane.flushed = lanesOf(timeline, lane.vertex).marked ? -1 : lane.written.ids.length
}

function stepFlush(timeline: Timeline, event: EventOf<'sink-flush'>): void {
  const lane = admit(timeline, event)
  if (lane === undefined) return
  const finding = lane.flushed < 0 ? undefined : flushFinding(lane, event)
  if (finding !== undefined) timeline.wrongFlushes.push(finding)
  lane.flushed = lane.written.ids.length
}

function stepSnapshot(timeline: Timeline, event: EventOf<'snapshot-taken'>): void {
  const lane = admit(timeline, event)
  if (lane === undefined) return
  lanesOf(timeline, event.vertex).marked = true
  const last = lane.marks.at(-1)
  if (last === undefined || last.checkpoint < event.checkpoint) lane.marks.push(markOf(lane, event.checkpoint, event.seq))
}

function stepRestore(timeline: Timeline, event: EventOf<'restore'>): void {
  if (event.checkpoint !== undefined) timeline.chosen = event.checkpoint
  if (timeline.awaitsRollback) rollBackAll(timeline, timeline.chosen)
  const lane = laneOf(lanesOf(timeline, event.vertex), event.subtask)
  if (event.attempt < lane.attempt || event.attempt <= lane.restored || event.attempt <= lane.gone) return
  if (event.attempt > lane.attempt && lane.attempt >= 0) rollBack(timeline, lane, timeline.chosen)
  if (event.attempt > lane.attempt) begin(timeline, lane, event.attempt, event.seq)
  lane.restored = event.attempt
  if (event.parallelism !== undefined) endLanes(timeline, event.vertex, event.parallelism)
}

/** An operator goes on with fewer subtasks: what the others did since the checkpoint is taken back as well, and they are over. */
function endLanes(timeline: Timeline, vertex: string, parallelism: number): void {
  for (const lane of lanesOf(timeline, vertex).lanes) {
    if (lane.subtask < parallelism || lane.attempt < 0) continue
    rollBack(timeline, lane, timeline.chosen)
    endAttempts(lane, timeline.lost)
  }
}

/** A finished task ends the lanes of all operators that are chained in it. */
function stepFinished(timeline: Timeline, event: EventOf<'task-status'>): void {
  for (const operator of timeline.tasks.get(event.vertex) ?? []) {
    const lane = timeline.vertices.get(operator)?.lanes[event.subtask]
    if (lane?.attempt === event.attempt) lane.ended = true
  }
}

/** A new job: every lane of the old one ends at the restored snapshot, and attempts count from 0 again. */
function rollBackAll(timeline: Timeline, checkpoint: number | undefined): void {
  timeline.awaitsRollback = false
  for (const vertex of timeline.vertices.values()) {
    for (const lane of vertex.lanes) {
      rollBack(timeline, lane, checkpoint)
      beginAgain(lane, checkpoint)
      forgetAttempts(lane)
    }
  }
}

/** A lane that had ended before the checkpoint goes on in the new job: that is where its attempts return to. */
function beginAgain(lane: Lane, checkpoint: number | undefined): void {
  if (!lane.ended) return
  lane.ended = false
  if (checkpoint !== undefined && findMark(lane, checkpoint) === undefined)
    lane.marks.push(markOf(lane, checkpoint, lane.marks.at(-1)?.seq ?? 0))
}

function rollBack(timeline: Timeline, lane: Lane, checkpoint: number | undefined): void {
  if (checkpoint !== undefined && findMark(lane, checkpoint) === undefined) returnToBranch(timeline, lane, checkpoint)
  const mark = checkpoint === undefined ? undefined : placeToReturnTo(timeline, lane, checkpoint)
  if (mark === 'all') return
  takeBackSourceRecords(timeline, lane, mark?.emitted ?? 0)
  setAside(lane, mark)
  withdraw(lane, mark, lanesOf(timeline, lane.vertex).withdrawn)
  truncateLane(lane, mark)
}

/**
 * The restored checkpoint lies on a branch that an earlier recovery had taken back: it was stored although nobody knew (Flink:
 * PossibleInconsistentStateException), and a later JobManager found it. What was done since then is taken back, the branch counts again.
 */
function returnToBranch(timeline: Timeline, lane: Lane, checkpoint: number): void {
  const branch = lane.aside.get(checkpoint)
  if (branch === undefined) return
  const { emitted } = lane
  const { takenBack, withdrawn } = lanesOf(timeline, lane.vertex)
  const kept = new Set(branch.emitted.ids)
  for (let at = 0; at < emitted.splits.length; at++) {
    if (kept.has(emitted.ids[at] ?? 0) || emitted.splits[at] === '') continue
    copyEmitted(emitted, at, takenBack)
    timeline.replayed++
  }
  withdraw(lane, undefined, withdrawn)
  withdrawn.twice = true
  takeUp(lane, branch)
}

/** Only sources tell splits: what other operators emitted is made again from these records. */
function takeBackSourceRecords(timeline: Timeline, lane: Lane, from: number): void {
  const { emitted } = lane
  const { takenBack } = lanesOf(timeline, lane.vertex)
  for (let at = from; at < emitted.splits.length; at++) {
    if (emitted.splits[at] === '') continue
    copyEmitted(emitted, at, takenBack)
    timeline.replayed++
  }
}

/** A lane that has ended takes no further snapshots, and one of an operator without snapshots cannot tell: both stay whole. */
function placeToReturnTo(timeline: Timeline, lane: Lane, checkpoint: number): ReturnType<typeof findMark> | 'all' {
  if (!lanesOf(timeline, lane.vertex).marked) return 'all'
  const mark = findMark(lane, checkpoint)
  if (mark !== undefined) return mark
  const last = lane.marks.findLast((each) => each.checkpoint < checkpoint)
  return lane.ended && last === lane.marks.at(-1) ? 'all' : last
}
