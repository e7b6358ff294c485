import { eraseOperator } from '../actor-types.js'
import { windowJoinOperator } from '../operators/window-join.js'
import type { WindowAssigner } from '../operators/window-assigner.js'
import type { Key, Value } from '../record.js'
import type { DataStream, SingleOutputStreamOperator } from './data-stream.js'
import type { Streams } from './streams.js'

/** An inner join in windows, written as `a.join(b).where(…).equalTo(…).window(…).apply(…)` (Flink: `JoinedStreams`). */
export class JoinedStreams<A extends Value, B extends Value> {
  constructor(
    private readonly streams: Streams,
    private readonly first: DataStream<A>,
    private readonly second: DataStream<B>,
  ) {}

  /** The key of the first stream; the rest says the second's, the windows, and what is made of a pair. */
  where(first: (value: A) => Key): {
    equalTo: (second: (value: B) => Key) => { window: (assigner: WindowAssigner) => WindowedJoin<A, B> }
  } {
    return { equalTo: (second) => ({ window: (assigner) => this.windowed(first, second, assigner) }) }
  }

  private windowed(firstKey: (value: A) => Key, secondKey: (value: B) => Key, assigner: WindowAssigner): WindowedJoin<A, B> {
    const first = this.first.keyBy(firstKey)
    const second = this.second.keyBy(secondKey)
    return {
      apply: (join) =>
        this.streams.operator({
          name: 'Window Join',
          make: ({ ordinal }) => eraseOperator(windowJoinOperator(assigner, { join }, ordinal)),
          inputs: [...first.inputsAt(0), ...second.inputsAt(1)],
          stateful: true,
          keyOf: [first.keyOf, second.keyOf],
        }),
    }
  }
}

/** The last step of a join. */
export interface WindowedJoin<A extends Value, B extends Value> {
  /** Makes a result of every pair of a window; pure. */
  apply<R extends Value>(join: (first: A, second: B) => R): SingleOutputStreamOperator<R>
}
