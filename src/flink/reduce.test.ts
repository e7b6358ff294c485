import { describe, expect, it } from 'vitest'
import { readPlan } from './plan/index.js'
import { reduceParallelism } from './reduce.js'

/** A line of vertices with these parallelisms. */
function line(...parallelism: number[]) {
  const nodes = parallelism.map((value, index) => ({
    id: String(index),
    parallelism: value,
    description: `v${String(index)}`,
    ...(index === 0 ? {} : { inputs: [{ id: String(index - 1), ship_strategy: 'HASH' }] }),
  }))
  return readPlan({ nodes }, 'p')
}

const reduced = (...parallelism: number[]) => reduceParallelism(line(...parallelism)).plan.vertices.map((vertex) => vertex.parallelism)

describe('reduceParallelism', () => {
  it('leaves small plans alone and says nothing', () => {
    expect(reduced(1, 2, 4)).toEqual([1, 2, 4])
    expect(reduceParallelism(line(1, 2, 4)).notes).toEqual([])
  })
  it.each([
    [[8], [2]],
    [
      [1, 8, 8],
      [1, 2, 2],
    ],
    [
      [1, 8, 16],
      [1, 2, 3],
    ],
    [
      [3, 8],
      [3, 4],
    ],
    [
      [4, 8],
      [3, 4],
    ],
    [
      [2, 64, 128],
      [2, 3, 4],
    ],
    [
      [128, 1, 4, 6],
      [4, 1, 2, 3],
    ],
    [
      [-1, 8],
      [-1, 2],
    ],
  ])('%j becomes %j', (before, after) => {
    expect(reduced(...before)).toEqual(after)
  })
  it('says what it did', () => {
    expect(reduceParallelism(line(1, 8, 16)).notes).toEqual([
      'parallelism is reduced for the simulation: 8 as 2, 16 as 3; edges, single subtasks and which of two vertices has more are kept',
    ])
  })
  it('keeps neighbours apart when there are too many different values, and says what it lost', () => {
    expect(reduced(8, 16, 10, 20, 12)).toEqual([2, 3, 2, 3, 2])
    const rising = reduceParallelism(line(5, 6, 7, 8, 9))
    expect(rising.plan.vertices.map((vertex) => vertex.parallelism)).toEqual([2, 3, 4, 4, 4])
    expect(rising.notes[1]).toBe(
      "vertices that no edge joins may have become equal in parallelism, and so have 'v2' and 'v3', 'v3' and 'v4'",
    )
  })
  it('keeps the edges', () => {
    const plan = line(1, 8, 16)
    expect(reduceParallelism(plan).plan.vertices.map((vertex) => vertex.inputs)).toEqual(plan.vertices.map((vertex) => vertex.inputs))
  })
})
