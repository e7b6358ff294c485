/**
 * At-least-once barriers (Flink: `CheckpointBarrierTracker`): counts barriers and never makes a channel wait. Records that overtake
 * the slowest channel's barrier are in the snapshot although their source will send them again: duplicates, never loss.
 */
import type { CheckpointBarrier } from '../network/buffer.js'
import type { BarrierEffects, BarrierHandler, DeclineReason } from './barrier-handler.js'

/** A checkpoint some of whose barriers are in. */
interface TrackedCheckpoint {
  readonly barrier: CheckpointBarrier
  /** Channels whose barrier (or end) is in, sorted by arrival of nothing: a plain set. */
  readonly channels: number[]
  readonly target: number
  aborted: boolean
}

/** Barriers counted so far. */
export interface TrackerState {
  /** Pending checkpoints, oldest first; at most 50. */
  pending: TrackedCheckpoint[]
  /** Highest id ever started. */
  latest: number
  open: number
}

/** Flink: `CheckpointBarrierTracker.MAX_CHECKPOINTS_TO_TRACK`. */
const MAX_TRACKED = 50

export const barrierTracker: BarrierHandler<TrackerState> = {
  open(channels) {
    return { pending: [], latest: -1, open: channels }
  },

  barrier(state, barrier, channel, effects) {
    const id = barrier.checkpoint
    const known = state.pending.find((tracked) => tracked.barrier.checkpoint === id)
    if (known !== undefined) {
      count(state, known, channel, effects)
    } else if (id > state.latest) {
      const tracked = track(state, barrier)
      count(state, tracked, channel, effects)
    }
  },

  cancelMarker(state, marker, channel, effects) {
    const id = marker.checkpoint
    const known = state.pending.find((tracked) => tracked.barrier.checkpoint === id)
    if (known === undefined && id <= state.latest) return
    abortBelow(state, id, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER', effects)
    const tracked = known ?? track(state, { type: 'barrier', checkpoint: id, options: { alignment: 'AT_LEAST_ONCE' } })
    if (!tracked.aborted) {
      tracked.aborted = true
      effects.abort(id, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
    }
    // The other channels' barriers or markers still come: counting them lets the entry go.
    count(state, tracked, channel, effects)
  },

  endOfPartition(state, channel, effects, afterTasksFinish) {
    state.open--
    if (!afterTasksFinish) return abortBelow(state, Infinity, 'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM', effects)
    for (const tracked of [...state.pending].reverse()) {
      if (state.pending.includes(tracked)) count(state, tracked, channel, effects)
    }
  },
}

function track(state: TrackerState, barrier: CheckpointBarrier): TrackedCheckpoint {
  const tracked = { barrier, channels: [], target: state.open, aborted: false }
  state.pending.push(tracked)
  if (state.pending.length > MAX_TRACKED) state.pending.shift()
  state.latest = barrier.checkpoint
  return tracked
}

/** Ends every checkpoint below `checkpoint`. The JobManager may wait for it: it is told, unless it was before. */
function abortBelow(state: TrackerState, checkpoint: number, reason: DeclineReason, effects: BarrierEffects): void {
  const older = state.pending.filter(({ barrier }) => barrier.checkpoint < checkpoint)
  state.pending = state.pending.filter(({ barrier }) => barrier.checkpoint >= checkpoint)
  for (const { barrier, aborted } of older) if (!aborted) effects.abort(barrier.checkpoint, reason)
}

/** Counts a channel; when it was the last, this checkpoint is taken and older ones are silently subsumed. */
function count(state: TrackerState, tracked: TrackedCheckpoint, channel: number, effects: BarrierEffects): void {
  if (!tracked.channels.includes(channel)) tracked.channels.push(channel)
  tracked.channels.sort((a, b) => a - b)
  if (tracked.channels.length < tracked.target) return
  state.pending = state.pending.filter((other) => other.barrier.checkpoint > tracked.barrier.checkpoint)
  if (!tracked.aborted) effects.checkpoint(tracked.barrier)
}
