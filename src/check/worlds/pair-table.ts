/** What is known of pairs of integers: a number for each, in flat arrays. A cache that never forgets. */
export class PairTable {
  size = 0
  private mask = 1023
  private keys = new Int32Array(2 * 1024)
  /** The number plus one; 0: free. */
  private values = new Int32Array(1024)

  /** The number of the pair, or -1. */
  get(a: number, b: number): number {
    const { keys, values, mask } = this
    for (let slot = mixed(a, b) & mask; ; slot = (slot + 1) & mask) {
      const value = values[slot] ?? 0
      if (value === 0) return -1
      if (keys[2 * slot] === a && keys[2 * slot + 1] === b) return value - 1
    }
  }

  /** Gives a pair that has none a number, which is not negative. */
  set(a: number, b: number, number: number): void {
    if (2 * this.size > this.mask) this.grow()
    this.insert(a, b, number + 1)
    this.size++
  }

  get bytes(): number {
    return this.keys.byteLength + this.values.byteLength
  }

  private insert(a: number, b: number, value: number): void {
    const { keys, values, mask } = this
    let slot = mixed(a, b) & mask
    while (values[slot] !== 0) slot = (slot + 1) & mask
    keys[2 * slot] = a
    keys[2 * slot + 1] = b
    values[slot] = value
  }

  private grow(): void {
    const { keys, values } = this
    this.mask = 2 * this.mask + 1
    this.keys = new Int32Array(2 * (this.mask + 1))
    this.values = new Int32Array(this.mask + 1)
    values.forEach((value, slot) => {
      if (value !== 0) this.insert(keys[2 * slot] ?? 0, keys[2 * slot + 1] ?? 0, value)
    })
  }
}

function mixed(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35)
  return h ^ (h >>> 13)
}
