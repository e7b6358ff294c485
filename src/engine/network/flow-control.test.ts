/** Credits, pools and order between a result partition and its consumers, under random schedules. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataIn, NetworkBench, type NetworkSizes } from '../../../test/engine/network-bench.js'
import { blocksUpstream } from './buffer.js'
import { isAvailable } from './result-partition.js'

const sizes: fc.Arbitrary<NetworkSizes> = fc.record({
  consumers: fc.integer({ min: 1, max: 3 }),
  segmentBytes: fc.constantFrom(100, 150),
  poolSize: fc.integer({ min: 1, max: 5 }),
  exclusive: fc.integer({ min: 1, max: 3 }),
  floating: fc.nat({ max: 3 }),
  local: fc.boolean(),
})

type Step =
  | { readonly do: 'write'; readonly consumer: number; readonly bytes: number }
  | { readonly do: 'arrive' | 'read' | 'return'; readonly consumer: number }
  | { readonly do: 'flush' | 'barrier' }

const consumer = fc.nat({ max: 2 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('write' as const), consumer, bytes: fc.constantFrom(10, 40, 100, 250) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('arrive' as const, 'read' as const, 'return' as const), consumer }) },
    { weight: 2, arbitrary: fc.constant({ do: 'flush' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'barrier' as const }) },
  ),
  { maxLength: 120 },
)

const LARGEST_RECORD = 250

/** Takes one step; whoever reads a barrier resumes its channel, as after an alignment. */
function take(bench: NetworkBench, step: Step, ids: { next: number }): void {
  const index = 'consumer' in step ? step.consumer % bench.sizes.consumers : 0
  switch (step.do) {
    case 'write':
      if (isAvailable(bench.partition)) bench.write(index, ids.next++, step.bytes)
      return
    case 'barrier':
      bench.broadcast({ type: 'barrier', checkpoint: ids.next++, options: { alignment: 'ALIGNED' } })
      return
    case 'flush':
      bench.flush()
      return
    case 'arrive':
      bench.arrive(index)
      return
    case 'return':
      bench.returnToSender(index)
      return
    case 'read':
      if (bench.readOne(index) && bench.read[index]?.at(-1) === 'barrier') bench.resume(index)
  }
}

/** What must be true between any two steps. */
function check(bench: NetworkBench): void {
  const { partition, sizes: given } = bench
  const queued = partition.subpartitions.reduce((sum, { queue }) => sum + dataIn(queue), 0)
  expect(partition.inUse).toBe(queued)
  // A record that was begun while there was room is written to its end.
  expect(queued).toBeLessThanOrEqual(given.poolSize + Math.ceil(LARGEST_RECORD / given.segmentBytes))
  partition.subpartitions.forEach((subpartition, index) => {
    const channel = bench.channel(index)
    const gate = bench.gate(index)
    const returning = (bench.credits[index] ?? []).reduce((sum, credit) => sum + credit, 0)
    expect(subpartition.credit).toBeGreaterThanOrEqual(0)
    // Every buffer of the receiver is in exactly one place: credit of the sender, on its way to and fro, filled, or not yet announced.
    expect(channel.credit).toBe(subpartition.credit + returning + dataIn(bench.wires[index] ?? []))
    expect(channel.credit + channel.unannounced + dataIn(channel.queue)).toBe(channel.exclusive + channel.floating)
    expect(gate.floating + channel.floating).toBe(given.floating)
    expect(gate.floating).toBeGreaterThanOrEqual(0)
    // In line exactly while there is something to read.
    expect(gate.available).toEqual(channel.queue.length > 0 ? [0] : [])
  })
}

/** Steps until nothing moves any more. */
function drain(bench: NetworkBench): void {
  bench.flush()
  for (let moved = true; moved;) {
    moved = false
    for (let index = 0; index < bench.sizes.consumers; index++) {
      while (bench.arrive(index)) moved = true
      while (bench.readOne(index)) {
        moved = true
        if (bench.read[index]?.at(-1) === 'barrier') bench.resume(index)
      }
      while (bench.returnToSender(index)) moved = true
    }
    check(bench)
  }
}

describe('flow control', () => {
  it('keeps every buffer in one place, under any schedule', () => {
    fc.assert(
      fc.property(sizes, steps, (given, script) => {
        const bench = new NetworkBench(given)
        const ids = { next: 1 }
        for (const step of script) {
          take(bench, step, ids)
          check(bench)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('loses nothing, repeats nothing, keeps the order of each consumer, and gives every buffer back', () => {
    fc.assert(
      fc.property(sizes, steps, (given, script) => {
        const bench = new NetworkBench(given)
        const ids = { next: 1 }
        for (const step of script) take(bench, step, ids)
        drain(bench)
        expect(bench.read).toEqual(bench.written)
        expect(bench.partition.inUse).toBe(0)
        for (let index = 0; index < given.consumers; index++) {
          const { floating } = bench.channel(index)
          expect(bench.subpartition(index).credit + bench.channel(index).unannounced).toBe(bench.channel(index).exclusive + floating)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('sends nothing behind an aligned barrier until it is resumed', () => {
    fc.assert(
      fc.property(sizes, steps, (given, script) => {
        const bench = new NetworkBench(given)
        const ids = { next: 1 }
        for (const step of script) {
          take(bench, step, ids)
          bench.sent.forEach((sent, index) => {
            // What is sent behind so many barriers had to wait for as many resumptions.
            const resumed = bench.resumed[index] ?? 0
            const barriers = sent.slice(0, -1).filter(({ event }) => event !== null && blocksUpstream(event)).length
            expect(barriers).toBeLessThanOrEqual(resumed)
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('lets one blocked consumer starve the others of the pool they share', () => {
    const bench = new NetworkBench({ consumers: 2, segmentBytes: 100, poolSize: 3, exclusive: 1, floating: 0, local: false })
    for (let id = 1; isAvailable(bench.partition); id++) bench.write(0, id, 100)
    expect(bench.subpartition(0).queue).toHaveLength(3)
    expect(bench.subpartition(1).queue).toHaveLength(0)
    expect(isAvailable(bench.partition)).toBe(false)
    bench.arrive(0)
    bench.readOne(0)
    bench.returnToSender(0)
    expect(isAvailable(bench.partition)).toBe(true)
  })
})
