/** The places in their level of the states that a worker has still to expand: those it has kept, and those it was given. */
import { Ints } from '../worlds/ints.js'

export class WaitingStates {
  private kept: Int32Array = new Int32Array(0)
  private keptAt = 0
  private readonly received = new Ints()
  private receivedAt = 0

  /** A level begins, in which these wait; below 0: it is not wanted. */
  begin(kept: Int32Array): void {
    this.kept = kept
    this.keptAt = 0
    this.received.length = 0
    this.receivedAt = 0
  }

  /** One more, behind all that were received before. */
  receive(place: number): void {
    this.received.push(place)
  }

  /** How many of those that were kept are not wanted and come next; they are gone with that. */
  unwanted(): number {
    const before = this.keptAt
    while (this.keptAt < this.kept.length && (this.kept[this.keptAt] ?? 0) < 0) this.keptAt++
    return this.keptAt - before
  }

  /** Where the next one is, in the order of places. */
  get source(): 'kept' | 'received' | undefined {
    const [kept, received] = [this.nextKept, this.nextReceived]
    if (kept === received) return undefined
    return kept < received ? 'kept' : 'received'
  }

  /** Takes the place of the next one out. */
  take(source: 'kept' | 'received'): number {
    const place = source === 'kept' ? this.nextKept : this.nextReceived
    if (source === 'kept') this.keptAt++
    else this.receivedAt++
    return place
  }

  private get nextKept(): number {
    return this.kept[this.keptAt] ?? Infinity
  }

  private get nextReceived(): number {
    return this.receivedAt < this.received.length ? this.received.get(this.receivedAt) : Infinity
  }
}
