import type { Actor } from './actor.js'
import type { Lane, PeerDown, ProcessRef } from './behavior.js'
import type { Components } from './components.js'
import type { Link } from './link.js'

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

/** Whether anything goes to and fro between two processes. */
export function areConnected(world: Linked, one: ProcessRef, other: ProcessRef): boolean {
  return linksBetween(world, one, other).length > 0
}
