import type { HistoryEvent } from '../history/index.js'
import { createJobEpoch, createsJob, type JobEpoch } from './job-epoch.js'
import type { Finding, Oracle } from './oracle.js'
import { attemptName, broken, ruleVerdict } from './protocol-rule.js'

/**
 * A reader's snapshot says where to go on: behind every record emitted before it, and not behind any emitted after it
 * (`SourceReader.snapshotState`). Within an attempt the offsets of a split only grow.
 */
export interface SourceOffsets {
  readonly job: JobEpoch
  /** Sizes of splits (`vertex/split`), where known. */
  readonly sizes: Map<string, number>
  /** A recorded reader's offsets have no gaps, so that its snapshot stands exactly behind its newest record. */
  readonly gapless: boolean
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
}

/** Readers' snapshots stand between what they emitted before and after. */
export const sourceOffsets: Oracle<SourceOffsets> = {
  name: 'source-offsets',
  kinds: ['source-emit', 'snapshot-taken', 'snapshot-durable', 'restore', 'job-status'],
  init: (header) => ({
    job: createJobEpoch(),
    sizes: new Map(header.splits?.map(({ vertex, split, records }) => [`${vertex}/${split}`, records])),
    gapless: header.origin === 'recorded',
    readers: new Map(),
    findings: [],
  }),
  step,
  verdict: (state) => ruleVerdict(state.findings),
}

function step(state: SourceOffsets, event: HistoryEvent): void {
  switch (event.kind) {
    case 'source-emit':
      stepEmit(state, event)
      return
    case 'snapshot-taken':
      if (event.content?.offsets !== undefined) stepSnapshot(state, event, event.content.offsets)
      return
    case 'restore':
      if (state.readers.has(event.vertex) || event.content?.offsets !== undefined) stepRestore(state, event)
      return
    case 'job-status':
      if (createsJob(state.job, event)) state.readers.clear()
      return
    default:
  }
}

type Offsets = readonly (readonly [split: string, next: number])[]

function readerOf(state: SourceOffsets, event: { vertex: string; subtask: number; attempt: number }): Reader | undefined {
  let readers = state.readers.get(event.vertex)
  if (readers === undefined) state.readers.set(event.vertex, (readers = []))
  for (let next = readers.length; next <= event.subtask; next++) readers.push({ attempt: -1, splits: new Map() })
  const reader = readers[event.subtask]
  if (reader === undefined || event.attempt < reader.attempt) return undefined
  if (event.attempt > reader.attempt) {
    reader.attempt = event.attempt
    reader.splits.clear()
  }
  return reader
}

function stepEmit(state: SourceOffsets, event: Extract<HistoryEvent, { kind: 'source-emit' }>): void {
  const reader = readerOf(state, event)
  if (reader === undefined) return
  const { split, offset, seq } = event
  const position = reader.splits.get(split)
  if (position === undefined) {
    reader.splits.set(split, { next: offset + 1, emitted: seq, promised: 0, promisedSeq: 0 })
    return
  }
  const who = `${attemptName(event)} emitted ${split}:${String(offset)}`
  if (offset < position.promised) {
    const message = `${who} although its snapshot or restore stood at ${String(position.promised)} already`
    state.findings.push(broken('offset-not-ahead', message, [position.promisedSeq, seq]))
  } else if (offset < position.next) {
    state.findings.push(broken('offsets-increase', `${who} after ${split}:${String(position.next - 1)}`, [position.emitted, seq]))
  }
  position.next = offset + 1
  position.emitted = seq
}

function stepSnapshot(state: SourceOffsets, event: Extract<HistoryEvent, { kind: 'snapshot-taken' }>, offsets: Offsets): void {
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

function stepRestore(state: SourceOffsets, event: Extract<HistoryEvent, { kind: 'restore' }>): void {
  const reader = readerOf(state, event)
  for (const [split, next] of event.content?.offsets ?? []) {
    reader?.splits.set(split, { next, emitted: event.seq, promised: next, promisedSeq: event.seq })
  }
}
