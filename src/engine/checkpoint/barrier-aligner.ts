/**
 * Aligned barriers, exactly-once (Flink: `SingleCheckpointBarrierHandler` with `WaitingForFirstBarrier` and `CollectingBarriers`).
 *
 * A channel whose barrier has arrived waits until every other channel's barrier has: what a channel sends behind its barrier is
 * then never in the snapshot, and what it sent before always is. Only the newest checkpoint is aligned at any time.
 */
import type { CheckpointBarrier } from '../network/buffer.js'
import type { BarrierEffects, BarrierHandler, DeclineReason } from './barrier-handler.js'

/** State of the alignment; ids are -1 before the first. */
export interface AlignerState {
  /** Highest checkpoint id seen. */
  current: number
  /** Highest id that was completed or aborted here. */
  lastDone: number
  /** The barrier of `current`, kept for the case that its last channel ends instead of sending one. */
  barrier: CheckpointBarrier | null
  /** Channels whose barrier (or end) for `current` is in, sorted. */
  aligned: number[]
  /** Channels that have to be: those open when the alignment began. */
  target: number
  /** Channels that stopped behind their barrier, sorted. */
  blocked: number[]
  /** Channels that have not ended. */
  open: number
}

export const barrierAligner: BarrierHandler<AlignerState> = {
  open(channels) {
    return { current: -1, lastDone: -1, barrier: null, aligned: [], target: 0, blocked: [], open: channels }
  },

  barrier(state, barrier, channel, effects) {
    const id = barrier.checkpoint
    if (id < state.current || (id === state.current && !isPending(state))) {
      // FLINK-21104: an obsolete barrier has stopped its channel at the sender; without this the channel never moves again.
      effects.resume(channel)
      return
    }
    if (id > state.current) {
      if (isPending(state)) abort(state, state.current, 'CHECKPOINT_DECLINED_SUBSUMED', effects)
      state.current = id
      state.barrier = barrier
      state.target = state.open
    }
    insert(state.blocked, channel)
    align(state, barrier, channel, effects)
  },

  cancelMarker(state, marker, _channel, effects) {
    const id = marker.checkpoint
    const running = id === state.current && isPending(state)
    if (id > state.current || running) abort(state, id, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER', effects)
  },

  endOfPartition(state, channel, effects, afterTasksFinish) {
    state.open--
    if (!isPending(state) || state.barrier === null) return
    // FLIP-147: a channel that has ended will never send its barrier; it counts as aligned.
    if (afterTasksFinish) align(state, state.barrier, channel, effects)
    else abort(state, state.current, 'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM', effects)
  },
}

function isPending(state: AlignerState): boolean {
  return state.current !== state.lastDone && state.current >= 0
}

function align(state: AlignerState, barrier: CheckpointBarrier, channel: number, effects: BarrierEffects): void {
  insert(state.aligned, channel)
  if (state.aligned.length < state.target) return
  state.lastDone = state.current
  effects.checkpoint(barrier)
  release(state, effects)
}

function abort(state: AlignerState, checkpoint: number, reason: DeclineReason, effects: BarrierEffects): void {
  state.current = Math.max(state.current, checkpoint)
  state.lastDone = Math.max(state.lastDone, checkpoint)
  release(state, effects)
  effects.abort(checkpoint, reason)
}

/** Ends the alignment: every channel that waited goes on. */
function release(state: AlignerState, effects: BarrierEffects): void {
  for (const channel of state.blocked) effects.resume(channel)
  state.blocked = []
  state.aligned = []
  state.target = 0
  state.barrier = null
}

/** Keeps a list of channels sorted and free of repeats: the order of arrival is not part of the state. */
function insert(sorted: number[], channel: number): void {
  let index = 0
  while (index < sorted.length && (sorted[index] ?? 0) < channel) index++
  if (sorted[index] === channel) return
  for (let last = sorted.push(channel) - 1; last > index; last--) sorted[last] = sorted[last - 1] ?? channel
  sorted[index] = channel
}
