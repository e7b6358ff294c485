/** Job graphs whose operators do nothing: for tests of those who deploy and coordinate them. */
import { eraseOperator } from '../../src/engine/actor-types.js'
import type { CheckpointConfiguration, JobConfiguration } from '../../src/engine/configuration.js'
import type { JobEdge, JobGraph, ShipStrategy } from '../../src/engine/graph/job-graph.js'
import { sliceConfiguration } from './slice-job.js'

/** What a scripted job is like. */
export interface ScriptedJob {
  /** Of each vertex. Those without input are sources. */
  readonly parallelism: readonly number[]
  readonly edges: readonly { readonly from: number; readonly to: number; readonly ship: ShipStrategy }[]
  /** Splits of each source; as many as subtasks unless told. */
  readonly splits?: number
  /** Where reading of a split begins. */
  readonly startOffset?: (split: string) => number
  /** The sources never end. */
  readonly unbounded?: boolean
  readonly configuration?: Partial<JobConfiguration>
  readonly checkpointing?: Partial<CheckpointConfiguration>
}

const idle = eraseOperator({ open: () => null, snapshot: () => ({ lists: [] }) })

/** The graph of a scripted job. Vertex n is called Vn. */
export function scriptedGraph({ parallelism, edges, splits, startOffset, unbounded, configuration, checkpointing }: ScriptedJob): JobGraph {
  const all = edges.map(({ from, to, ship }, id): JobEdge => ({ id, from, to, ship, input: 0 }))
  return {
    name: 'scripted',
    recordBytes: 100,
    edges: all,
    configuration: { ...sliceConfiguration, ...configuration, checkpointing: { ...sliceConfiguration.checkpointing, ...checkpointing } },
    vertices: parallelism.map((subtasks, id) => {
      const inputs = all.filter(({ to }) => to === id)
      const name = `V${id}`
      const isSource = inputs.length === 0
      return {
        id,
        name,
        parallelism: subtasks,
        inputs,
        outputs: all.filter(({ from }) => from === id),
        workUs: 100,
        operators: [
          {
            ordinal: id,
            name,
            uid: name,
            role: isSource ? ('source' as const) : ('operator' as const),
            stateful: false,
            code: idle,
            keyOf: [],
            outputs: [],
            ...(isSource && { splits: Array.from({ length: splits ?? subtasks }, (_, split) => `${name}-s${split}`) }),
            ...(isSource && startOffset && { startOffset }),
            ...(isSource && unbounded && { unbounded }),
          },
        ],
      }
    }),
  }
}
