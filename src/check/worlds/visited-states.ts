/**
 * The states found so far, by hash, each with the way it was reached first: 24 to 32 bytes a state in flat arrays, without the
 * limit of 16.7 million entries that a Set has.
 */
export class VisitedStates {
  size = 0
  private high = new Int32Array(1024)
  private low = new Int32Array(1024)
  private parents = new Int32Array(1024)
  private ordinals = new Int32Array(1024)
  /** Open addressing: index of a state plus one, or 0. At most half full. */
  private slots = new Int32Array(2048)

  /** Index of the state when it is new, -1 when it is known. `ordinal` says which successor of `parent` (-1: of none) it is. */
  add(high: number, low: number, parent: number, ordinal: number): number {
    if (this.size === this.high.length) this.grow()
    const slot = this.slotOf(high, low)
    if (this.slots[slot] !== 0) return -1
    const index = this.size++
    this.slots[slot] = index + 1
    this.high[index] = high
    this.low[index] = low
    this.parents[index] = parent
    this.ordinals[index] = ordinal
    return index
  }

  /** Ordinals from the first state of the way to this one down to this one itself. */
  ordinalsTo(index: number): number[] {
    const ordinals: number[] = []
    for (let at = index; at >= 0; at = this.parents[at] ?? -1) ordinals.push(this.ordinals[at] ?? 0)
    return ordinals.reverse()
  }

  private slotOf(high: number, low: number): number {
    const mask = this.slots.length - 1
    let slot = (high ^ (low << 7)) & mask
    for (;;) {
      const index = (this.slots[slot] ?? 0) - 1
      if (index < 0 || (this.high[index] === high && this.low[index] === low)) return slot
      slot = (slot + 1) & mask
    }
  }

  private grow(): void {
    this.high = doubled(this.high)
    this.low = doubled(this.low)
    this.parents = doubled(this.parents)
    this.ordinals = doubled(this.ordinals)
    this.slots = new Int32Array(2 * this.slots.length)
    for (let index = 0; index < this.size; index++) this.slots[this.slotOf(this.high[index] ?? 0, this.low[index] ?? 0)] = index + 1
  }
}

function doubled(column: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * column.length)
  twice.set(column)
  return twice
}
