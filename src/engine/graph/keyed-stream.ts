import { eraseOperator } from '../actor-types.js'
import { countFunction, type KeyCount } from '../operators/count.js'
import { keyedProcessOperator, type KeyedProcessFunction } from '../operators/keyed-process.js'
import { reduceFunction } from '../operators/reduce.js'
import type { MergingWindowAssigner, WindowAssigner } from '../operators/window-assigner.js'
import type { Value } from '../record.js'
import type { KeyedBroadcastConnectedStream } from './broadcast-connected-stream.js'
import { BroadcastStream } from './broadcast-stream.js'
import type { ConnectedStreams } from './connected-streams.js'
import { DataStream, type SingleOutputStreamOperator } from './data-stream.js'
import type { KeySelector } from './job-graph.js'
import type { NodeOptions, OperatorFactory, StreamOrigin } from './stream-graph.js'
import type { Streams } from './streams.js'
import type { WindowedStream } from './windowed-stream.js'

/** A stream of which every key has its own state, in the subtask that owns the key (Flink: `KeyedStream`). */
export class KeyedStream<T extends Value> extends DataStream<T> {
  constructor(
    streams: Streams,
    origins: readonly StreamOrigin[],
    readonly keyOf: KeySelector,
  ) {
    super(streams, origins)
  }

  override process<R extends Value>(fn: KeyedProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    return this.transformKeyed('KeyedProcess', ({ ordinal }) => eraseOperator(keyedProcessOperator(fn, ordinal)), { selective: true })
  }

  override connect<B extends Value>(second: DataStream<B>): ConnectedStreams<T, B>
  override connect<B extends Value>(second: BroadcastStream<B>): KeyedBroadcastConnectedStream<T, B>
  override connect<B extends Value>(
    second: DataStream<B> | BroadcastStream<B>,
  ): ConnectedStreams<T, B> | KeyedBroadcastConnectedStream<T, B> {
    return second instanceof BroadcastStream ? this.streams.keyedBroadcast(this, second) : this.streams.connected(this, second)
  }

  /** How many records of its key have come, for each record. */
  count(): SingleOutputStreamOperator<KeyCount> {
    return this.transformKeyed('Count', ({ ordinal }) => eraseOperator(keyedProcessOperator(countFunction, ordinal)))
  }

  /** Folds the records of a key into one, and emits the fold for each record. */
  reduce(reduce: (first: T, second: T) => T): SingleOutputStreamOperator<T> {
    return this.transformKeyed('Keyed Reduce', ({ ordinal }) => eraseOperator(keyedProcessOperator(reduceFunction({ reduce }), ordinal)))
  }

  window(assigner: WindowAssigner | MergingWindowAssigner): WindowedStream<T> {
    return this.streams.windowed(this, assigner)
  }

  /** Adds an operator with state at the keys of this stream. */
  transformKeyed<R extends Value>(
    name: string,
    make: OperatorFactory,
    options: Pick<NodeOptions, 'selective'> = {},
  ): SingleOutputStreamOperator<R> {
    return this.transform(name, make, { stateful: true, keyOf: [this.keyOf], ...options })
  }
}
