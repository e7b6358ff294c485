import { describe, expect, it } from 'vitest'
import { TaskBench, type TaskBenchOptions } from '../../../test/engine/task-bench.js'
import { keyGroupOf, ownerOf } from '../graph/key-groups.js'
import type { ShipStrategy } from '../graph/job-graph.js'
import { CREDIT_LANE } from '../lanes.js'
import { derivedIdentity } from '../record.js'

/** Sends records 1 to 6 over an edge to three consumers. */
function shipped(ship: ShipStrategy, options: TaskBenchOptions = {}): TaskBench {
  const bench = new TaskBench({ producers: 1, consumers: 3, ship, ...options }).deploy()
  bench.record(0, 1, 2, 3, 4, 5, 6)
  bench.run()
  return bench
}

/** The identity of the copy of a record that a broadcast gives a subtask: the operator is the second of the job. */
function copyFor(subtask: number, id: number): number {
  return derivedIdentity(id, 1, subtask)
}

describe('a record', () => {
  it('goes to the subtask that owns its key', () => {
    const bench = shipped('HASH')
    const max = bench.graph.configuration.maxParallelism
    bench.outputs.forEach((output, subtask) => {
      expect(output).toEqual([1, 2, 3, 4, 5, 6].filter((value) => ownerOf(keyGroupOf(value, max), 3, max) === subtask))
    })
  })

  it('goes round', () => {
    expect(shipped('REBALANCE').outputs).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    expect(shipped('RESCALE').outputs).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
  })

  it('goes round from where each attempt draws, over an edge that rebalances', () => {
    const drawn: string[] = []
    const chooser = (stream: string, _ordinal: number, n: number) => {
      if (stream.includes('rebalance')) drawn.push(`1 of ${n}`)
      return n === 3 ? 1 : 0
    }
    expect(shipped('REBALANCE', { chooser }).outputs).toEqual([
      [3, 6],
      [1, 4],
      [2, 5],
    ])
    expect(drawn).toEqual(['1 of 3'])
    expect(shipped('RESCALE', { chooser }).outputs[0]).toEqual([1, 4])
    expect(drawn).toHaveLength(1)
  })

  it('goes to everybody as copies, each of them a record of its own', () => {
    const bench = shipped('BROADCAST')
    expect(bench.outputs).toEqual([0, 1, 2].map((subtask) => [1, 2, 3, 4, 5, 6].map((id) => copyFor(subtask, id))))
    expect(new Set(bench.outputs.flat()).size).toBe(18)
    const emitted = bench.facts('emit')
    expect(emitted).toHaveLength(18)
    expect(emitted.slice(0, 3)).toMatchObject([0, 1, 2].map((subtask) => ({ id: copyFor(subtask, 1), causes: [1], to: ['V2'] })))
  })

  it('is a copy also where a broadcast has one receiver', () => {
    const bench = shipped('BROADCAST', { consumers: 1 })
    expect(bench.outputs).toEqual([[1, 2, 3, 4, 5, 6].map((id) => copyFor(0, id))])
    expect(bench.facts('emit').map(({ causes }) => causes)).toEqual([1, 2, 3, 4, 5, 6].map((id) => [id]))
  })

  it('goes to the first', () => {
    expect(shipped('GLOBAL').outputs).toEqual([[1, 2, 3, 4, 5, 6], [], []])
    expect(shipped('FORWARD', { consumers: 1 }).outputs).toEqual([[1, 2, 3, 4, 5, 6]])
  })

  it('goes where the driver says, when it is shuffled', () => {
    // The bench answers every choice with 0.
    expect(shipped('SHUFFLE').outputs).toEqual([[1, 2, 3, 4, 5, 6], [], []])
  })
})

describe('a watermark', () => {
  it('goes to everybody, whatever the strategy', () => {
    const bench = new TaskBench({ producers: 1, consumers: 3, ship: 'HASH' }).deploy()
    bench.watermark(0, 5)
    bench.run()
    expect(bench.outputs).toEqual([['watermark 5'], ['watermark 5'], ['watermark 5']])
  })
})

describe('a buffer that is not full', () => {
  const network = { segmentBytes: 1000, buffersPerChannel: 2, floatingBuffersPerGate: 2, bufferTimeoutUs: 5_000 }

  it('waits for more, and no longer than the buffer timeout', () => {
    const bench = new TaskBench({ producers: 1, configuration: { network } }).deploy()
    bench.record(0, 1)
    bench.run(3_000)
    bench.record(0, 2)
    bench.run(1_000)
    expect(bench.outputs).toEqual([[]])
    bench.run(2_000)
    expect(bench.outputs).toEqual([[1, 2]])
    expect(bench.state.bufferTimerArmed).toBe(false)
    bench.record(0, 3)
    bench.run(10_000)
    expect(bench.outputs).toEqual([[1, 2, 3]])
  })

  it('waits for as long as it takes where there is no buffer timeout', () => {
    const bench = new TaskBench({ producers: 1, configuration: { network: { ...network, bufferTimeoutUs: -1 } } }).deploy()
    bench.record(0, 1)
    bench.run(1_000_000)
    expect(bench.outputs).toEqual([[]])
    bench.barrier(0, 1)
    bench.run(1_000)
    expect(bench.outputs).toEqual([[1, 'barrier 1']])
  })

  it('leaves at once when it is full', () => {
    const bench = new TaskBench({ producers: 1, configuration: { network } }).deploy()
    bench.record(0, ...Array.from({ length: 11 }, (_, index) => index + 1))
    bench.run(2_000)
    // Ten records of a hundred bytes each.
    expect(bench.outputs).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
  })

  it('leaves with the barrier behind it', () => {
    const bench = new TaskBench({ producers: 1, configuration: { network } }).deploy()
    bench.record(0, 1)
    bench.barrier(0, 1)
    bench.run(1_000)
    expect(bench.outputs).toEqual([[1, 'barrier 1']])
  })
})

describe('a consumer whose connection is lost', () => {
  it('is noticed: every consumer is watched over the connection on which it gives credit', () => {
    const bench = new TaskBench({ producers: 1, consumers: 3 }).deploy()
    const watched = bench.world.links.filter((link) => link?.to === bench.task && link.lane === CREDIT_LANE && link.watched)
    expect(watched).toHaveLength(3)
  })

  it('holds up nobody: what is written for it is dropped, its buffers are free, and the others get theirs', () => {
    // No credit: everything waits, until the pool of ten buffers is used up.
    const bench = new TaskBench({ producers: 1, consumers: 2, ship: 'BROADCAST', credit: 0 }).deploy()
    bench.record(0, 1)
    bench.run()
    const [partition] = bench.state.partitions
    expect(partition?.inUse).toBe(2)
    bench.loseConsumer(0)
    bench.run()
    expect(partition?.inUse).toBe(1)
    bench.giveCredit(1, 100)
    for (let id = 2; id <= 30; id++) bench.record(0, id)
    bench.barrier(0, 1)
    bench.record(0, 31)
    bench.run()
    expect(bench.outputs).toEqual([[], [...Array.from({ length: 30 }, (_, index) => copyFor(1, index + 1)), 'barrier 1', copyFor(1, 31)]])
    expect(partition?.inUse).toBe(0)
    expect(bench.statuses()).toEqual(['INITIALIZING', 'RUNNING'])
  })
})
