/** Integers by number, in an array that grows. */
export class Ints {
  length = 0
  private items = new Int32Array(256)

  push(value: number): number {
    if (this.length === this.items.length) this.grow(2 * this.length)
    this.items[this.length] = value
    return this.length++
  }

  /** 0 beyond the end. */
  get(index: number): number {
    // The engine under us reads a flat array faster where it never was asked beyond its end.
    return index < this.items.length ? (this.items[index] ?? 0) : 0
  }

  /** Sets any element; what lies between is 0. */
  set(index: number, value: number): void {
    if (index >= this.items.length) this.grow(Math.max(2 * this.items.length, index + 1))
    if (index >= this.length) this.length = index + 1
    this.items[index] = value
  }

  /** A copy. */
  toArray(): number[] {
    return [...this.items.subarray(0, this.length)]
  }

  /** A copy, as flat as this. */
  flat(): Int32Array {
    return this.items.slice(0, this.length)
  }

  get bytes(): number {
    return this.items.byteLength
  }

  private grow(capacity: number): void {
    const larger = new Int32Array(capacity)
    larger.set(this.items)
    this.items = larger
  }
}
