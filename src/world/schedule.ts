import type { Pending } from './pending.js'

/**
 * What is due, in the order of (time, sequence): a binary heap that knows where each entry is, so that a timer can be moved or
 * removed. Sequences are unique, so the order in which things are pushed does not matter.
 */
export class Schedule {
  private readonly heap: Pending[] = []

  get size(): number {
    return this.heap.length
  }

  peek(): Pending | undefined {
    return this.heap[0]
  }

  push(pending: Pending): void {
    // The next place, without `push`: V8 no longer inlines that where it has seen an array change its kind of elements.
    this.siftUp(pending, this.heap.length)
  }

  pop(): Pending | undefined {
    const first = this.heap[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Takes an entry out, wherever it is; nothing happens when it is not scheduled. */
  remove(pending: Pending): void {
    const index = pending.place
    if (index < 0) return
    pending.place = -1
    const last = this.heap.pop()
    if (last === undefined || last === pending) return
    this.siftUp(last, this.siftDown(index))
  }

  /** Takes out all of this kind. */
  removeAll(isOfKind: (pending: Pending) => boolean): void {
    for (const pending of this.heap.filter(isOfKind)) this.remove(pending)
  }

  /** Everything scheduled, in no particular order. */
  entries(): readonly Pending[] {
    return this.heap
  }

  private siftUp(pending: Pending, start: number): void {
    const heap = this.heap
    let index = start
    while (index > 0) {
      const up = (index - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || before(parent, pending)) break
      heap[index] = parent
      parent.place = index
      index = up
    }
    heap[index] = pending
    pending.place = index
  }

  /** Moves a hole down to the bottom, where what fills it most likely belongs; returns that place without filling it. */
  private siftDown(start: number): number {
    const heap = this.heap
    const size = heap.length
    let index = start
    for (;;) {
      let child = 2 * index + 1
      if (child >= size) return index
      let lower = heap[child]
      const right = heap[child + 1]
      if (lower !== undefined && right !== undefined && before(right, lower)) {
        lower = right
        child++
      }
      if (lower === undefined) return index
      heap[index] = lower
      lower.place = index
      index = child
    }
  }
}

function before(a: Pending, b: Pending): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence)
}
