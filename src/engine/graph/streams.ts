/**
 * What makes the streams of the fluent API. The classes of streams lead to each other (a keyed stream makes a plain one, which may
 * be keyed again); they do so through this interface, which the environment implements.
 */
import type { Value } from '../record.js'
import type { BroadcastConnectedStream, KeyedBroadcastConnectedStream } from './broadcast-connected-stream.js'
import type { BroadcastStream } from './broadcast-stream.js'
import type { ConnectedStreams } from './connected-streams.js'
import type { DataStream, SingleOutputStreamOperator } from './data-stream.js'
import type { DataStreamSink } from './data-stream-sink.js'
import type { JoinedStreams } from './joined-streams.js'
import type { KeyedStream } from './keyed-stream.js'
import type { KeySelector } from './job-graph.js'
import type { NodeOptions, StreamNode, StreamOrigin } from './stream-graph.js'
import type { MergingWindowAssigner, WindowAssigner } from '../operators/window-assigner.js'
import type { WindowedStream } from './windowed-stream.js'

export interface Streams {
  stream<T extends Value>(origins: readonly StreamOrigin[]): DataStream<T>
  /** Adds an operator to the job; the stream is its main output. */
  operator<T extends Value>(options: NodeOptions): SingleOutputStreamOperator<T>
  keyed<T extends Value>(origins: readonly StreamOrigin[], keyOf: KeySelector): KeyedStream<T>
  windowed<T extends Value>(input: KeyedStream<T>, assigner: WindowAssigner | MergingWindowAssigner): WindowedStream<T>
  connected<A extends Value, B extends Value>(first: DataStream<A>, second: DataStream<B>): ConnectedStreams<A, B>
  connectedBroadcast<A extends Value, B extends Value>(first: DataStream<A>, second: BroadcastStream<B>): BroadcastConnectedStream<A, B>
  keyedBroadcast<A extends Value, B extends Value>(first: KeyedStream<A>, second: BroadcastStream<B>): KeyedBroadcastConnectedStream<A, B>
  joined<A extends Value, B extends Value>(first: DataStream<A>, second: DataStream<B>): JoinedStreams<A, B>
  sink(writer: StreamNode, committer?: StreamNode): DataStreamSink
  node(options: NodeOptions): StreamNode
}
