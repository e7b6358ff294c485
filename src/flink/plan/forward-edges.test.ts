import { describe, expect, it } from 'vitest'
import { readPlan } from './import-plan.js'

const source = (id: number, parallelism: number) => ({ id, type: `Source: ${String(id)}`, pact: 'Data Source', parallelism })
const behind = (from: number, parallelism: number) => ({
  ...{ id: 9, type: 'Map', pact: 'Operator', parallelism },
  predecessors: [{ id: from, ship_strategy: 'FORWARD' }],
})
const problemsOf = (...nodes: object[]) => readPlan({ nodes }, 'p', { chaining: false }).problems

describe('a FORWARD edge of an execution plan', () => {
  it('is a problem between other parallelisms, with the producer named, and none between the same', () => {
    expect(problemsOf(source(1, 1), source(2, 2), behind(2, 2))).toEqual([])
    expect(problemsOf(source(1, 2), source(2, 1), behind(2, 2))).toEqual([
      { vertex: 'Map', reason: expect.stringMatching(/^its FORWARD input comes from 'Source: 2' of parallelism 1, its own is 2/) },
    ])
  })
})
