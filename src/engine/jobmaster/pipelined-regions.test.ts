import { describe, expect, it } from 'vitest'
import { scriptedGraph } from '../../../test/engine/scripted-job.js'
import { allSubtasks, regionOf } from './pipelined-regions.js'

function region(
  edges: Parameters<typeof scriptedGraph>[0]['edges'],
  parallelism: readonly number[],
  vertex: number,
  subtask: number,
): string[] {
  const graph = scriptedGraph({ parallelism, edges })
  return regionOf(graph, { vertex, subtask }).map((id) => `${id.vertex}/${id.subtask}`)
}

describe('a pipelined region', () => {
  it('is one pipeline where nothing is exchanged', () => {
    const edges = [
      { from: 0, to: 1, ship: 'FORWARD' },
      { from: 1, to: 2, ship: 'FORWARD' },
    ] as const
    expect(region(edges, [2, 2, 2], 1, 0)).toEqual(['0/0', '1/0', '2/0'])
    expect(region(edges, [2, 2, 2], 2, 1)).toEqual(['0/1', '1/1', '2/1'])
  })

  it('is the whole job behind one exchange of all with all, in both directions', () => {
    const edges = [
      { from: 0, to: 1, ship: 'HASH' },
      { from: 1, to: 2, ship: 'FORWARD' },
    ] as const
    for (const vertex of [0, 1, 2]) expect(region(edges, [2, 2, 2], vertex, 1)).toHaveLength(6)
  })

  it('follows a pointwise edge to those it joins only', () => {
    const edges = [{ from: 0, to: 1, ship: 'RESCALE' }] as const
    expect(region(edges, [4, 2], 0, 2)).toEqual(['0/2', '0/3', '1/1'])
    expect(region(edges, [2, 4], 1, 0)).toEqual(['0/0', '1/0', '1/1'])
  })

  it('does not reach jobs within the job that are not connected', () => {
    const edges = [
      { from: 0, to: 1, ship: 'HASH' },
      { from: 2, to: 3, ship: 'HASH' },
    ] as const
    expect(region(edges, [2, 2, 1, 1], 3, 0)).toEqual(['2/0', '3/0'])
  })

  it('is sorted and a part of all subtasks', () => {
    const graph = scriptedGraph({ parallelism: [2, 3], edges: [{ from: 0, to: 1, ship: 'REBALANCE' }] })
    expect(regionOf(graph, { vertex: 1, subtask: 2 })).toEqual(allSubtasks(graph))
    expect(allSubtasks(graph)).toHaveLength(5)
  })
})
