/** One shape for the plan of a job, whichever form it was given in. A vertex is a `JobVertex`: a chain of operators that share a task. */

/** How records go from the subtasks of one vertex to those of the next: the name of Flink's `StreamPartitioner`. */
export type ShipStrategy = 'FORWARD' | 'HASH' | 'REBALANCE' | 'RESCALE' | 'BROADCAST' | 'SHUFFLE' | 'GLOBAL' | 'CUSTOM' | 'unknown'

/** An operator of a chain. */
export interface PlanOperator {
  readonly name: string
  /** Index, in the vertex, of the operator that hands it its records; absent for the head of the chain. */
  readonly chainedTo?: number
}

/** An edge into the head of a vertex. */
export interface PlanInput {
  /** Id of the producing vertex. */
  readonly from: string
  /** Index of the producing operator in its chain; absent where the form of the plan does not tell. */
  readonly fromOperator?: number
  readonly ship: ShipStrategy
  /** Result partition type, for example `pipelined_bounded` or `blocking`; job plans only. */
  readonly exchange?: string
  /** `first` or `second`; execution plans only. */
  readonly side?: string
}

/** A vertex of the plan, with the operators chained in it. */
export interface PlanVertex {
  readonly id: string
  readonly name: string
  /** -1 where Flink decides it later (adaptive batch jobs). */
  readonly parallelism: number
  readonly maxParallelism?: number
  /** Head first, then depth first. */
  readonly operators: readonly PlanOperator[]
  readonly inputs: readonly PlanInput[]
}

/** A pair of vertices that feed records back (`DataStream.iterate`). */
export interface PlanIteration {
  readonly source: string
  readonly sink: string
}

/** Something in a plan that cannot be checkpointed, or not be checked here. */
export interface PlanProblem {
  /** Name of the vertex; absent when the whole job is meant. */
  readonly vertex?: string
  readonly reason: string
}

export interface ImportedPlan {
  readonly name: string
  readonly type: 'STREAMING' | 'BATCH'
  /** `job plan`: REST interface or job graph. `execution plan`: `getExecutionPlan()`, whose chains are rebuilt. */
  readonly form: 'job plan' | 'execution plan'
  /** Producers before consumers; otherwise as listed. */
  readonly vertices: readonly PlanVertex[]
  readonly iterations: readonly PlanIteration[]
  readonly problems: readonly PlanProblem[]
  /** What was assumed because this form of plan does not tell. */
  readonly notes: readonly string[]
  /** Maximum parallelism of the job where the form tells it. */
  readonly maxParallelism?: number
}
