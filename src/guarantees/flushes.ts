import type { EventOf } from '../history/index.js'
import type { Lane } from './lane.js'
import type { Finding } from './oracle.js'
import { attemptName } from './names.js'
import { broken } from './protocol-rule.js'

/** A buffering sink hands on what it was given since its last flush: all of it, nothing else, in order. */
export function flushFinding(lane: Lane, event: EventOf<'sink-flush'>): Finding | undefined {
  const { ids, seqs } = lane.written
  const held = ids.length - lane.flushed
  const same = event.ids?.every((id, at) => ids[lane.flushed + at] === id) ?? true
  if (event.records === held && same) return undefined
  const instead = event.records === held ? 'others than the' : `${String(event.records)} of`
  const message = `${attemptName(event)} flushed ${instead} ${String(held)} records written since its flush before`
  return broken('flush-holds-what-was-written', message, [...seqs.slice(lane.flushed), event.seq])
}
