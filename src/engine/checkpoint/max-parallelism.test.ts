import { describe, expect, it } from 'vitest'
import { sliceConfiguration, sliceJob } from '../../../test/engine/slice-job.js'
import { refOf } from '../actor-types.js'
import type { JobConfiguration } from '../configuration.js'
import { refusedParallelism, restoredMaxParallelism } from './max-parallelism.js'
import type { CheckpointMetadata } from './state-handle.js'

function graph(parallelism: number, configuration: Partial<JobConfiguration>) {
  return sliceJob(refOf(0), { parallelism, perSplit: 1, keys: 1, configuration: { ...sliceConfiguration, ...configuration } })
}

function metadata(maxParallelism: number): CheckpointMetadata {
  const operators = graph(1, {}).vertices.flatMap((vertex) => vertex.operators)
  return {
    checkpoint: 1,
    operators: operators.map(({ uid }) => ({ uid, parallelism: 1, maxParallelism, finished: [] })),
    tasks: [],
    enumerators: [],
  }
}

describe('max parallelism', () => {
  it('is that of the checkpoint where the job has not set its own', () => {
    const derived = graph(2, { maxParallelism: 128, maxParallelismDerived: true })
    expect(refusedParallelism(derived, metadata(16))).toBeUndefined()
    expect(restoredMaxParallelism(derived, metadata(16))).toBe(16)
  })

  it('cannot be changed', () => {
    const explicit = graph(2, { maxParallelism: 32 })
    expect(refusedParallelism(explicit, metadata(16))).toMatch(
      /^the maximum parallelism \(16\) .* current maximum parallelism \(32\) changed/,
    )
    expect(refusedParallelism(explicit, metadata(32))).toBeUndefined()
    expect(restoredMaxParallelism(explicit, metadata(32))).toBe(32)
  })

  it('of a checkpoint that holds nothing for the job is nothing to it', () => {
    const explicit = graph(2, { maxParallelism: 32 })
    const { operators, ...checkpoint } = metadata(16)
    const foreign = { ...checkpoint, operators: operators.map((operator) => ({ ...operator, uid: `former ${operator.uid}` })) }
    expect(refusedParallelism(explicit, foreign)).toBeUndefined()
    expect(restoredMaxParallelism(explicit, foreign)).toBe(32)
  })

  it('is the limit of a new parallelism', () => {
    const derived = { maxParallelism: 128, maxParallelismDerived: true } as const
    expect(refusedParallelism(graph(3, derived), metadata(2))).toMatch(
      /maximum parallelism \(2\) .* lower than the configured parallelism \(3\)/,
    )
    expect(refusedParallelism(graph(2, derived), metadata(2))).toBeUndefined()
  })
})
