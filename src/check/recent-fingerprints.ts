/** A small memory of the fingerprints that were met last: two of three steps lead to a state that was met not long ago. */

const ENTRIES = 2 ** 14

/** Each has one place, where it stays until another one takes it. */
export class RecentFingerprints {
  private readonly lanes = new Int32Array(2 * ENTRIES)

  /** False: it is there, and was added before. True: nobody knows. Not for two zeroes, which mark a free place. */
  add(high: number, low: number): boolean {
    const { lanes } = this
    const at = 2 * ((low ^ (high >>> 7)) & (ENTRIES - 1))
    if (lanes[at] === high && lanes[at + 1] === low) return false
    lanes[at] = high
    lanes[at + 1] = low
    return true
  }

  clear(): void {
    this.lanes.fill(0)
  }

  get bytes(): number {
    return this.lanes.byteLength
  }
}
