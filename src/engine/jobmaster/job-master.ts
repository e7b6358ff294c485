import type { ActorRef, Context } from '../../world/index.js'
import type { HistoryFact, JobStatus } from '../../history/index.js'
import type { DeclineReason } from '../checkpoint/barrier-handler.js'
import type { JobResult, StoreRequest } from '../checkpoint/completed-checkpoint-store.js'
import type { StorageRequest } from '../checkpoint/checkpoint-storage.js'
import type { CheckpointMetadata, EnumeratorSnapshot, TaskSnapshot } from '../checkpoint/state-handle.js'
import type { JobGraph } from '../graph/job-graph.js'
import { RPC_LANE } from '../lanes.js'
import type { SplitState } from '../operator.js'
import type { TaskMail } from '../task/task-messages.js'
import type { RestartStrategyState } from './restart-strategy.js'
import type { Execution, TaskExecutorMessage } from './task-executor-messages.js'

/** What the modules of the JobManager work on during one step. */
export interface JobMaster {
  readonly graph: JobGraph
  readonly setup: JobManagerSetup
  readonly state: JobManagerState
  readonly context: Context
}

/** What the JobManager is set up with; survives its crashes. */
export interface JobManagerSetup {
  readonly storage: ActorRef<StorageRequest>
  /** The durable completed checkpoint store; used with high availability only. */
  readonly store: ActorRef<StoreRequest>
}

/** The volatile state of the JobManager: what its death loses, and its successor must find in the durable stores. */
export interface JobManagerState {
  status: JobStatus
  /** Incarnation of this JobManager: fences words to and from its predecessors (Flink: `JobMasterId`). */
  readonly jobMasterId: number
  /** Sorted by ordinal. */
  taskManagers: RegisteredTaskManager[]
  /** By vertex and subtask. */
  readonly executions: ExecutionState[][]
  readonly coordinator: CoordinatorState
  readonly sources: SourceCoordinatorState[]
  /** The number of key groups: that of the job, or of the checkpoint that it began with. */
  maxParallelism: number
  /** Restarts of this JobManager so far. */
  restarts: number
  readonly restartStrategy: RestartStrategyState
  /** A failover that is under way: subtasks to be restarted, and whether the delay is over. */
  failover: Failover | null
  /** How the job has ended, once that is stored. */
  ended: JobResult | null
  /** Metadata files still to be read before the job starts. */
  loading: { readonly checkpoint: number; readonly path: string }[]
}

/** A TaskManager that has offered its slots (Flink: `TaskManagerRegistration`). */
export interface RegisteredTaskManager {
  readonly taskExecutor: ActorRef<TaskExecutorMessage>
  readonly incarnation: number
  readonly ordinal: number
  readonly slots: number
  /** Counts how often the TaskManager has given up a JobManager that may be alive: tells two registrations of one incarnation apart. */
  readonly registration: number
}

/** The current attempt of a subtask (Flink: `Execution`). */
export interface ExecutionState {
  attempt: number
  status: 'CREATED' | 'DEPLOYING' | 'INITIALIZING' | 'RUNNING' | 'CANCELING' | 'CANCELED' | 'FAILED' | 'FINISHED'
  /** Ordinal of its TaskManager, -1 before the first deployment. */
  location: number
  endOfData: boolean
}

/** A restart that is under way: from the failure to the new deployment. */
export interface Failover {
  /** Sorted by vertex and subtask. */
  subtasks: { readonly vertex: number; readonly subtask: number }[]
  delayOver: boolean
  /** The restart strategy has given up: the job ends FAILED once all is cancelled. */
  readonly final: boolean
  /** The failure belonged to no task: operator coordinators are restored, too (Flink: `isGlobalRecovery`). */
  readonly global: boolean
}

/** State of the checkpoint coordinator (Flink: `CheckpointCoordinator`). */
export interface CoordinatorState {
  /** The periodic scheduler is on: the job is RUNNING. */
  periodic: boolean
  /** At most one request waits (the timer re-arms); that of the final checkpoint heeds no pause. */
  requested: 'nothing' | 'at-once' | 'behind-pause'
  /** A request is between its start and its pending checkpoint. */
  triggering: boolean
  /** Sorted by id. */
  pending: PendingCheckpoint[]
  /** Sorted by id. */
  completed: CompletedCheckpoint[]
  /** The pause behind the last completed checkpoint; `awaited` when the next one is triggered with its end. */
  pause: 'over' | 'running' | 'awaited'
  /** Failed checkpoints in a row (Flink: `CheckpointFailureManager`). */
  failures: number
  /** Without high availability the counter is here. */
  nextId: number
}

/** Flink: `PendingCheckpoint`. */
export interface PendingCheckpoint {
  readonly checkpoint: number
  readonly plan: CheckpointPlan
  /** Sorted. */
  notYetAcknowledged: Execution[]
  /** Sorted by vertex and subtask. */
  acknowledged: TaskSnapshot[]
  enumerators: readonly EnumeratorSnapshot[]
  /** Once `finalizing`, its metadata is being written under the coordinator's lock: nothing can abort it in between. */
  phase: 'created' | 'triggered' | 'finalizing'
}

/** Flink: `CheckpointPlan`. All sorted. */
export interface CheckpointPlan {
  readonly trigger: readonly Execution[]
  readonly waitFor: readonly Execution[]
  readonly commitTo: readonly Execution[]
  /** Tasks that have finished: they take part with their final snapshots. */
  readonly finished: readonly Execution[]
}

/** Flink: `CompletedCheckpoint`. */
export interface CompletedCheckpoint {
  readonly checkpoint: number
  readonly path: string
  readonly metadata: CheckpointMetadata
}

/** State of one source's coordinator (Flink: `SourceCoordinator`, `SplitAssignmentTracker`, `SubtaskGatewayImpl`). */
export interface SourceCoordinatorState {
  readonly uid: string
  readonly vertex: number
  unassigned: SplitState[]
  /** Assignments by the first checkpoint that covers them; 0 for none yet. */
  assigned: { readonly checkpoint: number; readonly subtask: number; readonly split: SplitState }[]
  /** Readers that are registered, by subtask. */
  readonly registered: boolean[]
  /** Readers that know that no more splits will come, by subtask. */
  readonly told: boolean[]
}

/** Why a checkpoint was aborted (Flink: `CheckpointFailureReason`). */
export type AbortReason =
  DeclineReason | 'CHECKPOINT_EXPIRED' | 'CHECKPOINT_SUBSUMED' | 'CHECKPOINT_COORDINATOR_SUSPEND' | 'FINALIZE_CHECKPOINT_FAILURE'

/** Sends a mail to a task attempt, by its TaskExecutor. */
export function sendToTask({ state, context }: JobMaster, execution: Execution, mail: TaskMail): void {
  const location = state.executions[execution.vertex]?.[execution.subtask]?.location
  const taskManager = state.taskManagers.find(({ ordinal }) => ordinal === location)
  if (taskManager === undefined) return
  context.send(taskManager.taskExecutor, { kind: 'to-task', execution, jobMasterId: state.jobMasterId, mail }, RPC_LANE)
}

/** Changes the job's status and records it. */
export function setStatus({ state, context }: JobMaster, status: JobStatus): void {
  if (state.status === status) return
  state.status = status
  const { restarts } = state
  context.record?.({ kind: 'job-status', status, ...(status === 'FAILING' && { restarts }) } satisfies HistoryFact)
}

/** All current executions, by vertex and subtask. */
export function executionsOf({ state }: JobMaster): { readonly execution: Execution; readonly current: ExecutionState }[] {
  const all: { readonly execution: Execution; readonly current: ExecutionState }[] = []
  state.executions.forEach((subtasks, vertex) => {
    subtasks.forEach((current, subtask) => {
      all.push({ execution: { vertex, subtask, attempt: current.attempt }, current })
    })
  })
  return all
}

/** Whether nothing of the subtask runs: its attempt has ended, or none was deployed yet. */
export function isEnded(current: ExecutionState | undefined): boolean {
  const status = current?.status
  return status === 'CANCELED' || status === 'FAILED' || status === 'FINISHED' || status === 'CREATED'
}
