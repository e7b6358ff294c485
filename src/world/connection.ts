import type { Actor } from './actor.js'
import type { Lane, PeerDown, ProcessRef } from './behavior.js'
import type { Components } from './components.js'
import type { Driver } from './driver.js'
import type { Link } from './link.js'
import type { Pending } from './pending.js'

/** Links and actors of a world. */
interface Linked {
  readonly links: readonly (Link | undefined)[]
  readonly actors: readonly Readonly<Actor>[]
}

/**
 * A connection is all links between the actors of two processes, as they share one wire; it breaks as a whole. It says nothing of
 * later incarnations or other actors: those connect anew.
 */
export function linksBetween({ links, actors }: Linked, one: number, other: number): Link[] {
  return links.filter((link): link is Link => {
    if (link?.open !== true || link.broken) return false
    const [from, to] = [actors[link.from]?.process, actors[link.to]?.process]
    return (from === one && to === other) || (from === other && to === one)
  })
}

/** Opens a new connection between two actors: from now on what they send to each other arrives. */
export function mend(parts: Components, one: number, other: number): void {
  for (const link of parts.links) {
    if (link?.broken !== true) continue
    if ((link.from === one && link.to === other) || (link.from === other && link.to === one)) parts.ownLink(link.place).broken = false
  }
}

/** What the peer's end, or the end of the connection to it, is told by. */
export function peerDown(peer: Actor, index: number, lane: Lane, crashed = peer.crashed): PeerDown {
  return { kind: 'peer-down', peer: index, incarnation: peer.incarnation, lane, crashed }
}

/**
 * Loses what these actors have sent and nobody has received yet: their host is gone, with what its kernel and its network card still held.
 * The word that one of them is down stays: it is the receiver's end of the connection that tells it.
 */
export function loseSent(parts: Components, driver: Driver, actors: readonly number[]): void {
  const senders = new Set(actors)
  for (const waiting of parts.links) {
    if (waiting === undefined || waiting.length === 0 || !senders.has(waiting.from)) continue
    const link = parts.ownLink(waiting.place)
    const words = wordsOf(link)
    driver.dropped(link)
    link.clear()
    for (const word of words) {
      word.next = undefined
      if (driver.sent(word, link)) link.append(word)
    }
    if (link.length === 0 && !link.open) parts.removeLink(link)
  }
}

/** What on a link tells that a peer is down, taken off it. */
function wordsOf({ first }: Link): Pending[] {
  const words: Pending[] = []
  for (let pending = first; pending !== undefined; pending = pending.next) if (pending.message.kind === 'peer-down') words.push(pending)
  return words
}

/** Whether anything goes to and fro between two processes. */
export function areConnected(world: Linked, one: ProcessRef, other: ProcessRef): boolean {
  return linksBetween(world, one, other).length > 0
}
