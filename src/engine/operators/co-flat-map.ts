/** Two streams through one operator without keyed state (Flink: `CoFlatMapFunction`, `CoStreamFlatMap`). */
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import type { Collector } from './derived-output.js'
import { processOperator } from './process.js'
import { NO_LIST_STATE } from './operator-state.js'

/** Pure code over one record of either input. */
export interface CoFlatMapFunction<A extends Value, B extends Value, R extends Value> {
  flatMap1(value: A, out: Collector<R>): void
  flatMap2(value: B, out: Collector<R>): void
}

/** Runs a function of two inputs; `ordinal` is the operator's place in the job. */
export function coFlatMapOperator(fn: CoFlatMapFunction<Value, Value, Value>, ordinal: number): StreamOperator<null, never> {
  const inputs = [
    processOperator({ processElement: (value, out) => fn.flatMap1(value, out) }, ordinal),
    processOperator({ processElement: (value, out) => fn.flatMap2(value, out) }, ordinal),
  ]
  return {
    open: () => null,
    process: (state, record, input, context) => inputs[input]?.process?.(state, record, 0, context, undefined),
    snapshot: () => NO_LIST_STATE,
  }
}
