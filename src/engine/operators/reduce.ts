import type { Value } from '../record.js'
import type { KeyedProcessFunction } from './keyed-process.js'
import type { ReduceFunction } from './window-functions.js'

/** Name of the keyed state (Flink: `StreamGroupedReduceOperator`, which calls it so). */
const REDUCED = '_op_state'

/** Folds the records of each key into one value and emits it for each of them. */
export function reduceFunction(fn: ReduceFunction<Value>): KeyedProcessFunction<Value, Value> {
  return {
    processElement(value, context) {
      const before = context.get(REDUCED)
      const after = before === undefined ? value : fn.reduce(before, value)
      context.put(REDUCED, after)
      context.collect(after)
    },
  }
}
