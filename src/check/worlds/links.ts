/** What links hold, by number, and what happens to them: each change is made once and remembered. */
import type { Heartbeat } from '../../world/index.js'
import { hashLink, Link, Pending, type Hash } from '../../world/parts.js'
import type { Identity } from './identity.js'
import { Ints } from './ints.js'
import { connectionHash, type LinkEnds } from './link-places.js'
import { PairTable } from './pair-table.js'
import { Numbered, type Messages } from './parts.js'

/** A link as the world has it, with its messages by number: in order, or on the unordered lane by content. */
export interface LinkPart extends LinkEnds {
  readonly open: boolean
  readonly watched: boolean
  readonly broken: boolean
  readonly heartbeat: Heartbeat | undefined
  readonly messages: readonly number[]
}

/** An open link on which nothing is. */
export function idleLink({ from, to, lane }: LinkEnds): LinkPart {
  return { from, to, lane, open: true, watched: false, broken: false, heartbeat: undefined, messages: [] }
}

/** Links by number. An idle one has number 0, unless it matters that it exists. */
export class Links extends Numbered<LinkPart> {
  /** How many messages can be taken next, by number. */
  readonly takeable = new Ints()
  /** Whether it is broken, 1 or 0, by number. */
  readonly broken = new Ints()
  /** Its first message, by number. */
  private readonly first = new Ints()
  /** What is left of it without its first message, plus one; 0: not known yet. */
  private readonly rest = new Ints()
  private readonly texts = new Map<string, number>()
  private readonly appended = new PairTable()
  private readonly taken = new PairTable()
  private readonly watched = new PairTable()
  private readonly closed = new PairTable()
  /** What is left of it when its sender is gone and no last message comes, plus one; 0: not known yet. */
  private readonly closedAlone = new Ints()

  constructor(
    private readonly messages: Messages,
    /** Connections may break: that there is one is part of the state. */
    private readonly connections: boolean,
    identity?: Identity,
  ) {
    super(identity)
    this.takeable.push(0)
    this.broken.push(0)
    this.first.push(0)
  }

  /** The message at this position. */
  message(link: number, position: number): number {
    return position === 0 ? this.first.get(link) : (this.get(link).messages[position] ?? 0)
  }

  add(given: LinkPart): number {
    const part = given.lane < 0 ? { ...given, messages: this.byContent(given.messages) } : given
    const { from, to, lane, open, watched, broken, heartbeat, messages } = part
    if (messages.length === 0 && !open) return 0
    if (messages.length === 0 && !watched && !broken && heartbeat === undefined && !this.connections) return 0
    const text = [from, to, lane, open, watched, broken, JSON.stringify(heartbeat), ...messages].join(' ')
    const known = this.texts.get(text)
    if (known !== undefined) return known
    const number = this.put(
      this.hashFor(this.hashOf(part), () => this.contentOf(part)),
      part,
    )
    this.takeable.push(lane < 0 ? messages.length : Math.min(1, messages.length))
    this.broken.push(broken ? 1 : 0)
    this.first.push(messages[0] ?? 0)
    this.texts.set(text, number)
    return number
  }

  /** With a message at its end. Where the link has number 0, its place and ends tell which one it is. */
  append(link: number, place: number, ends: LinkEnds, message: number): number {
    const key = link === 0 ? -1 - place : link
    const known = this.appended.get(key, message)
    if (known >= 0) return known
    const part = link === 0 ? idleLink(ends) : this.get(link)
    const appended = this.add({ ...part, messages: [...part.messages, message] })
    this.appended.set(key, message, appended)
    return appended
  }

  /** Without the message at this position. */
  take(link: number, position: number): number {
    const known = position === 0 ? this.rest.get(link) - 1 : this.taken.get(link, position)
    if (known >= 0) return known
    const part = this.get(link)
    const taken = this.add({ ...part, messages: part.messages.filter((_, i) => i !== position) })
    if (position === 0) this.rest.set(link, taken + 1)
    else this.taken.set(link, position, taken)
    return taken
  }

  /** Its receiver is to be told of its end. */
  watch(link: number, place: number, ends: LinkEnds): number {
    const key = link === 0 ? -1 - place : link
    const known = this.watched.get(key, 0)
    if (known >= 0) return known
    const watched = this.add({ ...(link === 0 ? idleLink(ends) : this.get(link)), watched: true })
    this.watched.set(key, 0, watched)
    return watched
  }

  /** The sending incarnation is gone: what is left of the link, with a last message (0: none). */
  close(link: number, last: number): number {
    const known = last === 0 ? this.closedAlone.get(link) - 1 : this.closed.get(link, last)
    if (known >= 0) return known
    const part = this.get(link)
    const messages = last === 0 ? part.messages : [...part.messages, last]
    const closed = this.add({ ...part, messages, open: false, watched: false, heartbeat: undefined })
    if (last === 0) this.closedAlone.set(link, closed + 1)
    else this.closed.set(link, last, closed)
    return closed
  }

  /** The number of a link of a world. */
  takeIn(link: Link): number {
    const { from, to, lane, open, watched, broken, heartbeat } = link
    const messages: number[] = []
    for (let pending = link.first; pending !== undefined; pending = pending.next) messages.push(this.messages.add(pending.message))
    return this.add({ from, to, lane, open, watched, broken, heartbeat, messages })
  }

  /** Makes a link of a world hold what the one with this number holds. */
  fill(link: Link, { open, watched, broken, heartbeat, messages }: LinkPart): void {
    Object.assign(link, { open, watched, broken, heartbeat })
    for (const message of messages) {
      const pending = new Pending(this.messages.get(message), link, undefined, undefined)
      pending.shared = true
      link.append(pending)
    }
  }

  /** As the world has it. */
  private hashOf(part: LinkPart): Hash {
    const link = new Link(0, this, part.from, part.to, part.lane)
    this.fill(link, part)
    const [high, low] = hashLink(link)
    if (!this.connections || !part.open) return [high, low]
    const [existsHigh, existsLow] = connectionHash(part)
    return [(high + existsHigh) | 0, (low + existsLow) | 0]
  }

  private contentOf({ messages, ...ends }: LinkPart): unknown {
    return { ...ends, messages: messages.map((message) => this.messages.get(message)) }
  }

  private byContent(messages: readonly number[]): number[] {
    const { hashes } = this.messages
    const lane = (i: 0 | 1, one: number, other: number): number => hashes.get(2 * one + i) - hashes.get(2 * other + i)
    return [...messages].sort((one, other) => lane(0, one, other) || lane(1, one, other) || one - other)
  }
}
