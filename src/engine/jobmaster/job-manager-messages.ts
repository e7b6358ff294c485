import type { ActorRef } from '../../world/index.js'
import type { DeclineReason } from '../checkpoint/barrier-handler.js'
import type { StorageReply } from '../checkpoint/checkpoint-storage.js'
import type { StoreReply } from '../checkpoint/completed-checkpoint-store.js'
import type { TaskSnapshot } from '../checkpoint/state-handle.js'
import type { Execution, TaskExecutorMessage } from './task-executor-messages.js'

/** What an attempt tells the JobManager about itself. */
export type ReportedStatus = 'INITIALIZING' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED'

/** What reaches the JobManager (Flink: `JobMasterGateway`, and hops between its own executors). */
export type JobManagerMessage =
  | {
      readonly kind: 'register-task-manager'
      readonly taskExecutor: ActorRef<TaskExecutorMessage>
      readonly incarnation: number
      readonly ordinal: number
      readonly slots: number
      readonly registration: number
    }
  | {
      readonly kind: 'disconnect-task-manager'
      readonly taskExecutor: ActorRef<TaskExecutorMessage>
      readonly incarnation: number
      readonly registration: number
    }
  | {
      readonly kind: 'task-status'
      readonly execution: Execution
      readonly jobMasterId: number
      readonly status: ReportedStatus
      readonly cause: string | null
    }
  | { readonly kind: 'end-of-data'; readonly execution: Execution; readonly jobMasterId: number }
  | {
      readonly kind: 'acknowledge'
      readonly execution: Execution
      readonly jobMasterId: number
      readonly checkpoint: number
      readonly snapshot: TaskSnapshot
    }
  | {
      readonly kind: 'decline'
      readonly execution: Execution
      readonly jobMasterId: number
      readonly checkpoint: number
      readonly reason: DeclineReason
    }
  | {
      readonly kind: 'reader-registered'
      readonly execution: Execution
      readonly jobMasterId: number
      readonly operator: number
      readonly restored: boolean
    }
  | StorageReply
  | StoreReply
  | CoordinatorHop

/**
 * A hop between the coordinator's executors: its timer thread, its IO pool, the JobManager's main thread. Each is a step of its own,
 * so that whatever may come between them in Flink may come between them here.
 */
export type CoordinatorHop =
  | { readonly kind: 'plan-checkpoint' }
  | { readonly kind: 'create-pending'; readonly checkpoint: number }
  | { readonly kind: 'trigger-tasks'; readonly checkpoint: number }
  | { readonly kind: 'fail-globally'; readonly cause: string; readonly declinedBy?: Execution }
