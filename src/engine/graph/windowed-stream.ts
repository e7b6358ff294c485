import { eraseOperator } from '../actor-types.js'
import { sessionWindowOperator } from '../operators/session-window-operator.js'
import type { MergingWindowAssigner, WindowAssigner } from '../operators/window-assigner.js'
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
import { JobGraphError } from './job-graph-error.js'
import type { KeyedStream } from './keyed-stream.js'

/** A keyed stream cut into windows (Flink: `WindowedStream`). */
export class WindowedStream<T extends Value> {
  constructor(
    private readonly input: KeyedStream<T>,
    private readonly assigner: WindowAssigner | MergingWindowAssigner,
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
    if ('merges' in assigner && !contents.mergeable) {
      throw new JobGraphError(`${assigner.name}: windows that merge need an aggregate function with merge`)
    }
    return input.transformKeyed(assigner.name, ({ ordinal }) =>
      eraseOperator(
        'merges' in assigner ? sessionWindowOperator(assigner, contents, ordinal) : windowOperator(assigner, contents, ordinal),
      ),
    )
  }
}
