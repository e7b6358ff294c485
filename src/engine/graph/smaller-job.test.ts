import { describe, expect, it } from 'vitest'
import { scriptedGraph } from '../../../test/engine/scripted-job.js'
import { vertexGroups } from './smaller-job.js'

describe('vertices that must have the same parallelism', () => {
  it('are those that FORWARD edges join, over several of them as well', () => {
    const graph = scriptedGraph({
      parallelism: [2, 2, 2, 2],
      edges: [
        { from: 1, to: 2, ship: 'FORWARD' },
        { from: 0, to: 1, ship: 'FORWARD' },
        { from: 2, to: 3, ship: 'HASH' },
      ],
    })
    expect(vertexGroups(graph).map((group) => group.map(({ id }) => id))).toEqual([[0, 1, 2], [3]])
  })
})
