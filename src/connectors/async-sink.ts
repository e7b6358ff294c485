/**
 * An asynchronous sink that writes at least once (Flink: `AsyncSinkWriter`, and the `alo` sink of the recorded job): records are
 * buffered, several batches are on their way at once, what failed goes back to the head of the buffer. Before a barrier goes on
 * everything is written and acknowledged. (Flink's base class flushes only what is on its way, and keeps the buffer as state.)
 */
import type { OperatorContext } from '../engine/operator.js'
import type { StreamRecord } from '../engine/record.js'
import type { Sink } from '../engine/sink.js'
import type { Where } from '../history/index.js'
import type { StoreAnswer, StoreRequest } from '../systems/index.js'
import type { ActorRef } from '../world/index.js'
import { whereOf } from './where.js'
import { recordSinkWrite } from './sink-write.js'

/** Options of the sink, in the words of `AsyncSinkBase`. */
export interface AsyncSinkOptions {
  readonly store: ActorRef<StoreRequest>
  readonly maxBatchSize: number
  readonly maxInFlightRequests: number
  /** Records in the buffer at which writing blocks. */
  readonly maxBufferedRequests: number
  /** Pause before entries that failed are sent again, µs. */
  readonly retryBackoffUs: number
}

/** State of the writer. */
export interface AsyncWriter {
  readonly where: Where
  buffer: StreamRecord[]
  /** Batches on their way, by slot; empty where none is. */
  readonly inFlight: (readonly StreamRecord[])[]
  flushing: boolean
  /** Some entries failed: nothing is sent before the backoff is over. */
  backingOff: boolean
  /** Most records that the buffer may hold. */
  readonly limit: number
}

/** The sink. */
export type AsyncSink = Sink<AsyncWriter, never, StoreAnswer, never, never>

const BACKOFF_WAKE_UP = 'async-sink-backoff'

/** Builds the sink. */
export function asyncSink(options: AsyncSinkOptions): AsyncSink {
  const { store, maxBatchSize, maxInFlightRequests, maxBufferedRequests, retryBackoffUs } = options

  function advance(state: AsyncWriter, context: OperatorContext): void {
    for (let slot = 0; slot < maxInFlightRequests && !state.backingOff; slot++) {
      const due = state.buffer.length >= maxBatchSize || (state.flushing && state.buffer.length > 0)
      if (!due || state.inFlight[slot]?.length !== 0) continue
      const records = state.buffer.slice(0, maxBatchSize)
      state.buffer = state.buffer.slice(maxBatchSize)
      state.inFlight[slot] = records
      context.call(store, { kind: 'append', caller: context.caller<StoreAnswer>(), where: state.where, slot, records })
    }
    if (state.buffer.length === 0 && state.inFlight.every((batch) => batch.length === 0)) state.flushing = false
  }

  /** A batch came back, or nobody knows what became of it: it is written again, before anything newer. */
  function putBack(state: AsyncWriter, slot: number, context: OperatorContext): void {
    state.buffer = [...(state.inFlight[slot] ?? []), ...state.buffer]
    state.inFlight[slot] = []
    if (state.backingOff) return
    state.backingOff = true
    context.wakeAfter(BACKOFF_WAKE_UP, retryBackoffUs)
  }

  return {
    writer: {
      open(context) {
        const inFlight = Array.from({ length: maxInFlightRequests }, () => [])
        return { where: whereOf(context), buffer: [], inFlight, flushing: false, backingOff: false, limit: maxBufferedRequests }
      },
      write(state, record, context) {
        recordSinkWrite(context, state.where, record)
        state.buffer.push(record)
        advance(state, context)
      },
      flush(state, _endOfInput, context) {
        state.flushing = true
        advance(state, context)
      },
      prepareCommit: () => [],
      snapshot: () => [],
      busy: ({ flushing, buffer, limit }) => flushing || buffer.length >= limit,
      failure: () => undefined,
      answer(state, answer, context) {
        if ('kind' in answer) {
          // The newest first, so that they end up in the order of their slots.
          for (let slot = maxInFlightRequests - 1; slot >= 0; slot--) if (state.inFlight[slot]?.length !== 0) putBack(state, slot, context)
        } else if (answer.type === 'append' && state.inFlight[answer.slot]?.length !== 0) {
          if (answer.result === 'done') state.inFlight[answer.slot] = []
          else putBack(state, answer.slot, context)
          advance(state, context)
        }
      },
      woken(state, name, context) {
        if (name !== BACKOFF_WAKE_UP) return
        state.backingOff = false
        advance(state, context)
      },
    },
  }
}
