/** One record in, any number out (Flink: `FlatMapFunction`, `StreamFlatMap`). */
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import type { Collector } from './derived-output.js'
import { processOperator } from './process.js'

/** Pure code over one record. */
export interface FlatMapFunction<T extends Value, R extends Value> {
  flatMap(value: T, out: Collector<R>): void
}

/** Runs a function; `ordinal` is the operator's place in the job. A record of which nothing is made has ended here. */
export function flatMapOperator(fn: FlatMapFunction<Value, Value>, ordinal: number): StreamOperator<null, never> {
  return processOperator(
    {
      processElement: (value, context) => fn.flatMap(value, context),
    },
    ordinal,
  )
}
