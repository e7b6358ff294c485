/**
 * The set of known states: nothing but their fingerprints, in flat arrays that grow one part at a time. 11 to 16 bytes a state,
 * and no limit of 16.7 million entries as a `Set` has. A number can be kept with each, for 4 bytes more in every slot.
 */
import { RecentFingerprints } from './recent-fingerprints.js'

/** Parts, chosen by the upper bits of a fingerprint. Each grows by itself, so that growing needs little room. */
const PART_BITS = 6
const FIRST_CAPACITY = 64
/** Slots in use of all, at most. */
const FULL = 0.75
const GROWTH = 1.5
const TWO_TO_32 = 2 ** 32

/** Open addressing over pairs of words. */
export class FingerprintTable {
  size = 0
  private readonly parts: readonly Part[]
  private readonly recent = new RecentFingerprints()

  /** `numbered`: each fingerprint has a number. */
  constructor(numbered = false) {
    this.parts = Array.from({ length: 2 ** PART_BITS }, () => new Part(numbered))
  }

  /** Whether the fingerprint was new. */
  add(high: number, givenLow: number): boolean {
    const low = marked(high, givenLow)
    return this.recent.add(high, low) && this.addNumbered(high, low, 0) < 0
  }

  /** -1 when the fingerprint was new, and has this number now; else the number that it has. */
  addNumbered(high: number, low: number, number: number): number {
    const found = this.partOf(high)?.add(high, low, number) ?? 0
    if (found < 0) this.size++
    return found
  }

  /** The number of a fingerprint; -1: it is not known. */
  numberOf(high: number, low: number): number {
    return this.partOf(high)?.numberOf(high, low) ?? -1
  }

  /** Gives a known fingerprint another number. */
  renumber(high: number, low: number, number: number): void {
    this.partOf(high)?.renumber(high, low, number)
  }

  /** All slots, part by part, for `restore`. Not for tables with numbers. */
  save(): Int32Array[] {
    return this.parts.map((part) => part.save())
  }

  /** Takes in what `save` gave out, in place of everything. */
  restore(saved: readonly Int32Array[]): void {
    this.recent.clear()
    this.size = this.parts.reduce((size, part, i) => size + part.restore(saved[i] ?? new Int32Array(0)), 0)
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return this.parts.reduce((sum, { bytes }) => sum + bytes, this.recent.bytes)
  }

  private partOf(high: number): Part | undefined {
    return this.parts[high >>> (32 - PART_BITS)]
  }
}

class Part {
  private capacity = FIRST_CAPACITY
  private slots = new Int32Array(2 * FIRST_CAPACITY)
  private numbers: Int32Array | undefined
  private used = 0

  constructor(numbered: boolean) {
    if (numbered) this.numbers = new Int32Array(FIRST_CAPACITY)
  }

  get bytes(): number {
    return this.slots.byteLength + (this.numbers?.byteLength ?? 0)
  }

  save(): Int32Array {
    return this.slots.slice()
  }

  /** How many are in use. */
  restore(slots: Int32Array): number {
    this.slots = slots.slice()
    this.capacity = slots.length / 2
    this.used = 0
    for (let i = 0; i < slots.length; i += 2) if (slots[i] !== 0 || slots[i + 1] !== 0) this.used++
    return this.used
  }

  add(high: number, givenLow: number, number: number): number {
    const low = marked(high, givenLow)
    const slot = this.slotOf(high, low)
    if (this.slots[slot] === high && this.slots[slot + 1] === low) return this.numbers?.[slot >> 1] ?? 0
    this.fill(slot, high, low, number)
    if (++this.used > this.capacity * FULL) this.grow()
    return -1
  }

  numberOf(high: number, givenLow: number): number {
    const low = marked(high, givenLow)
    const slot = this.slotOf(high, low)
    return this.slots[slot] === high && this.slots[slot + 1] === low ? (this.numbers?.[slot >> 1] ?? 0) : -1
  }

  renumber(high: number, low: number, number: number): void {
    const slot = this.slotOf(high, marked(high, low))
    if (this.numbers !== undefined) this.numbers[slot >> 1] = number
  }

  private fill(slot: number, high: number, low: number, number: number): void {
    this.slots[slot] = high
    this.slots[slot + 1] = low
    if (this.numbers !== undefined) this.numbers[slot >> 1] = number
  }

  /** Where the fingerprint is, or a free slot for it. */
  private slotOf(high: number, low: number): number {
    const { slots, capacity } = this
    const end = 2 * capacity
    let slot = 2 * Math.floor(((low >>> 0) * capacity) / TWO_TO_32)
    for (;;) {
      const there = slots[slot]
      const beside = slots[slot + 1]
      if ((there === high && beside === low) || (there === 0 && beside === 0)) return slot
      slot += 2
      if (slot === end) slot = 0
    }
  }

  private grow(): void {
    const { slots, numbers } = this
    this.capacity = Math.ceil(this.capacity * GROWTH)
    this.slots = new Int32Array(2 * this.capacity)
    if (numbers !== undefined) this.numbers = new Int32Array(this.capacity)
    for (let i = 0; i < slots.length; i += 2) {
      const high = slots[i] ?? 0
      const low = slots[i + 1] ?? 0
      if (high !== 0 || low !== 0) this.fill(this.slotOf(high, low), high, low, numbers?.[i >> 1] ?? 0)
    }
  }
}

/** Two zeroes mark a free slot. */
function marked(high: number, low: number): number {
  return high === 0 && low === 0 ? 1 : low
}
