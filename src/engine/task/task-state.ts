import type { ActorRef } from '../../world/index.js'
import type { AlignerState } from '../checkpoint/barrier-aligner.js'
import type { TrackerState } from '../checkpoint/barrier-tracker.js'
import type { OperatorHandle, OperatorSnapshot, StatePart } from '../checkpoint/state-handle.js'
import type { CheckpointBarrier } from '../network/buffer.js'
import type { InputGate } from '../network/input-gate.js'
import type { ResultPartition } from '../network/result-partition.js'
import type { HeapKeyedState } from '../state/heap-keyed-state.js'
import type { TaskMail, TaskMessage } from './task-messages.js'

/** Name of the timer whose firing ends the work on one element or mail. */
export const WORK_TIMER = 'work'

/** The volatile state of one task attempt. Everything here is lost when its TaskManager dies. */
export interface TaskState {
  phase: TaskPhase
  readonly gate: InputGate
  /** Producers that answered a partition request, by channel: whom credit goes to. */
  readonly producers: (ActorRef<TaskMessage> | null)[]
  readonly partitions: ResultPartition[]
  /** One of the two is used, by the checkpointing mode. */
  readonly aligner: AlignerState
  readonly tracker: TrackerState
  readonly operators: OperatorRuntime[]
  readonly mailbox: TaskMail[]
  activity: Activity | null
  /** Snapshots whose asynchronous part runs. */
  snapshots: AsyncSnapshot[]
  /** Highest checkpoint this subtask has taken or skipped (Flink: lastCheckpointId). */
  lastCheckpoint: number
  /** Highest checkpoint whose completion was reported to the operators; begins with the restored one. */
  latestReported: number
  /** Checkpoints aborted before their barrier came here, sorted. */
  abortedAhead: number[]
  /** The work timer is armed: an element or mail is being handled. */
  working: boolean
  /** The source had nothing to hand out when it was asked last. */
  sourceIdle: boolean
  /** The source's splits, or all input channels, are at their end of data. */
  inputEnded: boolean
  /** Operators have finished; the task waits for a completed checkpoint that covers this. */
  finished: boolean
  /** The first checkpoint taken after `finished`. */
  finalCheckpoint: number
  /** A trigger that waits for the ends of the input channels. */
  deferredTrigger: CheckpointBarrier | null
  /** State files still to be read before the operators open. */
  restoring: RestoredOperator[]
  bufferTimerArmed: boolean
  /** Cancelled, and its thread does not come back. */
  hangs: boolean
}

/** Where a task is in its life: reading state, opening operators, running, writing its last snapshots, over. */
export type TaskPhase = 'RESTORING' | 'OPENING' | 'RUNNING' | 'CLOSING' | 'ENDED'

/** One operator of the chain, at run time. */
export interface OperatorRuntime {
  /** Undefined until the operator is open. */
  state: unknown
  keyed: HeapKeyedState | null
  /** Event-time watermark, µs. */
  watermark: number
}

/** A handle to an operator's state while it is being read. */
export interface RestoredOperator {
  readonly uid: string
  snapshot: OperatorSnapshot | null
  readonly path: string | null
  /** It is the copy of the TaskManager. */
  readonly local?: true
  /** Absent: all of it is restored. */
  readonly part?: StatePart
}

/**
 * A sequence over the operators of the chain that may have to wait in one of them, because its call blocks the task's thread.
 * `index` counts in the order of the activity; `entered` says that the operator at `index` was called already.
 */
export type Activity = { index: number; entered: boolean } & (
  | { readonly type: 'open' }
  | { readonly type: 'checkpoint'; readonly barrier: CheckpointBarrier }
  /** `thenAborted`: the abort that came with the word of this completion. */
  | { readonly type: 'notify'; readonly checkpoint: number; readonly thenAborted?: number }
  | { readonly type: 'finish' }
)

/** The asynchronous part of one checkpoint: written piece by piece, then uploaded, then acknowledged. */
export interface AsyncSnapshot {
  readonly checkpoint: number
  /** Synchronous results by operator, in chain order; `keyed` is filled when its view is written. */
  readonly operators: OperatorSnapshot[]
  /** Views not yet written: indexes of operators. */
  readonly writing: number[]
  /** Handles that are done. */
  readonly handles: (OperatorHandle | null)[]
  /** Uploads in flight: path and operator. */
  readonly uploading: { readonly path: string; readonly operator: number }[]
  readonly finished: boolean
}
