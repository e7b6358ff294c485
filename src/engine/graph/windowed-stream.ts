import { eraseOperator } from '../actor-types.js'
import type { WindowAssigner } from '../operators/window-assigner.js'
import {
  aggregated,
  processed,
  reduced,
  type AggregateFunction,
  type ProcessWindowFunction,
  type WindowContents,
} from '../operators/window-functions.js'
import { windowOperator } from '../operators/window-operator.js'
import type { Value } from '../record.js'
import type { SingleOutputStreamOperator } from './data-stream.js'
import type { KeyedStream } from './keyed-stream.js'

/** A keyed stream cut into windows (Flink: `WindowedStream`). */
export class WindowedStream<T extends Value> {
  constructor(
    private readonly input: KeyedStream<T>,
    private readonly assigner: WindowAssigner,
  ) {}

  aggregate<ACC extends Value, R extends Value>(fn: AggregateFunction<T, ACC, R>): SingleOutputStreamOperator<R> {
    return this.apply(aggregated(fn))
  }

  reduce(reduce: (first: T, second: T) => T): SingleOutputStreamOperator<T> {
    return this.apply(reduced({ reduce }))
  }

  process<R extends Value>(fn: ProcessWindowFunction<T, R>): SingleOutputStreamOperator<R> {
    return this.apply(processed(fn))
  }

  private apply<R extends Value>(contents: WindowContents): SingleOutputStreamOperator<R> {
    const { assigner, input } = this
    return input.transformKeyed(assigner.name, ({ ordinal }) => eraseOperator(windowOperator(assigner, contents, ordinal)))
  }
}
