import { describe, expect, it } from 'vitest'
import { NetworkBench, type NetworkSizes } from '../../../test/engine/network-bench.js'
import { hasUnfinished } from './result-partition.js'

const SIZES: NetworkSizes = { consumers: 2, segmentBytes: 100, poolSize: 10, exclusive: 4, floating: 0, local: false }

function sizesOnWire(bench: NetworkBench, index = 0): readonly (readonly [bytes: number, ids: number[], backlog: number])[] {
  return (bench.wires[index] ?? []).map(({ bytes, elements, backlog }) => [bytes, elements.map(({ id }) => id), backlog])
}

describe('a result partition', () => {
  it('sends a buffer when it is full', () => {
    const bench = new NetworkBench(SIZES)
    bench.write(0, 1, 60)
    expect(bench.wires[0]).toEqual([])
    bench.write(0, 2, 40)
    expect(sizesOnWire(bench)).toEqual([[100, [1, 2], 0]])
  })

  it('ends a record that spans buffers in the one with its last byte', () => {
    const bench = new NetworkBench(SIZES)
    bench.write(0, 1, 60)
    bench.write(0, 2, 210)
    // 60 + 40 of 210, 100, and 70 in a buffer that is not full.
    expect(sizesOnWire(bench)).toEqual([
      [100, [1], 1],
      [100, [], 0],
    ])
    bench.flush()
    expect(sizesOnWire(bench).at(-1)).toEqual([70, [2], 0])
  })

  it('sends partly filled buffers when it is flushed, and knows of them', () => {
    const bench = new NetworkBench(SIZES)
    expect(hasUnfinished(bench.partition)).toBe(false)
    bench.write(1, 1, 10)
    expect(hasUnfinished(bench.partition)).toBe(true)
    bench.flush()
    expect(hasUnfinished(bench.partition)).toBe(false)
    expect(sizesOnWire(bench, 1)).toEqual([[10, [1], 0]])
  })

  it('writes into a new buffer behind a flush that could not be sent', () => {
    const bench = new NetworkBench({ ...SIZES, exclusive: 1 })
    bench.write(0, 1, 100)
    bench.write(0, 2, 10)
    bench.flush()
    bench.write(0, 3, 10)
    expect(bench.subpartition(0).queue.map(({ elements }) => elements.length)).toEqual([1, 1])
  })

  it('puts an event behind what is written for every consumer, full or not', () => {
    const bench = new NetworkBench(SIZES)
    bench.write(0, 1, 10)
    bench.broadcast({ type: 'end-of-data' })
    expect(bench.wires.map((wire) => wire.map(({ event, bytes }) => event?.type ?? bytes))).toEqual([[10, 'end-of-data'], ['end-of-data']])
  })

  it('puts an event with priority before the buffers that wait, behind others with priority', () => {
    const bench = new NetworkBench({ ...SIZES, consumers: 1, exclusive: 1 })
    // Nobody has asked for it yet.
    bench.subpartition(0).consumer = null
    for (const id of [1, 2]) bench.write(0, id, 100)
    for (const checkpoint of [1, 2]) bench.broadcast({ type: 'barrier', checkpoint, options: { alignment: 'UNALIGNED' } })
    bench.broadcast({ type: 'end-of-data' })
    const waiting = bench.subpartition(0).queue.map(({ event, elements }) => event ?? elements.map(({ id }) => id))
    expect(waiting).toMatchObject([{ checkpoint: 1 }, { checkpoint: 2 }, [1], [2], { type: 'end-of-data' }])
  })

  it('sends events without credit, and data only with it', () => {
    const bench = new NetworkBench({ ...SIZES, consumers: 1, exclusive: 1 })
    bench.write(0, 1, 100)
    bench.broadcast({ type: 'end-of-data' })
    expect(bench.wires[0]).toHaveLength(2)
    bench.write(0, 2, 100)
    bench.broadcast({ type: 'end-of-partition' })
    expect(bench.wires[0]).toHaveLength(2)
    expect(bench.subpartition(0).queue).toHaveLength(2)
  })

  it('tells how many full buffers wait behind the one that is sent', () => {
    const bench = new NetworkBench({ ...SIZES, consumers: 1, exclusive: 1 })
    for (const id of [1, 2, 3]) bench.write(0, id, 100)
    bench.write(0, 4, 10)
    bench.arrive(0)
    bench.readOne(0)
    bench.returnToSender(0)
    expect(sizesOnWire(bench)).toEqual([[100, [2], 1]])
  })

  it('stops behind an aligned barrier, and not behind one of at-least-once mode', () => {
    for (const [alignment, sent] of [
      ['ALIGNED', 1],
      ['AT_LEAST_ONCE', 2],
    ] as const) {
      const bench = new NetworkBench({ ...SIZES, consumers: 1 })
      bench.broadcast({ type: 'barrier', checkpoint: 1, options: { alignment } })
      bench.write(0, 1, 100)
      expect(bench.wires[0]).toHaveLength(sent)
      bench.resume(0)
      bench.returnToSender(0)
      expect(bench.wires[0]).toHaveLength(2)
    }
  })

  it('keeps everything for a consumer that has not come yet', () => {
    const bench = new NetworkBench({ ...SIZES, consumers: 1 })
    bench.subpartition(0).consumer = null
    bench.write(0, 1, 100)
    bench.broadcast({ type: 'end-of-data' })
    expect(bench.wires[0]).toEqual([])
    expect(bench.partition.inUse).toBe(1)
  })
})
