import type { ActorRef } from '../../world/index.js'
import type { InputMessage } from '../network/input-gate.js'
import type { LocalSnapshot } from '../state/local-state-store.js'
import type { TaskDeployment } from '../task/task-deployment.js'
import type { TaskMail } from '../task/task-messages.js'

/** An attempt of a subtask (Flink: `ExecutionAttemptID`). */
export interface Execution {
  readonly vertex: number
  readonly subtask: number
  readonly attempt: number
}

/** What the JobManager and other TaskManagers ask of a TaskExecutor (Flink: `TaskExecutorGateway`). */
export type TaskExecutorMessage =
  | Registered
  | DisconnectJobManager
  | { readonly kind: 'submit-task'; readonly deployment: Omit<TaskDeployment, 'taskExecutor' | 'storage' | 'local'> }
  | { readonly kind: 'to-task'; readonly execution: Execution; readonly jobMasterId: number; readonly mail: TaskMail }
  | RequestPartition
  | { readonly kind: 'store-local-state'; readonly snapshot: LocalSnapshot }
  | { readonly kind: 'task-ended'; readonly execution: Execution; readonly task: number }

/** The answer to an offer of slots (Flink: `JMTMRegistrationSuccess`). */
export interface Registered {
  readonly kind: 'registered'
  readonly jobMasterId: number
  /** Incarnation of the TaskManager, and its registration: a reply goes to who has asked, and not to its successor. */
  readonly incarnation: number
  readonly registration: number
}

/** The JobManager has given the TaskManager up: whatever runs there is none of its tasks any more (Flink: `disconnectJobManager`). */
export interface DisconnectJobManager {
  readonly kind: 'disconnect-job-manager'
  readonly jobMasterId: number
  /** Incarnation of the TaskManager, and its registration. */
  readonly incarnation: number
  readonly registration: number
}

/** A consumer's request for a subpartition; it waits here until the producer is deployed (FLINK-25055). */
export interface RequestPartition {
  readonly kind: 'request-partition'
  readonly producer: Execution
  readonly edge: number
  readonly subpartition: number
  readonly consumer: ActorRef<InputMessage>
  readonly channel: number
  readonly credit: number
  /** In the same process: no connection between them. */
  readonly local: boolean
}
