import type { Sink } from '../engine/sink.js'
import type { Where } from '../history/index.js'
import type { StoreAnswer, StoreRequest } from '../systems/index.js'
import type { ActorRef } from '../world/index.js'
import { whereOf } from './where.js'
import { recordSinkWrite } from './sink-write.js'

/** Options of the sink. */
export interface AppendSinkOptions {
  readonly store: ActorRef<StoreRequest>
}

/** State of the writer. */
export interface AppendWriter {
  readonly where: Where
  /** Appends that wait for their answers: the task's thread is blocked in `write`. One step may write several records. */
  waiting: number
  failure: string | undefined
}

/** The sink. */
export type AppendSink = Sink<AppendWriter, never, StoreAnswer, never, never>

/** A sink whose records are visible at each write, synchronously: at least once at best. */
export function appendSink({ store }: AppendSinkOptions): AppendSink {
  return {
    writer: {
      open: (context) => ({ where: whereOf(context), waiting: 0, failure: undefined }),
      write(state, record, context) {
        const { where } = state
        recordSinkWrite(context, where, record)
        context.call(store, { kind: 'append', caller: context.caller<StoreAnswer>(), where, slot: 0, records: [record] })
        state.waiting++
      },
      flush() {
        // Every write was answered before the next.
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
