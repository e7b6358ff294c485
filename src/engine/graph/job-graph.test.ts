import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consumersOf, isAllToAll, producersOf, type JobEdge, type ShipStrategy } from './job-graph.js'

const STRATEGIES: readonly ShipStrategy[] = ['FORWARD', 'RESCALE', 'HASH', 'REBALANCE', 'BROADCAST', 'SHUFFLE', 'GLOBAL']
const parallelism = fc.integer({ min: 1, max: 12 })

function edge(ship: ShipStrategy): JobEdge {
  return { id: 0, from: 0, to: 1, ship, input: 0 }
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index)
}

describe('the two ends of an edge', () => {
  it('agree on who is connected to whom', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STRATEGIES), parallelism, parallelism, (ship, producers, consumers) => {
        for (const producer of upTo(producers)) {
          for (const consumer of upTo(consumers)) {
            const feeds = consumersOf(edge(ship), producers, consumers, producer).includes(consumer)
            const reads = producersOf(edge(ship), producers, consumers, consumer).includes(producer)
            expect(feeds).toBe(reads)
          }
        }
      }),
    )
  })

  it('leave nobody out, and list each other in order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...STRATEGIES), parallelism, parallelism, (ship, producers, consumers) => {
        const lists = [
          ...upTo(producers).map((producer) => consumersOf(edge(ship), producers, consumers, producer)),
          ...upTo(consumers).map((consumer) => producersOf(edge(ship), producers, consumers, consumer)),
        ]
        for (const list of lists) {
          expect(list.length).toBeGreaterThan(0)
          expect(list).toEqual([...new Set(list)].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('are one to one when a pointwise edge joins equal parallelisms', () => {
    fc.assert(
      fc.property(fc.constantFrom<ShipStrategy>('FORWARD', 'RESCALE'), parallelism, (ship, n) => {
        for (const subtask of upTo(n)) expect(consumersOf(edge(ship), n, n, subtask)).toEqual([subtask])
      }),
    )
  })

  it('share the larger side evenly over the smaller one when the edge is pointwise', () => {
    expect(upTo(2).map((producer) => consumersOf(edge('RESCALE'), 2, 4, producer))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(upTo(2).map((consumer) => producersOf(edge('RESCALE'), 4, 2, consumer))).toEqual([
      [0, 1],
      [2, 3],
    ])
    fc.assert(
      fc.property(parallelism, parallelism, (producers, consumers) => {
        const shares =
          producers >= consumers
            ? upTo(consumers).map((consumer) => producersOf(edge('RESCALE'), producers, consumers, consumer).length)
            : upTo(producers).map((producer) => consumersOf(edge('RESCALE'), producers, consumers, producer).length)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('are shared out as Flink does where the parallelisms do not divide: the later ones get more', () => {
    const shares = (producers: number, consumers: number): (readonly number[])[] =>
      upTo(consumers).map((consumer) => producersOf(edge('RESCALE'), producers, consumers, consumer))
    expect(shares(3, 2)).toEqual([[0], [1, 2]])
    expect(shares(5, 3)).toEqual([[0], [1, 2], [3, 4]])
    expect(shares(2, 3)).toEqual([[0], [0], [1]])
  })

  it('are everybody when the edge is not pointwise', () => {
    for (const ship of STRATEGIES) {
      if (isAllToAll(ship)) expect(consumersOf(edge(ship), 3, 2, 1)).toEqual([0, 1])
    }
    expect(STRATEGIES.filter((ship) => !isAllToAll(ship))).toEqual(['FORWARD', 'RESCALE'])
  })
})
