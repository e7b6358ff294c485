/** The recorded job, rebuilt of the engine's parts: source, (delay,) keyed count, sink; every vertex a task of its own. */
import {
  appendSink,
  asyncSink,
  bufferedSink,
  collectionSource,
  fileSink,
  kafkaSink,
  KAFKA_SINK_DEFAULTS,
  kafkaSource,
  KAFKA_SOURCE_DEFAULTS,
  recordsOf,
  twoPhaseSink,
  type Content,
} from '../../src/connectors/index.js'
import {
  StreamExecutionEnvironment,
  type DataStream,
  type JobConfiguration,
  type JobGraph,
  type SingleOutputStreamOperator,
  type Sink,
  type Value,
} from '../../src/engine/index.js'
import type { ObservationPoint } from '../../src/history/index.js'
import {
  addKafkaCluster,
  addKafkaReader,
  emptyStore,
  externalStore,
  fileSystem,
  fileSystemState,
  partitionName,
  topicOf,
} from '../../src/systems/index.js'
import type { ProcessRef, World } from '../../src/world/index.js'
import type { RecordedScenario } from './recorded-scenario.js'

/** What was set up in a world. */
export interface RebuiltJob {
  readonly graph: JobGraph
  /** The same job on the same outside systems; its transactions have the prefix of the first one's, or another. */
  again(samePrefix: boolean): JobGraph
  /** Processes of outside systems. */
  readonly outside: readonly ProcessRef[]
  readonly observed: ReadonlyMap<string, readonly ObservationPoint[]>
  readonly splits: readonly { readonly vertex: string; readonly split: string; readonly records: number }[]
  /** Indices of the vertices in the graph; -1 where there is none. */
  readonly vertices: { readonly delay: number; readonly count: number; readonly sink: number }
}

/** What is not the recorded job's own. */
export interface Scale {
  /** By which the job was made smaller: each record weighs as many times more. */
  readonly factor: number
  /** Time that a record takes in the source, µs. */
  readonly sourceUs: number
}

/** A value of the job. */
export type Counted = { readonly key: string; readonly at: number }

const WRITER = 'Sink: Writer'
/**
 * Serialised size of a recorded record, bytes; scaled up as the number of records is scaled down, so that as much of the input is on its
 * way.
 */
const RECORD_BYTES = 60

/** Builds the job; sizes are those of the scenario as it is given. */
export function rebuildJob(world: World, scenario: RecordedScenario, settings: JobConfiguration, scale: Scale): RebuiltJob {
  return scenario.sink === 'kafka' ? kafkaJob(world, scenario, settings) : storeJob(world, scenario, settings, scale)
}

function contentOf(keys: number): Content {
  return (_split, offset) => {
    const key = `k${String(offset % keys)}`
    const value: Counted = { key, at: offset }
    return { value, timestamp: offset * 1000, key }
  }
}

function storeJob(world: World, scenario: RecordedScenario, settings: JobConfiguration, { factor, sourceUs }: Scale): RebuiltJob {
  const { splits: count, perSplit, keys, parallelism, burst, tickUs, processUs, delayUs, rebalance } = scenario
  const splits = Array.from({ length: count }, (_, i) => String(i))
  const pace = burst === 0 ? {} : { pace: { burst, intervalUs: tickUs } }
  const outside = world.process('outside')
  const write = storeSink(world, outside, scenario)
  const build = (): JobGraph => {
    const env = new StreamExecutionEnvironment(settings).setParallelism(parallelism).setRecordBytes(RECORD_BYTES * factor)
    const source = env
      .fromSource<Counted>(collectionSource({ splits, perSplit, content: contentOf(keys), ...pace }), 'Src')
      .uid('src')
      .work(sourceUs)
      .disableChaining()
    const delayed = delayUs.length === 0 ? source : delay(source)
    const counted = delayed
      .keyBy(({ key }) => key)
      .count()
      .uid('count')
      .work(Math.max(100, processUs))
      .disableChaining()
    write(rebalance ? counted.rebalance() : counted.forward())
    return env.build(scenario.name)
  }
  const graph = build()
  const at: ObservationPoint = scenario.sink === 'file' ? 'finished-files' : 'external-store'
  return {
    graph,
    again: build,
    outside: [outside],
    observed: new Map([[WRITER, [at]]]),
    splits: splits.map((split) => ({ vertex: 'Source: Src', split, records: perSplit })),
    vertices: { delay: delayUs.length === 0 ? -1 : 1, count: delayUs.length === 0 ? 1 : 2, sink: graph.vertices.length - 1 },
  }
}

function delay(source: SingleOutputStreamOperator<Counted>): SingleOutputStreamOperator<Counted> {
  return source
    .map((value) => value)
    .uid('delay')
    .work(50)
    .disableChaining()
}

/** The sinks of the recorded job. `alo` buffers 25 records and `none` 400; here they are scaled as the job is. */
function storeSink(world: World, outside: ProcessRef, { name, sink }: RecordedScenario): (stream: DataStream<Value>) => void {
  if (sink === 'file') {
    const files = world.add(outside, fileSystem, 'files', fileSystemState())
    return (stream) => write(stream, fileSink({ files, directory: name, batch: 5 }))
  }
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  if (sink === 'append') return (stream) => write(stream, appendSink({ store }))
  if (sink === 'none') return (stream) => write(stream, bufferedSink({ store, capacity: 40 }))
  if (sink === 'alo')
    return (stream) =>
      write(stream, asyncSink({ store, maxBatchSize: 3, maxInFlightRequests: 1, maxBufferedRequests: 30, retryBackoffUs: 10_000 }))
  return (stream) => write(stream, twoPhaseSink({ store, batch: 5 }))
}

function write<W, C extends Value, A, K, B>(stream: DataStream<Value>, sink: Sink<W, C, A, K, B>): void {
  stream.sinkTo(sink, 'Sink').uid('sink').work(50)
}

/** KafkaSource → map → KafkaSink in one chain, a pipelined region a partition. */
function kafkaJob(world: World, scenario: RecordedScenario, settings: JobConfiguration): RebuiltJob {
  const { name, splits: count, perSplit, keys, parallelism, burst, tickUs, guarantee, transactionTimeoutUs } = scenario
  const kafka = world.process('kafka')
  const readers = world.process('readers')
  const partitions = Array.from({ length: count }, (_, i) => i)
  const words = partitions.map((partition) => recordsOf(contentOf(keys), partitionName('in', partition), perSplit))
  const topics = [
    { name: 'in', partitions: words },
    { name: 'out', partitions: partitions.map(() => []) },
  ]
  const cluster = addKafkaCluster(world, kafka, topics, { maxTimeoutUs: 900_000_000, cleanupIntervalUs: 500_000 })
  const out = topicOf(cluster, 'out')
  addKafkaReader(world, readers, out, 'read_committed', WRITER)
  addKafkaReader(world, readers, out, 'read_uncommitted', WRITER)
  const source = kafkaSource({
    ...KAFKA_SOURCE_DEFAULTS,
    cluster,
    topic: topicOf(cluster, 'in'),
    stoppingOffsets: partitions.map(() => perSplit),
    pace: { burst, intervalUs: tickUs },
  })
  const build = (prefix: string): JobGraph => {
    const sink = kafkaSink({
      ...KAFKA_SINK_DEFAULTS,
      cluster,
      topic: out,
      deliveryGuarantee: guarantee,
      transactionalIdPrefix: guarantee === 'EXACTLY_ONCE' ? prefix : '',
      transactionTimeoutUs,
      lingerUs: guarantee === 'NONE' ? 1_500_000 : 5_000,
      partitioner: 'by-key',
    })
    const env = new StreamExecutionEnvironment(settings).setParallelism(parallelism)
    const read = env.fromSource<Counted>(source, 'Src').uid('src').work(50)
    const mapped = read
      .map((value) => value)
      .uid('map')
      .work(50)
    mapped.sinkTo(sink, 'Sink').uid('sink').work(50)
    return env.build(name)
  }
  return {
    graph: build(name),
    again: (samePrefix) => build(samePrefix ? name : `${name}-2`),
    outside: [kafka, readers],
    observed: new Map([[WRITER, ['read_committed', 'read_uncommitted']]]),
    splits: partitions.map((partition) => ({ vertex: 'Source: Src', split: partitionName('in', partition), records: perSplit })),
    vertices: { delay: -1, count: 0, sink: 0 },
  }
}
