import type { CancelCheckpointMarker, CheckpointBarrier } from '../network/buffer.js'

/** Why a task declines a checkpoint (Flink: `CheckpointFailureReason`). */
export type DeclineReason =
  | 'CHECKPOINT_DECLINED'
  | 'CHECKPOINT_DECLINED_TASK_NOT_READY'
  | 'CHECKPOINT_DECLINED_TASK_CLOSING'
  | 'CHECKPOINT_DECLINED_SUBSUMED'
  | 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'
  | 'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM'
  | 'CHECKPOINT_ASYNC_EXCEPTION'
  | 'IO_EXCEPTION'

/** What a barrier handler makes the task do. */
export interface BarrierEffects {
  /** All barriers are there: take the checkpoint. */
  checkpoint(barrier: CheckpointBarrier): void
  /** This task will not take the checkpoint: decline it and tell the tasks downstream. */
  abort(checkpoint: number, reason: DeclineReason): void
  /** Let a channel that stopped behind its barrier go on (Flink: resumeConsumption). */
  resume(channel: number): void
}

/**
 * Tracks the barriers of all channels of one task (Flink: `CheckpointBarrierHandler`). S is its state, plain data.
 * One handler a task, not one a gate.
 */
export interface BarrierHandler<S> {
  open(channels: number): S
  barrier(state: S, barrier: CheckpointBarrier, channel: number, effects: BarrierEffects): void
  cancelMarker(state: S, marker: CancelCheckpointMarker, channel: number, effects: BarrierEffects): void
  /** `afterTasksFinish`: checkpoints go on behind the end of a channel (`execution.checkpointing.checkpoints-after-tasks-finish`). */
  endOfPartition(state: S, channel: number, effects: BarrierEffects, afterTasksFinish: boolean): void
}
