import type { Actor, Process } from './actor.js'
import type { Components } from './components.js'
import { hashPlain, hashString, mix } from './hash.js'
import type { Link } from './link.js'
import type { Pending } from './pending.js'

/** Two lanes of 32 bits. */
export type Hash = readonly [number, number]

/** A sum of component hashes, two lanes. */
class Sum {
  high = 0
  low = 0

  add([high, low]: Hash): void {
    this.high = (this.high + high) | 0
    this.low = (this.low + low) | 0
  }
}

const SEEDS = [0x243f6a88, 0x13198a2e] as const

/**
 * Hash of the content of a world, two lanes of 32 bits: processes and actors by position, links by ends and lane, armed timers.
 * A sum over components, so that the order in which they came about does not matter, nor does any of its history; what has not
 * changed since the last time is not hashed again.
 */
export function fingerprintOf({ processes, actors, links }: Pick<Components, 'processes' | 'actors' | 'links'>): Hash {
  const sum = new Sum()
  processes.forEach((process, index) => {
    sum.add(hashProcess(process, index))
  })
  actors.forEach((actor, index) => {
    actor.hash ??= hashActor(actor, index)
    sum.add(actor.hash)
  })
  for (const link of links) {
    if (link === undefined) continue
    link.hash ??= hashLink(link)
    sum.add(link.hash)
  }
  return [sum.high, sum.low]
}

/** What a process adds to the fingerprint. */
export function hashProcess({ alive, incarnation }: Process, index: number): Hash {
  return placed(1, index, incarnation, alive ? 1 : 0)
}

/** What an actor adds to the fingerprint, with its timers. */
export function hashActor(actor: Actor, index: number): Hash {
  const sum = new Sum()
  const content: Hash = [hashPlain(actor.state, SEEDS[0]), hashPlain(actor.state, SEEDS[1])]
  // In which process the dead have lived means nothing any more; who lives may die with its process.
  sum.add(placed(2, index, actor.incarnation, actor.alive ? 2 + actor.process : actor.crashed ? 1 : 0, content))
  for (const timer of actor.timers) if (timer.armed) sum.add(placed(3, index, hashString(timer.name), timer.delayUs))
  for (const { label, us, since } of actor.elapsed) sum.add(placed(9, index, hashString(label), us, [since, since]))
  return [sum.high, sum.low]
}

/** What a link adds to the fingerprint. Ordered lanes count in order; on the unordered one each message counts for itself. */
export function hashLink(link: Link): Hash {
  const { from, to, lane } = link
  const sum = new Sum()
  if (link.watched) sum.add(placed(4, from, to, lane))
  if (link.heartbeat !== undefined && link.open) sum.add(placed(9, from, to, lane))
  if (link.broken) sum.add(placed(8, from, to, lane))
  let content: Hash = [0, 0]
  for (let pending: Pending | undefined = link.first; pending !== undefined; pending = pending.next) {
    const message: Hash = [hashPlain(pending.message, SEEDS[0]), hashPlain(pending.message, SEEDS[1])]
    if (link.unordered) sum.add(placed(5, from, to, lane, message))
    else content = [mix(content[0], message[0]), mix(content[1], message[1])]
  }
  // a link of a dead incarnation is no longer written to: which of two links holds what matters
  if (!link.unordered && link.length > 0) sum.add(placed(link.open ? 6 : 7, from, to, lane, content))
  return [sum.high, sum.low]
}

/** One component: what it is and where (kind, a, b, c) decides how its content is mixed in. */
function placed(kind: number, a: number, b: number, c: number, content: Hash = [0, 0]): Hash {
  return [mix(mix(mix(mix(SEEDS[0] + kind, a), b), c), content[0]), mix(mix(mix(mix(SEEDS[1] + kind, a), b), c), content[1])]
}
