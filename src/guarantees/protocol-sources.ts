import type { EventOf } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName } from './names.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * A reader's snapshot says where to go on: behind every record emitted before it, and not behind any emitted after it
 * (`SourceReader.snapshotState`). Within an attempt the offsets of a split only grow, from where the coordinator said.
 */
export interface SourceOffsets {
  readonly job: JobEpoch
  /** Sizes of splits (`vertex/split`), where known. */
  readonly sizes: Map<string, number>
  /** A recorded reader's offsets have no gaps, so that its snapshot stands exactly behind its newest record. */
  readonly gapless: boolean
  /** Newest assignment of each split (`vertex/split`) in the current job. */
  readonly assigned: Map<string, Assigned>
  /** What the current job begins with was chosen, and it has recovered since. */
  chosen: boolean
  recovered: boolean
  /** Per source and subtask. */
  readonly readers: Map<string, Reader[]>
  readonly findings: Finding[]
}

interface Reader {
  attempt: number
  readonly splits: Map<string, Position>
}

/** `next` is behind the newest record emitted, `promised` what the newest snapshot or restore said, with their `seq`. */
interface Position {
  next: number
  emitted: number
  promised: number
  promisedSeq: number
  /** The history tells where the reader began: `next` is known before the first record. */
  readonly told: boolean
  /** It was given the split and has emitted nothing of it yet. */
  added: boolean
  /** `seq` of when it was given the split or restored it; 0 where the history does not tell, and once the coordinator has it back. */
  held: number
}

interface Assigned {
  readonly subtask: number
  readonly offset: number
  readonly seq: number
}

/** Readers' snapshots stand between what they emitted before and after. */
export const sourceOffsets: Oracle<SourceOffsets> = {
  name: 'source-offsets',
  init: (header) => ({
    job: createJobEpoch(),
    sizes: new Map(header.splits?.map(({ vertex, split, records, size = records }) => [`${vertex}/${split}`, size])),
    gapless: header.origin === 'recorded',
    assigned: new Map(),
    chosen: false,
    recovered: false,
    readers: new Map(),
    findings: [],
  }),
  step: {
    'source-emit': stepEmit,
    'snapshot-taken': (state, event) => {
      if (event.content?.offsets !== undefined) stepSnapshot(state, event, event.content.offsets)
    },
    'split-assigned': (state, { vertex, subtask, split, offset, seq }) => {
      if (offset !== undefined) state.assigned.set(`${vertex}/${split}`, { subtask, offset, seq })
    },
    'split-added': stepAdded,
    'split-returned': (state, { vertex, subtask, split }) => {
      const position = state.readers.get(vertex)?.[subtask]?.splits.get(split)
      if (position !== undefined) position.held = 0
    },
    'restore-chosen': (state) => {
      state.recovered ||= state.chosen
      state.chosen = true
    },
    restore: (state, event) => {
      if (state.readers.has(event.vertex) || event.content?.offsets !== undefined) stepRestore(state, event)
    },
    'job-status': (state, event) => {
      if (event.status === 'RESTARTING' || event.status === 'SUSPENDED') state.recovered = true
      if (!createsJob(state.job, event)) return
      state.chosen = false
      state.recovered = false
      state.readers.clear()
      state.assigned.clear()
    },
  },
  verdict: (state) => ruleVerdict(state.findings),
}

type Offsets = readonly (readonly [split: string, next: number])[]

function readerOf(
  state: SourceOffsets,
  { vertex, subtask, attempt }: { vertex: string; subtask: number; attempt: number },
): Reader | undefined {
  let readers = state.readers.get(vertex)
  if (readers === undefined) state.readers.set(vertex, (readers = []))
  for (let next = readers.length; next <= subtask; next++) readers.push({ attempt: -1, splits: new Map() })
  const reader = readers[subtask]
  if (reader === undefined || attempt < reader.attempt) return undefined
  if (attempt > reader.attempt) {
    reader.attempt = attempt
    reader.splits.clear()
  }
  return reader
}

function stepEmit(state: SourceOffsets, event: EventOf<'source-emit'>): void {
  const reader = readerOf(state, event)
  if (reader === undefined) return
  const { split, offset, seq } = event
  const position = reader.splits.get(split)
  if (position === undefined) {
    reader.splits.set(split, { next: offset + 1, emitted: seq, promised: 0, promisedSeq: 0, told: false, added: false, held: 0 })
    checkBegin(state, event)
    return
  }
  if (offset !== position.next || offset < position.promised) checkOffset(state, event, position)
  position.next = offset + 1
  position.emitted = seq
  position.added = false
}

/** A reader that the history does not show being given its splits begins at or (a log with gaps) behind where the coordinator said. */
function checkBegin(state: SourceOffsets, event: EventOf<'source-emit'>): void {
  const assigned = state.assigned.get(`${event.vertex}/${event.split}`)
  if (assigned?.subtask !== event.subtask || event.offset >= assigned.offset) return
  const message = `${attemptName(event)} emitted ${event.split}:${String(event.offset)} although the split was assigned from ${String(assigned.offset)} on`
  state.findings.push(broken('begins-where-assigned', message, [assigned.seq, event.seq]))
}

function checkOffset(state: SourceOffsets, event: EventOf<'source-emit'>, position: Position): void {
  const { split, offset, seq } = event
  const who = `${attemptName(event)} emitted ${split}:${String(offset)}`
  if (position.added && (offset < position.next || state.gapless)) {
    const message = `${who} first although it was to begin at ${String(position.next)}`
    state.findings.push(broken('begins-where-assigned', message, [position.emitted, seq]))
  } else if (offset < position.promised) {
    const message = `${who} although its snapshot or restore stood at ${String(position.promised)} already`
    state.findings.push(broken('offset-not-ahead', message, [position.promisedSeq, seq]))
  } else if (offset < position.next) {
    state.findings.push(broken('offsets-increase', `${who} after ${split}:${String(position.next - 1)}`, [position.emitted, seq]))
  } else if (state.gapless && position.told) {
    const message = `${who} although ${split}:${String(position.next)} was next`
    state.findings.push(broken('offsets-without-gaps', message, [position.emitted, seq]))
  }
}

/** The reader received a split: from where the coordinator assigned it, and its first record is the one there. */
function stepAdded(state: SourceOffsets, event: EventOf<'split-added'>): void {
  const { vertex, subtask, split, offset, seq } = event
  const assigned = state.assigned.get(`${vertex}/${split}`)
  if (assigned !== undefined && (assigned.subtask !== subtask || assigned.offset !== offset)) {
    const message = `${attemptName(event)} got split ${split} at ${String(offset)}, which was assigned to ${String(assigned.subtask)} at ${String(assigned.offset)}`
    state.findings.push(broken('begins-where-assigned', message, [assigned.seq, seq]))
  }
  const reader = readerOf(state, event)
  if (reader === undefined) return
  checkHolder(state, event, reader)
  reader.splits.set(split, { next: offset, emitted: seq, promised: offset, promisedSeq: seq, told: true, added: true, held: seq })
}

/**
 * A split belongs to one reader until the coordinator has it back (`SplitAssignmentTracker`). After a recovery only the reader itself
 * is asked: others may have been given up, and go on until they notice.
 */
function checkHolder(state: SourceOffsets, event: EventOf<'split-added'>, to: Reader): void {
  const { vertex, split, seq } = event
  for (const reader of state.recovered ? [to] : (state.readers.get(vertex) ?? [])) {
    const held = reader.splits.get(split)?.held ?? 0
    if (held === 0) continue
    const whose = reader === to ? 'it holds already' : 'another reader holds'
    state.findings.push(broken('split-has-one-reader', `${attemptName(event)} got split ${split}, which ${whose}`, [held, seq]))
  }
}

function stepSnapshot(state: SourceOffsets, event: EventOf<'snapshot-taken'>, offsets: Offsets): void {
  const reader = readerOf(state, event)
  if (reader === undefined) return
  for (const [split, next] of offsets) {
    const position = reader.splits.get(split)
    const size = state.sizes.get(`${event.vertex}/${split}`) ?? Infinity
    if (next > size || (state.gapless && position !== undefined && next > position.next)) {
      const message = `${attemptName(event)} put offset ${String(next)} of split ${split} into checkpoint ${String(event.checkpoint)}, where it has not come yet`
      state.findings.push(broken('offset-not-ahead', message, [position?.emitted ?? 0, event.seq]))
    }
    if (position === undefined) continue
    if (next < position.next) {
      const message = `${attemptName(event)} put offset ${String(next)} of split ${split} into checkpoint ${String(event.checkpoint)} after emitting up to ${String(position.next - 1)}`
      state.findings.push(broken('offset-covers-emitted', message, [position.emitted, event.seq]))
    }
    position.promised = Math.max(position.promised, next)
    position.promisedSeq = event.seq
  }
}

function stepRestore(state: SourceOffsets, event: EventOf<'restore'>): void {
  const reader = readerOf(state, event)
  // One that begins within the attempt of another takes its place, and that one holds nothing any more (`HybridSourceReader`).
  for (const position of reader?.splits.values() ?? []) position.held = 0
  for (const [split, next] of event.content?.offsets ?? []) {
    reader?.splits.set(split, {
      next,
      emitted: event.seq,
      promised: next,
      promisedSeq: event.seq,
      told: true,
      added: false,
      held: event.seq,
    })
  }
}
