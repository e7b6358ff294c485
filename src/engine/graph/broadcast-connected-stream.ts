import { eraseOperator } from '../actor-types.js'
import { broadcastProcessOperator, type BroadcastProcessFunction } from '../operators/broadcast-process.js'
import { keyedBroadcastProcessOperator, type KeyedBroadcastProcessFunction } from '../operators/keyed-broadcast-process.js'
import type { Value } from '../record.js'
import type { BroadcastStream } from './broadcast-stream.js'
import type { DataStream, SingleOutputStreamOperator } from './data-stream.js'
import type { KeyedStream } from './keyed-stream.js'
import type { StreamInput } from './stream-graph.js'
import type { Streams } from './streams.js'

/** A stream and a broadcast one for one operator (Flink: `BroadcastConnectedStream` of a stream without keys). */
export class BroadcastConnectedStream<A extends Value, B extends Value> {
  constructor(
    protected readonly streams: Streams,
    protected readonly first: DataStream<A>,
    protected readonly second: BroadcastStream<B>,
  ) {}

  process<R extends Value>(fn: BroadcastProcessFunction<A, B, R>): SingleOutputStreamOperator<R> {
    return this.streams.operator({
      name: 'Co-Process-Broadcast',
      make: ({ ordinal }) => eraseOperator(broadcastProcessOperator(fn, this.second.states, ordinal)),
      inputs: inputsOf(this.first, this.second),
      stateful: true,
    })
  }
}

/** A keyed stream and a broadcast one for one operator (Flink: `BroadcastConnectedStream` of a keyed stream). */
export class KeyedBroadcastConnectedStream<A extends Value, B extends Value> extends BroadcastConnectedStream<A, B> {
  constructor(
    streams: Streams,
    protected override readonly first: KeyedStream<A>,
    second: BroadcastStream<B>,
  ) {
    super(streams, first, second)
  }

  override process<R extends Value>(fn: KeyedBroadcastProcessFunction<A, B, R>): SingleOutputStreamOperator<R> {
    return this.streams.operator({
      name: 'Co-Process-Broadcast-Keyed',
      make: ({ ordinal }) => eraseOperator(keyedBroadcastProcessOperator(fn, this.second.states, ordinal)),
      inputs: inputsOf(this.first, this.second),
      stateful: true,
      selective: true,
      // The second input has no keys.
      keyOf: [this.first.keyOf],
    })
  }
}

function inputsOf(first: DataStream<Value>, { input }: BroadcastStream<Value>): readonly StreamInput[] {
  return [...first.inputsAt(0), ...input.inputsAt(1)]
}
