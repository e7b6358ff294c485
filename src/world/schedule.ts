import type { Slot } from './slot.js'

/** Slots in the order of (time, sequence): a binary heap that knows where each slot is, so that a timer can be moved or removed. */
export class Schedule {
  private readonly heap: Slot[] = []

  get size(): number {
    return this.heap.length
  }

  peek(): Slot | undefined {
    return this.heap[0]
  }

  push(slot: Slot): void {
    this.heap.push(slot)
    this.siftUp(slot, this.heap.length - 1)
  }

  pop(): Slot | undefined {
    const first = this.heap[0]
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Takes a slot out, wherever it is; nothing happens when it is not scheduled. */
  remove(slot: Slot): void {
    const index = slot.heapIndex
    if (index < 0) return
    slot.heapIndex = -1
    const last = this.heap.pop()
    if (last === undefined || last === slot) return
    this.siftUp(last, this.siftDown(last, index))
  }

  private siftUp(slot: Slot, start: number): void {
    const heap = this.heap
    let index = start
    while (index > 0) {
      const up = (index - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || before(parent, slot)) break
      heap[index] = parent
      parent.heapIndex = index
      index = up
    }
    heap[index] = slot
    slot.heapIndex = index
  }

  /** Moves a hole at `index` down to where `slot` fits above its children; returns that place without filling it. */
  private siftDown(slot: Slot, start: number): number {
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
      if (lower === undefined || before(slot, lower)) return index
      heap[index] = lower
      lower.heapIndex = index
      index = child
    }
  }
}

function before(a: Slot, b: Slot): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence)
}
