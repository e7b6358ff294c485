import type { Actor, Process } from './actor.js'
import { hashPlain, hashString, mix } from './hash.js'
import type { Link } from './link.js'
import type { Pending } from './pending.js'

/** What a world consists of, as far as its future depends on it. */
export interface WorldContent {
  readonly processes: readonly Process[]
  readonly actors: readonly Actor[]
  readonly links: readonly Link[]
}

const SEEDS = [0x243f6a88, 0x13198a2e] as const

/**
 * Hash of the content of a world, two lanes of 32 bits: processes and actors by position, links by ends and lane, armed timers.
 * A sum over components, so that the order in which they came about does not matter, nor does any of its history.
 */
export function fingerprintOf({ processes, actors, links }: WorldContent): readonly [number, number] {
  const sum: [number, number] = [0, 0]
  processes.forEach(({ alive, incarnation }, index) => {
    add(sum, 1, index, incarnation, alive ? 1 : 0, 0)
  })
  actors.forEach((actor, index) => {
    actor.hash ??= [hashPlain(actor.state, SEEDS[0]), hashPlain(actor.state, SEEDS[1])]
    const [high, low] = actor.hash
    addHashes(sum, 2, index, actor.incarnation, actor.alive ? 2 : actor.crashed ? 1 : 0, high, low)
    for (const timer of actor.timers) if (timer.armed) add(sum, 3, index, hashString(timer.name), timer.delayUs, 0)
  })
  for (const link of links) addLink(sum, link)
  return sum
}

/** Ordered lanes in order; on the unordered one each message counts for itself. */
function addLink(sum: [number, number], link: Link): void {
  const { from, to, lane } = link
  if (link.watched) add(sum, 4, from, to, lane, 0)
  if (link.first === undefined) return
  let high = 0
  let low = 0
  for (let pending: Pending | undefined = link.first; pending !== undefined; pending = pending.next) {
    high = mix(link.unordered ? 0 : high, hashPlain(pending.message, SEEDS[0]))
    low = mix(link.unordered ? 0 : low, hashPlain(pending.message, SEEDS[1]))
    if (link.unordered) addHashes(sum, 5, from, to, lane, high, low)
  }
  // a link of a dead incarnation is no longer written to: which of two links holds what matters
  if (!link.unordered) addHashes(sum, link.open ? 6 : 7, from, to, lane, high, low)
}

function add(sum: [number, number], kind: number, a: number, b: number, c: number, content: number): void {
  addHashes(sum, kind, a, b, c, content, content)
}

/** Adds one component: what it is and where (kind, a, b, c) decides how its content is mixed in. */
function addHashes(sum: [number, number], kind: number, a: number, b: number, c: number, high: number, low: number): void {
  sum[0] = (sum[0] + mix(mix(mix(mix(SEEDS[0] + kind, a), b), c), high)) | 0
  sum[1] = (sum[1] + mix(mix(mix(mix(SEEDS[1] + kind, a), b), c), low)) | 0
}
