import type { ActorRef } from '../../world/index.js'
import type { StorageRequest } from '../checkpoint/checkpoint-storage.js'
import type { AssignedHandle } from '../checkpoint/state-handle.js'
import type { JobGraph } from '../graph/job-graph.js'
import type { JobManagerMessage } from '../jobmaster/job-manager-messages.js'
import type { LocalOperatorState } from '../state/local-state-store.js'
import type { Execution, TaskExecutorMessage } from '../jobmaster/task-executor-messages.js'

/** Everything a task attempt needs to run (Flink: `TaskDeploymentDescriptor`). */
export interface TaskDeployment {
  readonly vertex: number
  readonly subtask: number
  readonly attempt: number
  /** Incarnation of the JobManager that deployed it: words from an older one are ignored (Flink: `JobMasterId` fencing). */
  readonly jobMasterId: number
  readonly jobManager: ActorRef<JobManagerMessage>
  readonly taskExecutor: ActorRef<TaskExecutorMessage>
  readonly storage: ActorRef<StorageRequest>
  /** The checkpoint to restore and what this subtask gets of it; null for an empty start. */
  readonly restore: { readonly checkpoint: number; readonly handles: readonly AssignedHandle[] } | null
  /** The number of key groups, where it is not the job's own, because the checkpoint has another one. */
  readonly maxParallelism?: number
  /** Copies of this state that the TaskManager has itself; absent where it keeps none. */
  readonly local?: readonly LocalOperatorState[]
  /** Where the producers of each input channel run, in the order of the channels. */
  readonly producers: readonly ProducerLocation[]
}

/** A producer's subpartition, as a consumer finds it (Flink: `ShuffleDescriptor`). */
export interface ProducerLocation {
  readonly edge: number
  readonly gate: number
  readonly subtask: number
  readonly attempt: number
  /** Which of the producer's subpartitions is this consumer's. */
  readonly subpartition: number
  readonly taskExecutor: ActorRef<TaskExecutorMessage>
  /** Same TaskManager: no wire between them. */
  readonly local: boolean
}

/** The number of key groups that a task goes by. */
export function maxParallelismOf({ deployment, graph }: { readonly deployment: TaskDeployment; readonly graph: JobGraph }): number {
  return deployment.maxParallelism ?? graph.configuration.maxParallelism
}

/** The attempt that a deployment starts. */
export function executionOf({ vertex, subtask, attempt }: TaskDeployment): Execution {
  return { vertex, subtask, attempt }
}
