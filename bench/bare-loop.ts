/**
 * The yardstick: what an event loop costs that does nothing but keep time. A binary heap of 128 pending events in typed arrays,
 * one latency drawn per event, and the same digest folded into the same trace hash as the world does at each step.
 */
import seedrandom from 'seedrandom'
import { formatHash, mix } from '../src/world/index.js'

/** Pending events at any time; the ring of the world's workload has as many. */
export const PENDING = 128

/** Ties of time are broken by a sequence number in the low bits of the key. */
const SEQUENCES = 2 ** 20

/** Runs so many events and returns the trace hash, so that nothing is optimised away. */
export function bareLoop(seed: string, events: number): string {
  const prng = seedrandom.alea(seed)
  const heap = new BareHeap()
  let sequence = 0
  for (let actor = 0; actor < PENDING; actor++) heap.push(latency(prng()) * SEQUENCES + sequence++, actor)
  let high = 0x6a09e667
  let low = 0xbb67ae85 | 0
  for (let event = 0; event < events; event++) {
    const time = Math.floor(heap.firstKey() / SEQUENCES)
    const actor = heap.pop()
    const digest = mix(actor, event)
    high = mix(high ^ actor, digest)
    low = mix(mix(low, time | 0), mix(digest, actor))
    heap.push((time + latency(prng())) * SEQUENCES + (sequence++ % SEQUENCES), (actor + 1) % PENDING)
  }
  return formatHash(high, low)
}

/** µs, 100 … 999: the ring's latency. */
function latency(draw: number): number {
  return 100 + Math.floor(draw * 900)
}

/** The plainest fast heap: keys and values in typed arrays of fixed size. */
class BareHeap {
  private readonly keys = new Float64Array(PENDING + 1)
  private readonly values = new Int32Array(PENDING + 1)
  private size = 0

  firstKey(): number {
    return this.keys[0] ?? 0
  }

  push(key: number, value: number): void {
    const { keys, values } = this
    let index = this.size++
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = keys[parent] ?? 0
      if (above <= key) break
      keys[index] = above
      values[index] = values[parent] ?? 0
      index = parent
    }
    keys[index] = key
    values[index] = value
  }

  pop(): number {
    const { keys, values } = this
    const first = values[0] ?? 0
    const size = --this.size
    const key = keys[size] ?? 0
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= size) break
      if (child + 1 < size && (keys[child + 1] ?? 0) < (keys[child] ?? 0)) child++
      const below = keys[child] ?? 0
      if (key <= below) break
      keys[index] = below
      values[index] = values[child] ?? 0
      index = child
    }
    keys[index] = key
    values[index] = values[size] ?? 0
    return first
  }
}
