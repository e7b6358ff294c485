/** Streams and what can be done with them (Flink: `DataStream`, `SingleOutputStreamOperator`). */
import { eraseOperator } from '../actor-types.js'
import { filterOperator } from '../operators/filter.js'
import { flatMapOperator } from '../operators/flat-map.js'
import type { Collector } from '../operators/derived-output.js'
import { mapOperator } from '../operators/map.js'
import type { OutputTag } from '../operators/output-tag.js'
import { processOperator, type ProcessFunction } from '../operators/process.js'
import { timestampsAndWatermarksOperator, type WatermarkStrategy } from '../operators/timestamps-and-watermarks.js'
import type { Key, Value } from '../record.js'
import type { Sink } from '../sink.js'
import type { MapStateDescriptor } from '../state/broadcast-state.js'
import type { BroadcastConnectedStream } from './broadcast-connected-stream.js'
import { BroadcastStream, namesOf } from './broadcast-stream.js'
import type { ConnectedStreams } from './connected-streams.js'
import type { DataStreamSink } from './data-stream-sink.js'
import type { ShipStrategy } from './job-graph.js'
import type { JoinedStreams } from './joined-streams.js'
import { keySelector } from './key-selector.js'
import type { KeyedStream } from './keyed-stream.js'
import { addSink } from './sink-expansion.js'
import type { ChainingStrategy, NodeOptions, OperatorFactory, StreamInput, StreamNode, StreamOrigin } from './stream-graph.js'
import type { Streams } from './streams.js'

/** A stream of values of type T; what comes from several origins is their union. */
export class DataStream<T extends Value> {
  constructor(
    protected readonly streams: Streams,
    readonly origins: readonly StreamOrigin[],
  ) {}

  map<R extends Value>(map: (value: T) => R): SingleOutputStreamOperator<R> {
    return this.transform('Map', ({ ordinal }) => eraseOperator(mapOperator({ map }, ordinal)))
  }

  filter(filter: (value: T) => boolean): SingleOutputStreamOperator<T> {
    return this.transform('Filter', () => eraseOperator(filterOperator({ filter })))
  }

  flatMap<R extends Value>(flatMap: (value: T, out: Collector<R>) => void): SingleOutputStreamOperator<R> {
    return this.transform('Flat Map', ({ ordinal }) => eraseOperator(flatMapOperator({ flatMap }, ordinal)))
  }

  process<R extends Value>(fn: ProcessFunction<T, R>): SingleOutputStreamOperator<R> {
    return this.transform('Process', ({ ordinal }) => eraseOperator(processOperator(fn, ordinal)))
  }

  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): SingleOutputStreamOperator<T> {
    return this.transform('Timestamps/Watermarks', () => eraseOperator(timestampsAndWatermarksOperator(strategy)))
  }

  keyBy(key: (value: T) => Key): KeyedStream<T> {
    const keyOf = keySelector(key)
    return this.streams.keyed(
      this.origins.map(({ from, tag }) => ({ from, ...(tag !== undefined && { tag }), ship: 'HASH', keyOf })),
      keyOf,
    )
  }

  /** Both streams as one, in any order. */
  union(...others: readonly DataStream<T>[]): DataStream<T> {
    return this.streams.stream([this, ...others].flatMap(({ origins }) => origins))
  }

  connect<B extends Value>(second: DataStream<B>): ConnectedStreams<T, B>
  connect<B extends Value>(second: BroadcastStream<B>): BroadcastConnectedStream<T, B>
  connect<B extends Value>(second: DataStream<B> | BroadcastStream<B>): ConnectedStreams<T, B> | BroadcastConnectedStream<T, B> {
    return second instanceof BroadcastStream ? this.streams.connectedBroadcast(this, second) : this.streams.connected(this, second)
  }

  join<B extends Value>(second: DataStream<B>): JoinedStreams<T, B> {
    return this.streams.joined(this, second)
  }

  /** One after the other to each subtask. */
  rebalance(): DataStream<T> {
    return this.ship('REBALANCE')
  }

  /** One after the other to those subtasks that this one's share of the next operator's. */
  rescale(): DataStream<T> {
    return this.ship('RESCALE')
  }

  /** Every record to every subtask; with descriptors, for the broadcast state that they name. */
  broadcast(): DataStream<T>
  broadcast(...descriptors: readonly [MapStateDescriptor, ...MapStateDescriptor[]]): BroadcastStream<T>
  broadcast(...descriptors: readonly MapStateDescriptor[]): DataStream<T> | BroadcastStream<T> {
    const stream = this.ship('BROADCAST')
    return descriptors.length === 0 ? stream : new BroadcastStream(stream, namesOf(descriptors))
  }

  /** To any subtask. */
  shuffle(): DataStream<T> {
    return this.ship('SHUFFLE')
  }

  /** To the first subtask. */
  global(): DataStream<T> {
    return this.ship('GLOBAL')
  }

  /** To the subtask of the same index. */
  forward(): DataStream<T> {
    return this.ship('FORWARD')
  }

  /** Writes the stream out; a sink with a committer becomes a writer and a committer. */
  sinkTo<W, C extends Value, A, K, B>(sink: Sink<W, C, A, K, B>, name = 'Sink'): DataStreamSink {
    return addSink(this.streams, this.inputsAt(0), sink).name(name)
  }

  /** The stream as an input of an operator. */
  inputsAt(input: number): readonly StreamInput[] {
    return this.origins.map((origin) => ({ input, ...origin }))
  }

  /** Adds an operator that reads this stream. */
  protected transform<R extends Value>(
    name: string,
    make: OperatorFactory,
    options: Partial<NodeOptions> = {},
  ): SingleOutputStreamOperator<R> {
    return this.streams.operator({ name, make, inputs: this.inputsAt(0), ...options })
  }

  private ship(ship: ShipStrategy): DataStream<T> {
    return this.streams.stream(this.origins.map(({ from, tag }) => ({ from, ...(tag !== undefined && { tag }), ship })))
  }
}

/** The main output of an operator; here the operator itself is described. */
export class SingleOutputStreamOperator<T extends Value> extends DataStream<T> {
  constructor(
    streams: Streams,
    private readonly node: StreamNode,
  ) {
    super(streams, [{ from: node }])
  }

  /** Names the operator; the history calls it so. */
  name(name: string): this {
    this.node.name = name
    return this
  }

  /** Names the operator's state in checkpoints: a changed job finds it again by this. */
  uid(uid: string): this {
    this.node.uid = uid
    return this
  }

  setParallelism(parallelism: number): this {
    this.node.parallelism = parallelism
    return this
  }

  /** The operator runs in a task of its own. */
  disableChaining(): this {
    return this.chain('NEVER')
  }

  /** The operator is not chained to what it reads. */
  startNewChain(): this {
    return this.chain('HEAD')
  }

  /**
   * A replay of the same records may make other ones: its code looks at the clock, draws lots, or asks somebody. What is claimed of
   * records behind it stays undecided. Not in Flink, which does not ask.
   */
  nondeterministic(): this {
    this.node.deterministic = false
    return this
  }

  /** Time one element keeps the task busy with this operator, µs. Not in Flink, where time is spent by the code itself. */
  work(us: number): this {
    this.node.workUs = us
    return this
  }

  getSideOutput<S extends Value>(tag: OutputTag<S>): DataStream<S> {
    return this.streams.stream([{ from: this.node, tag: tag.id }])
  }

  private chain(chaining: ChainingStrategy): this {
    this.node.chaining = chaining
    return this
  }
}
