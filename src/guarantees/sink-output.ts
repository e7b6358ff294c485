import type { RecordId } from '../history/index.js'
import { findMark, type Lane } from './lane.js'
import { completedAfterFaults, finished } from './job-facts.js'
import type { ObservedOutput } from './outputs.js'
import type { RunFacts } from './run-facts.js'
import { lanesOf, type VertexLanes } from './timeline.js'
import { waitingWrites } from './waiting-commits.js'

/** What one sink wrote, and what is owed of it, against what one reader saw. */
export interface SinkOutput {
  readonly facts: RunFacts
  readonly point: ObservedOutput
  readonly sink: VertexLanes
  /** Visible records with the number of times and the `seq` of the first and of the last sight. */
  readonly seen: Map<RecordId, Sight>
  /** Written in the surviving timeline: the lane and the place in it. */
  readonly written: Map<RecordId, Written>
  /** The job finished: everything taken in is owed. */
  readonly complete: boolean
}

/** How often and when a reader saw a record. */
export interface Sight {
  times: number
  readonly first: number
  last: number
}

/** Where in the surviving timeline a record was written. */
export interface Written {
  readonly lane: Lane
  readonly at: number
  readonly seq: number
}

/** Puts a sink's writes and a reader's sights side by side. */
export function sinkOutput(facts: RunFacts, point: ObservedOutput): SinkOutput {
  const sink = lanesOf(facts.timeline, point.sink)
  return { facts, point, sink, seen: foldSights(point), written: foldWritten(sink), complete: finished(facts.job) }
}

function foldSights(point: ObservedOutput): Map<RecordId, Sight> {
  const seen = new Map<RecordId, Sight>()
  for (let at = 0; at < point.ids.length; at++) {
    const id = point.ids[at] ?? 0
    const seq = point.seqs[at] ?? 0
    const sight = seen.get(id)
    if (sight === undefined) seen.set(id, { times: 1, first: seq, last: seq })
    else {
      sight.times++
      sight.last = seq
    }
  }
  return seen
}

function foldWritten(sink: VertexLanes): Map<RecordId, Written> {
  const written = new Map<RecordId, Written>()
  for (const lane of sink.lanes) {
    const { ids, seqs } = lane.written
    for (let at = 0; at < ids.length; at++) written.set(ids[at] ?? 0, { lane, at, seq: seqs[at] ?? 0 })
  }
  return written
}

/**
 * Records written in the surviving timeline that must be visible by now. When the job finished, all; otherwise those before a
 * checkpoint that completed after the faults had stopped and was followed by another one, which gave time to publish them; but none of a
 * transaction that waits for its commit.
 */
export function owedWrites(output: SinkOutput): Map<RecordId, Written> {
  if (output.complete) return output.written
  const waiting = waitingWrites(output.facts.transactions, output.facts.job.completed)
  return new Map([...settledWrites(output)].filter(([, { seq }]) => !waiting.has(seq)))
}

/** Whether something that would be owed waits for its commit, and nobody has seen it. */
export function hasWaiting(output: SinkOutput): boolean {
  if (output.complete) return false
  const waiting = waitingWrites(output.facts.transactions, output.facts.job.completed)
  return [...settledWrites(output)].some(([id, { seq }]) => waiting.has(seq) && !output.seen.has(id))
}

function settledWrites(output: SinkOutput): Map<RecordId, Written> {
  const owed = new Map<RecordId, Written>()
  if (output.facts.header.discipline === 'beyond-budget') return owed
  const settled = completedAfterFaults(output.facts.job).at(-2)
  if (settled === undefined) return owed
  for (const [id, written] of output.written) {
    const mark = findMark(written.lane, settled.checkpoint)
    if (mark !== undefined && written.at < mark.written) owed.set(id, written)
  }
  return owed
}
