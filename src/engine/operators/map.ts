/** One record in, one out (Flink: `MapFunction`, `StreamMap`). */
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { DerivedOutput } from './derived-output.js'
import { NO_LIST_STATE } from './operator-state.js'

/** Pure code over one record. */
export interface MapFunction<T extends Value, R extends Value> {
  map(value: T): R
}

/** Runs a function; `ordinal` is the operator's place in the job. */
export function mapOperator(fn: MapFunction<Value, Value>, ordinal: number): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context) {
      new DerivedOutput(context, ordinal, record.id, record.timestamp).collect(fn.map(record.value))
    },
    snapshot: () => NO_LIST_STATE,
  }
}
