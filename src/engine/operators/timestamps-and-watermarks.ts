/**
 * Assigns event times and makes watermarks of them (Flink: `TimestampsAndWatermarksOperator`, `BoundedOutOfOrdernessWatermarks`).
 * Flink sends a watermark every so often by the clock; here it is sent after so many records, so that a replay makes the same ones.
 * Nothing of it goes into a checkpoint: after a restore event time begins anew, as in Flink.
 */
import { refusePromise } from '../../world/index.js'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { NO_LIST_STATE } from './operator-state.js'

/** How watermarks follow from records. */
export interface WatermarkStrategy<T extends Value> {
  /** By how much records may come later than one with a higher event time, µs. */
  readonly maxOutOfOrdernessUs: number
  /** A watermark is sent after so many records; default 1. */
  readonly everyRecords?: number
  /** Event time of a record, µs; default is what it has already. */
  extractTimestamp?(value: T): number
}

/** Highest event time seen, records since the last watermark was due, and that watermark. */
export interface WatermarkState {
  maxTimestamp: number
  records: number
  watermark: number
}

/** Generates watermarks; those that come from upstream end here, except the last. */
export function timestampsAndWatermarksOperator(strategy: WatermarkStrategy<Value>): StreamOperator<WatermarkState, never> {
  const { maxOutOfOrdernessUs, everyRecords = 1 } = strategy
  return {
    open: () => ({ maxTimestamp: -Infinity, records: 0, watermark: -Infinity }),
    process(state, record, _input, context) {
      const timestamp = refusePromise(strategy.extractTimestamp?.(record.value), context.vertex) ?? record.timestamp
      context.emit(timestamp === record.timestamp ? record : { ...record, timestamp })
      state.maxTimestamp = Math.max(state.maxTimestamp, timestamp)
      state.records++
      if (state.records < everyRecords) return
      state.records = 0
      // One µs less: another record with the highest event time so far may still come.
      const watermark = state.maxTimestamp - maxOutOfOrdernessUs - 1
      if (watermark <= state.watermark) return
      state.watermark = watermark
      context.emitWatermark(watermark)
    },
    watermark(_state, timestamp, context) {
      if (timestamp === MAX_WATERMARK) context.emitWatermark(timestamp)
    },
    snapshot: () => NO_LIST_STATE,
  }
}
