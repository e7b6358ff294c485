/**
 * A sink without any guarantee (the `none` sink of the recorded job): it buffers, writes when the buffer is full or the input has
 * ended, and lets barriers pass.
 */
import type { OperatorContext } from '../engine/operator.js'
import type { StreamRecord } from '../engine/record.js'
import type { Sink } from '../engine/sink.js'
import type { Where } from '../history/index.js'
import type { StoreAnswer, StoreRequest } from '../systems/index.js'
import type { ActorRef } from '../world/index.js'
import { whereOf } from './where.js'
import { recordSinkWrite } from './sink-write.js'

/** Options of the sink. */
export interface BufferedSinkOptions {
  readonly store: ActorRef<StoreRequest>
  /** Records at which the buffer is full. */
  readonly capacity: number
}

/** State of the writer. */
export interface BufferedWriter {
  readonly where: Where
  buffer: StreamRecord[]
  /** Writes that wait for their answers; the task's thread waits with them. One step may fill the buffer more than once. */
  waiting: number
  failure: string | undefined
}

/** The sink. */
export type BufferedSink = Sink<BufferedWriter, never, StoreAnswer, never, never>

/** Builds the sink. */
export function bufferedSink({ store, capacity }: BufferedSinkOptions): BufferedSink {
  function writeOut(state: BufferedWriter, context: OperatorContext): void {
    const { where, buffer: records } = state
    context.call(store, { kind: 'append', caller: context.caller<StoreAnswer>(), where, slot: 0, records })
    state.buffer = []
    state.waiting++
  }

  return {
    writer: {
      open: (context) => ({ where: whereOf(context), buffer: [], waiting: 0, failure: undefined }),
      write(state, record, context) {
        recordSinkWrite(context, state.where, record)
        state.buffer.push(record)
        if (state.buffer.length >= capacity) writeOut(state, context)
      },
      flush(state, endOfInput, context) {
        if (endOfInput && state.buffer.length > 0) writeOut(state, context)
      },
      prepareCommit: () => [],
      snapshot: () => [],
      busy: (state) => state.waiting > 0,
      failure: (state) => state.failure,
      answer(state, answer) {
        if (state.waiting === 0) return
        state.waiting--
        if ('kind' in answer) state.failure = 'connection to the external store lost'
        else if (answer.type === 'append' && answer.result !== 'done') state.failure = `append to the external store: ${answer.result}`
      },
    },
  }
}
