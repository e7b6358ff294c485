import type { Heartbeat, Lane } from './behavior.js'
import type { Edge } from './edges.js'
import { Pending } from './pending.js'

/** A queue of messages from one actor (of one incarnation) to another, on one lane. */
export class Link {
  first: Pending | undefined = undefined
  last: Pending | undefined = undefined
  length = 0
  /** More messages may come. False once the sending incarnation is gone. */
  open = true
  /** The receiver asked to be told when the sender is gone. */
  watched = false
  /** How the receiver notices that the sender is silent; undefined: not at all. */
  heartbeat: Heartbeat | undefined = undefined
  /** The connection broke: what is sent is lost until one end has watched the other anew. */
  broken = false
  /** A timed driver's notes on latency. */
  edge: Edge | undefined = undefined
  /** Hash of the content, or undefined after a change. */
  hash: readonly [number, number] | undefined = undefined

  constructor(
    /** Where it is in the world's table. */
    readonly place: number,
    /** Which table may change it; another one takes a copy first. */
    readonly owner: object,
    readonly from: number,
    readonly to: number,
    readonly lane: Lane,
  ) {}

  /** Messages may overtake each other: not only the first can be taken. */
  get unordered(): boolean {
    return this.lane < 0
  }

  append(pending: Pending): void {
    const { last } = this
    if (last === undefined) this.first = pending
    else last.next = pending
    pending.previous = last
    this.last = pending
    this.length++
  }

  remove(pending: Pending): void {
    const { next, previous } = pending
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    this.length--
  }

  /** Loses everything that is on it. */
  clear(): void {
    this.first = this.last = undefined
    this.length = 0
  }

  /** Calls `visit` with what can be taken next: the head, or everything when unordered. */
  forEachTakeable(visit: (pending: Pending) => void): void {
    for (let pending = this.first; pending !== undefined; pending = pending.next) {
      visit(pending)
      if (!this.unordered) return
    }
  }

  /** A copy for another table. Messages are shared from now on, and copied by whoever delivers them. */
  copy(owner: object): Link {
    const copy = new Link(this.place, owner, this.from, this.to, this.lane)
    copy.open = this.open
    copy.watched = this.watched
    copy.heartbeat = this.heartbeat
    copy.broken = this.broken
    copy.hash = this.hash
    for (let pending = this.first; pending !== undefined; pending = pending.next) {
      pending.shared = true
      const twin = new Pending(pending.message, copy, undefined, undefined)
      twin.time = pending.time
      twin.sequence = pending.sequence
      twin.shared = true
      copy.append(twin)
    }
    return copy
  }
}
