/** What a lane takes down of the records that come, stay and go. */
import type { EventOf, RecordId } from '../history/index.js'
import { addToRoute, type Lane } from './lane.js'
import { addToSum } from './record-sum.js'

/** A record went by, and left nothing in a state. */
export function notePassed(lane: Lane, { id, seq }: { readonly id: RecordId; readonly seq: number }): void {
  lane.passed.ids.push(id)
  lane.passed.seqs.push(seq)
  noteIn(lane, id)
}

/** A record came in, once for all that is told of it in a row. */
export function noteIn(lane: Lane, id: RecordId): void {
  if (lane.lastIn !== id) addToSum(lane.in, id)
  lane.lastIn = id
}

// Columns grow by their next place: V8 no longer inlines `push` where it has seen an array change its kind of elements.

/** A record came into a state. */
export function noteApplied({ applied }: Lane, { id, seq, key, count = -1 }: EventOf<'state-apply'>): void {
  const at = applied.ids.length
  applied.ids[at] = id
  applied.seqs[at] = seq
  applied.keys[at] = key
  applied.counts[at] = count
}

/** A sink wrote a record. */
export function noteWritten({ written }: Lane, event: EventOf<'sink-write'>): void {
  const at = written.ids.length
  written.ids[at] = event.id
  written.seqs[at] = event.seq
  written.keys[at] = event.key ?? ''
  written.counts[at] = event.count ?? -1
  written.transactions[at] = event.transaction ?? ''
}

/** A record went out. */
export function noteEmitted(
  lane: Lane,
  { id, seq, to }: EventOf<'source-emit' | 'emit'>,
  split: string,
  offset: number,
  causes: readonly RecordId[],
): void {
  const { emitted } = lane
  emitted.ids.push(id)
  emitted.seqs.push(seq)
  emitted.splits.push(split)
  emitted.offsets.push(offset)
  emitted.causes.push(causes)
  emitted.to.push(to)
  addToSum(lane.out, id)
  if (to === undefined) return
  addToRoute(lane, to, id)
  if (to.length === 0) lane.lastHeld = id
}

/** Something was made of a record, once for all that is told of it in a row. */
export function noteUsed(lane: Lane, cause: RecordId): void {
  if (lane.lastUsed === cause) return
  lane.lastUsed = cause
  addToSum(lane.used, cause)
}
