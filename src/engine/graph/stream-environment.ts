/** Where a job is written down (Flink: `StreamExecutionEnvironment`). */
import { eraseOperator } from '../actor-types.js'
import type { JobConfiguration } from '../configuration.js'
import { narrowedSource } from '../operators/narrowed-source.js'
import { sourceOperator } from '../operators/source-operator.js'
import type { MergingWindowAssigner, WindowAssigner } from '../operators/window-assigner.js'
import type { Value } from '../record.js'
import type { Source } from '../source.js'
import { BroadcastConnectedStream, KeyedBroadcastConnectedStream } from './broadcast-connected-stream.js'
import type { BroadcastStream } from './broadcast-stream.js'
import { ConnectedStreams } from './connected-streams.js'
import { DataStream, SingleOutputStreamOperator } from './data-stream.js'
import { DataStreamSink } from './data-stream-sink.js'
import type { JobGraph, KeySelector } from './job-graph.js'
import { JoinedStreams } from './joined-streams.js'
import { KeyedStream } from './keyed-stream.js'
import { StreamGraph, type NodeOptions, type StreamNode, type StreamOrigin } from './stream-graph.js'
import { makeJobGraph } from './stream-graph-to-job-graph.js'
import type { Streams } from './streams.js'
import { WindowedStream } from './windowed-stream.js'

/** Serialised size of a record unless the job says otherwise, bytes. */
const RECORD_BYTES = 100

/** Begin with `fromSource`, end with `build`. */
export class StreamExecutionEnvironment {
  private readonly graph = new StreamGraph()
  private readonly streams: Streams = makeStreams(this.graph)
  private recordBytes = RECORD_BYTES

  constructor(private configuration: JobConfiguration) {}

  setConfiguration(configuration: JobConfiguration): this {
    this.configuration = configuration
    return this
  }

  /** Parallelism of operators that are added from now on and do not say their own. */
  setParallelism(parallelism: number): this {
    this.graph.parallelism = parallelism
    return this
  }

  /** Serialised size of a record, bytes. */
  setRecordBytes(bytes: number): this {
    this.recordBytes = bytes
    return this
  }

  /** A stream of what a source reads; the caller says its type. */
  fromSource<T extends Value = Value>(source: Source<unknown, unknown>, name: string): SingleOutputStreamOperator<T> {
    return this.streams.operator({
      name: `Source: ${name}`,
      role: 'source',
      splits: source.splits,
      ...(source.startOffset !== undefined && { startOffset: source.startOffset }),
      ...(source.unbounded === true && { unbounded: true }),
      ...(source.withoutPositions === true && { withoutPositions: true }),
      inputs: [],
      make: ({ firstSplit, kept }) =>
        kept === undefined
          ? eraseOperator(sourceOperator(source, firstSplit))
          : eraseOperator(sourceOperator(narrowedSource(source, kept), firstSplit)),
    })
  }

  /** The job as it is deployed; a `JobGraphError` where it could not be. */
  build(name = 'Flink Streaming Job'): JobGraph {
    return makeJobGraph(this.graph, name, this.configuration, this.recordBytes)
  }
}

/** Makes streams over one graph. */
function makeStreams(graph: StreamGraph): Streams {
  const streams: Streams = {
    stream: <T extends Value>(origins: readonly StreamOrigin[]) => new DataStream<T>(streams, origins),
    operator: <T extends Value>(options: NodeOptions) => new SingleOutputStreamOperator<T>(streams, graph.addNode(options)),
    keyed: <T extends Value>(origins: readonly StreamOrigin[], keyOf: KeySelector) => new KeyedStream<T>(streams, origins, keyOf),
    windowed: <T extends Value>(input: KeyedStream<T>, assigner: WindowAssigner | MergingWindowAssigner) =>
      new WindowedStream<T>(input, assigner),
    connected: <A extends Value, B extends Value>(first: DataStream<A>, second: DataStream<B>) =>
      new ConnectedStreams<A, B>(streams, first, second),
    connectedBroadcast: <A extends Value, B extends Value>(first: DataStream<A>, second: BroadcastStream<B>) =>
      new BroadcastConnectedStream<A, B>(streams, first, second),
    keyedBroadcast: <A extends Value, B extends Value>(first: KeyedStream<A>, second: BroadcastStream<B>) =>
      new KeyedBroadcastConnectedStream<A, B>(streams, first, second),
    joined: <A extends Value, B extends Value>(first: DataStream<A>, second: DataStream<B>) =>
      new JoinedStreams<A, B>(streams, first, second),
    sink: (writer: StreamNode, committer?: StreamNode) => new DataStreamSink(writer, committer),
    node: (options: NodeOptions) => graph.addNode(options),
  }
  return streams
}
