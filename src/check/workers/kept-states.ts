/** The states that a worker has kept in a level, in the order in which it found them, until it is known which of them are new. */
import { Ints } from '../worlds/ints.js'

export class KeptStates {
  /** Of each: its fingerprint, the place of the state it came from, and the step. */
  readonly high = new Ints()
  readonly low = new Ints()
  readonly parent = new Ints()
  readonly ordinal = new Ints()
  /** Its place in its level; -1: somebody else has found it, before. */
  readonly place = new Ints()
  /** Which one it was, by its position among the records for an owner. */
  private readonly sent: readonly Ints[]

  constructor(workers: number) {
    this.sent = Array.from({ length: workers }, () => new Ints())
  }

  get size(): number {
    return this.high.length
  }

  /** One more, of which this owner is told. */
  add(owner: number, high: number, low: number, parent: number, ordinal: number): void {
    this.sent[owner]?.push(this.high.push(high))
    this.low.push(low)
    this.parent.push(parent)
    this.ordinal.push(ordinal)
    this.place.push(-1)
  }

  /** Those at these positions among the records for an owner are new; their places are still to come. */
  markNew(owner: number, positions: Int32Array): void {
    const sent = this.sent[owner]
    for (const position of positions) this.place.set(sent?.get(position) ?? 0, 0)
  }

  clear(): void {
    for (const each of [this.high, this.low, this.parent, this.ordinal, this.place, ...this.sent]) each.length = 0
  }

  get bytes(): number {
    return [this.high, this.low, this.parent, this.ordinal, this.place, ...this.sent].reduce((sum, { bytes }) => sum + bytes, 0)
  }
}
