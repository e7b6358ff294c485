/** Integers of a slot. */
const SLOT = 4

/** What is known of pairs of integers: a number for each, in flat arrays. A cache that never forgets. */
export class PairTable {
  size = 0
  private mask = 1023
  /** Of each slot the pair, and the number plus one, or 0 where it is free; the fourth place keeps a slot within a line of the cache. */
  private slots = new Int32Array(SLOT * 1024)

  /** The number of the pair, or -1. */
  get(a: number, b: number): number {
    const { slots, mask } = this
    for (let slot = mixed(a, b) & mask; ; slot = (slot + 1) & mask) {
      const at = SLOT * slot
      const value = slots[at + 2] ?? 0
      if (value === 0) return -1
      if (slots[at] === a && slots[at + 1] === b) return value - 1
    }
  }

  /** Gives a pair that has none a number, which is not negative. */
  set(a: number, b: number, number: number): void {
    if (2 * this.size > this.mask) this.grow()
    this.insert(a, b, number + 1)
    this.size++
  }

  /** Calls back with every pair and its number, in no order that means anything. */
  forEach(visit: (a: number, b: number, number: number) => void): void {
    const { slots } = this
    for (let at = 0; at < slots.length; at += SLOT) {
      const value = slots[at + 2] ?? 0
      if (value !== 0) visit(slots[at] ?? 0, slots[at + 1] ?? 0, value - 1)
    }
  }

  get bytes(): number {
    return this.slots.byteLength
  }

  private insert(a: number, b: number, value: number): void {
    const { slots, mask } = this
    let slot = mixed(a, b) & mask
    while (slots[SLOT * slot + 2] !== 0) slot = (slot + 1) & mask
    slots[SLOT * slot] = a
    slots[SLOT * slot + 1] = b
    slots[SLOT * slot + 2] = value
  }

  private grow(): void {
    const { slots } = this
    this.mask = 2 * this.mask + 1
    this.slots = new Int32Array(SLOT * (this.mask + 1))
    for (let at = 0; at < slots.length; at += SLOT) {
      const value = slots[at + 2] ?? 0
      if (value !== 0) this.insert(slots[at] ?? 0, slots[at + 1] ?? 0, value)
    }
  }
}

function mixed(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35)
  return h ^ (h >>> 13)
}
