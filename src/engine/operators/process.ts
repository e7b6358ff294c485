/** A user function without keyed state that may emit anything anywhere (Flink: `ProcessFunction`, `ProcessOperator`). */
import { refusePromise } from '../../world/index.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { DerivedOutput, type SideCollector } from './derived-output.js'
import { NO_LIST_STATE } from './operator-state.js'

/** What a function may do within one call. */
export interface ProcessContext<R extends Value> extends SideCollector<R> {
  /** Event time of the record or timer, µs. */
  readonly timestamp: number
  /** Event-time watermark, µs; `MAX_WATERMARK` at the end of the input. */
  readonly watermark: number
  /** Current time, µs; the operator must be declared `nondeterministic`. */
  processingTime(): number
}

/** Pure code over one record. */
export interface ProcessFunction<T extends Value, R extends Value> {
  processElement(value: T, context: ProcessContext<R>): void
}

/** Runs a function; `ordinal` is the operator's place in the job. A record of which nothing is made has ended here. */
export function processOperator(fn: ProcessFunction<Value, Value>, ordinal: number): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context) {
      const output = new DerivedOutput(context, ordinal, record.id, record.timestamp)
      refusePromise(fn.processElement(record.value, output), context.vertex)
      if (!output.used) {
        const { vertex, subtask, attempt } = context
        context.record?.({ kind: 'record-ended', id: record.id, why: 'filtered', vertex, subtask, attempt })
      }
    },
    snapshot: () => NO_LIST_STATE,
  }
}
