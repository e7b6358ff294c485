import type { EventOf, RecordId } from '../history/index.js'
import type { Lane, Mark, RecordLog, WrittenLog } from './lane.js'

/**
 * What the subtasks of an operator did and what does not count any more: recoveries took it back, or an attempt did it that had been
 * superseded. It happened nevertheless: a record that a neighbour got or that the outside saw may come from here.
 */
export interface Withdrawn {
  readonly emitted: RecordLog
  readonly applied: RecordLog
  readonly written: WrittenLog
  readonly passed: RecordLog
  /** A branch was taken up again, so that its records are both here and in the lane. */
  twice: boolean
}

/** Nothing was withdrawn yet. */
export function createWithdrawn(): Withdrawn {
  return {
    emitted: { ids: [], seqs: [] },
    applied: { ids: [], seqs: [] },
    written: { ids: [], seqs: [], keys: [], counts: [], transactions: [] },
    passed: { ids: [], seqs: [] },
    twice: false,
  }
}

/** Keeps what a lane is about to forget: everything after `mark`; without a mark everything. */
export function withdraw(lane: Lane, mark: Mark | undefined, to: Withdrawn): void {
  move(lane.emitted, mark?.emitted ?? 0, to.emitted)
  move(lane.applied, mark?.applied ?? 0, to.applied)
  move(lane.passed, mark?.passed ?? 0, to.passed)
  const { keys, counts, transactions } = lane.written
  const from = mark?.written ?? 0
  move(lane.written, from, to.written)
  for (let at = from; at < keys.length; at++) {
    to.written.keys.push(keys[at] ?? '')
    to.written.counts.push(counts[at] ?? -1)
    to.written.transactions.push(transactions[at] ?? '')
  }
}

function move({ ids, seqs }: RecordLog, from: number, to: RecordLog): void {
  for (let at = from; at < ids.length; at++) note(to, ids[at] ?? 0, seqs[at] ?? 0)
}

function note(log: RecordLog, id: RecordId, seq: number): void {
  log.ids.push(id)
  log.seqs.push(seq)
}

/** What is told of single records on their way. */
export type RecordEvent = EventOf<'source-emit' | 'emit' | 'state-apply' | 'process' | 'sink-write' | 'record-ended'>

/** Keeps what a superseded attempt did: its lane does not take it in. */
export function withdrawEvent(event: RecordEvent, to: Withdrawn): void {
  switch (event.kind) {
    case 'source-emit':
    case 'emit':
      note(to.emitted, event.id, event.seq)
      return
    case 'state-apply':
      note(to.applied, event.id, event.seq)
      return
    case 'process':
    case 'record-ended':
      note(to.passed, event.id, event.seq)
      return
    case 'sink-write':
      note(to.written, event.id, event.seq)
      to.written.keys.push(event.key ?? '')
      to.written.counts.push(event.count ?? -1)
      to.written.transactions.push(event.transaction ?? '')
  }
}
