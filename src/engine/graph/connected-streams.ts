import { eraseOperator } from '../actor-types.js'
import { coFlatMapOperator, type CoFlatMapFunction } from '../operators/co-flat-map.js'
import { keyedCoProcessOperator, type KeyedCoProcessFunction } from '../operators/keyed-co-process.js'
import type { Key, Value } from '../record.js'
import type { DataStream, SingleOutputStreamOperator } from './data-stream.js'
import { JobGraphError } from './job-graph-error.js'
import { KeyedStream } from './keyed-stream.js'
import type { StreamInput } from './stream-graph.js'
import type { Streams } from './streams.js'

/** Two streams, of different types, for one operator (Flink: `ConnectedStreams`). */
export class ConnectedStreams<A extends Value, B extends Value> {
  constructor(
    private readonly streams: Streams,
    private readonly first: DataStream<A>,
    private readonly second: DataStream<B>,
  ) {}

  /** Both by key, so that a key's records of both streams meet in one state. */
  keyBy(first: (value: A) => Key, second: (value: B) => Key): ConnectedStreams<A, B> {
    return this.streams.connected(this.first.keyBy(first), this.second.keyBy(second))
  }

  /** Shares keyed state between the streams; both must be keyed. */
  process<R extends Value>(fn: KeyedCoProcessFunction<A, B, R>): SingleOutputStreamOperator<R> {
    const { first, second } = this
    if (!(first instanceof KeyedStream) || !(second instanceof KeyedStream)) {
      throw new JobGraphError('Co-Process: keyed state can only be used on a keyed stream; call keyBy on both streams first')
    }
    return this.streams.operator({
      name: 'Co-Keyed-Process',
      make: ({ ordinal }) => eraseOperator(keyedCoProcessOperator(fn, ordinal)),
      inputs: this.inputs(),
      stateful: true,
      selective: true,
      keyOf: [first.keyOf, second.keyOf],
    })
  }

  flatMap<R extends Value>(fn: CoFlatMapFunction<A, B, R>): SingleOutputStreamOperator<R> {
    return this.streams.operator({
      name: 'Co-Flat Map',
      make: ({ ordinal }) => eraseOperator(coFlatMapOperator(fn, ordinal)),
      inputs: this.inputs(),
    })
  }

  private inputs(): readonly StreamInput[] {
    return [...this.first.inputsAt(0), ...this.second.inputsAt(1)]
  }
}
