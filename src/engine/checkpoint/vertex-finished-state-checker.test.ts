import { describe, expect, it } from 'vitest'
import { sliceConfiguration, sliceJob } from '../../../test/engine/slice-job.js'
import { refOf } from '../actor-types.js'
import { refusedFinishedState } from './vertex-finished-state-checker.js'
import type { CheckpointMetadata } from './state-handle.js'

const graph = sliceJob(refOf(0), { parallelism: 2, perSplit: 1, keys: 1, configuration: sliceConfiguration })
const [source, behind] = graph.vertices

/** The first two vertices put together to one. */
const chained = {
  ...graph,
  vertices: graph.vertices.slice(0, 1).map((vertex) => ({ ...vertex, operators: [...vertex.operators, ...(behind?.operators ?? [])] })),
}

/** A checkpoint in which so many subtasks of each vertex had finished. */
function metadata(finished: readonly (0 | 1 | 2)[]): CheckpointMetadata {
  const operators = graph.vertices.flatMap((vertex, id) =>
    vertex.operators.map(({ uid }) => ({ uid, parallelism: 2, maxParallelism: 16, finished: [0, 1].slice(0, finished[id] ?? 0) })),
  )
  return { checkpoint: 1, operators, tasks: [], enumerators: [] }
}

describe('finished tasks in a checkpoint', () => {
  it('are restored where all before them had finished', () => {
    expect(refusedFinishedState(graph, metadata([]))).toBeUndefined()
    expect(refusedFinishedState(graph, metadata([1]))).toBeUndefined()
    expect(refusedFinishedState(graph, metadata([2, 1]))).toBeUndefined()
    expect(refusedFinishedState(graph, metadata([2, 2]))).toBeUndefined()
  })

  it('are refused where something before them goes on', () => {
    expect(refusedFinishedState(graph, metadata([1, 2]))).toBe(
      'illegal JobGraph modification: cannot run a program with fully finished vertices predeceased with running or partially finished ones: ' +
        `${behind?.name ?? ''} behind ${source?.name ?? ''}`,
    )
    expect(refusedFinishedState(graph, metadata([0, 1]))).toMatch(/partially finished vertices/)
  })

  it('of one vertex only may be behind others of which some go on, where each reads its own', () => {
    const forward = { ...graph, vertices: graph.vertices.map((vertex) => ({ ...vertex, inputs: vertex.inputs.map(toForward) })) }
    expect(refusedFinishedState(forward, metadata([1, 1]))).toBeUndefined()
    expect(refusedFinishedState(forward, metadata([0, 1]))).toMatch(/partially finished vertices/)
    expect(refusedFinishedState(forward, metadata([1, 2]))).toMatch(/fully finished vertices/)
    expect(refusedFinishedState(graph, metadata([1, 1]))).toMatch(/partially finished vertices/)
  })

  it.each([
    [0, 2, 'ALL_RUNNING and FULLY_FINISHED'],
    [0, 1, 'ALL_RUNNING and PARTIALLY_FINISHED'],
    [1, 2, 'FULLY_FINISHED and PARTIALLY_FINISHED'],
  ] as const)('must not be chained to operators of which others had (%i and %i of 2)', (some, others, names) => {
    expect(refusedFinishedState(chained, metadata([some, others]))).toMatch(new RegExp(`mixed operator finished state: ${names}$`))
    expect(refusedFinishedState(chained, metadata([others, others]))).toBeUndefined()
  })

  it('must not be chained to a new operator', () => {
    const { operators, ...checkpoint } = metadata([2, 2])
    const known = operators.filter(({ uid }) => uid !== behind?.operators[0]?.uid)
    expect(refusedFinishedState(chained, { ...checkpoint, operators: known })).toMatch(/mixed .*: ALL_RUNNING and FULLY_FINISHED$/)
  })
})

function toForward(edge: (typeof graph.edges)[number]) {
  return { ...edge, ship: 'FORWARD' as const }
}
