/**
 * The outside world of an imported job: what its sources read and its sinks write, each in a process of its own that a fault may restart.
 */
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
  queueSource,
  recordsOf,
  socketSource,
  twoPhaseSink,
  type Content,
  type Pace,
} from '../src/connectors/index.js'
import type { DataStream, Source, Value } from '../src/engine/index.js'
import type { SinkSettings, SourceSettings } from '../src/flink/index.js'
import {
  addKafkaCluster,
  addKafkaReader,
  DEFAULT_COORDINATOR,
  emptyStore,
  externalStore,
  fileSystem,
  fileSystemState,
  messageQueue,
  socketServer,
  topicOf,
} from '../src/systems/index.js'
import type { ProcessRef, World } from '../src/world/index.js'

/** What was added for one source or sink. */
export interface OutsidePart {
  /** The system itself first, then its readers. */
  readonly processes: readonly ProcessRef[]
  /** Where a sink's output is looked at, the promised point first. */
  readonly observed: readonly string[]
}

/** Records that each split of a source holds. */
export interface SourceSize {
  readonly splits: readonly string[]
  readonly perSplit: number
  readonly content: Content
  readonly pace: Pace
}

/** A source as an imported job has it: a Kafka topic, a socket, or a collection for everything else that can be read again. */
export function addSource(
  world: World,
  name: string,
  settings: SourceSettings,
  size: SourceSize,
): { readonly source: Source<unknown, unknown>; readonly process?: ProcessRef } {
  const { splits, perSplit, content, pace } = size
  if (settings.replayable === 'redelivers') {
    const process = world.process(`${name} queues`)
    const queues = splits.map((split) => ({ name: split, records: recordsOf(content, split, perSplit), acknowledged: 0 }))
    const server = world.add(process, messageQueue, `${name} queues`, { queues })
    return { source: queueSource({ server, queues: splits, content, pace }), process }
  }
  if (!settings.replayable) {
    const process = world.process(`${name} server`)
    const streams = splits.map((split) => ({ name: split, records: recordsOf(content, split, perSplit), sent: 0 }))
    const server = world.add(process, socketServer, `${name} server`, { streams })
    return { source: socketSource({ server, streams: splits, content, pace }), process }
  }
  if (settings.kind !== 'kafka') return { source: collectionSource({ splits, perSplit, content, pace }) }
  const process = world.process(`${name} Kafka`)
  const partitions = splits.map((split) => recordsOf(content, split, perSplit))
  const cluster = addKafkaCluster(world, process, [{ name, partitions }])
  const stoppingOffsets = splits.map(() => perSplit)
  return {
    source: kafkaSource({ ...KAFKA_SOURCE_DEFAULTS, cluster, topic: topicOf(cluster, name), stoppingOffsets, maxPollRecords: 10, pace }),
    process,
  }
}

/** A sink of a job whose rates were scaled to its interval. */
export interface ScaledSink extends SinkSettings {
  /** Between two checkpoints, µs. */
  readonly intervalUs: number
}

/** Writes a stream to a sink as an imported job has it. */
export function addSink(world: World, stream: DataStream<Value>, name: string, parallelism: number, settings: ScaledSink): OutsidePart {
  const { kind, guarantee, transactionTimeoutUs } = settings
  // Every system that gives transactions up after a while is modelled as Kafka does it.
  if (kind === 'kafka' || transactionTimeoutUs !== undefined) return addKafkaSink(world, stream, name, parallelism, settings)
  const process = world.process(`${name} system`)
  if (kind === 'file' && guarantee === 'EXACTLY_ONCE') {
    const files = world.add(process, fileSystem, `${name} files`, fileSystemState())
    stream.sinkTo(fileSink({ files, directory: name, batch: 5 }), name).setParallelism(parallelism)
    return { processes: [process], observed: ['finished-files'] }
  }
  const store = world.add(process, externalStore, `${name} store`, emptyStore())
  if (guarantee === 'EXACTLY_ONCE') stream.sinkTo(twoPhaseSink({ store, batch: 5 }), name).setParallelism(parallelism)
  else if (guarantee === 'NONE' && kind !== 'print') stream.sinkTo(bufferedSink({ store, capacity: 25 }), name).setParallelism(parallelism)
  else if (kind === 'async') stream.sinkTo(asyncSink({ store, ...ASYNC_SINK }), name).setParallelism(parallelism)
  else stream.sinkTo(appendSink({ store }), name).setParallelism(parallelism)
  return { processes: [process], observed: ['external-store'] }
}

/** Sizes of an asynchronous sink. */
const ASYNC_SINK = { maxBatchSize: 5, maxInFlightRequests: 2, maxBufferedRequests: 25, retryBackoffUs: 10_000 }

function addKafkaSink(world: World, stream: DataStream<Value>, name: string, parallelism: number, settings: ScaledSink): OutsidePart {
  const process = world.process(`${name} Kafka`)
  const readers = world.process(`${name} readers`)
  const transactionTimeoutUs = settings.transactionTimeoutUs ?? KAFKA_SINK_DEFAULTS.transactionTimeoutUs
  const partitions = Array.from({ length: parallelism }, () => [])
  const cleanupIntervalUs = Math.max(10_000, Math.min(10_000_000, Math.floor(transactionTimeoutUs / 4)))
  const cluster = addKafkaCluster(world, process, [{ name, partitions }], {
    maxTimeoutUs: Math.max(DEFAULT_COORDINATOR.maxTimeoutUs, transactionTimeoutUs),
    cleanupIntervalUs,
  })
  const topic = topicOf(cluster, name)
  addKafkaReader(world, readers, topic, 'read_committed', `${name}: Writer`)
  addKafkaReader(world, readers, topic, 'read_uncommitted', `${name}: Writer`)
  const { guarantee: deliveryGuarantee, intervalUs } = settings
  // Behind a sink that does not flush, a job of real size has something unsent at each barrier; so few records must wait longer for that.
  const unflushed = deliveryGuarantee === 'NONE' && { batch: 25, lingerUs: intervalUs }
  const sink = kafkaSink({
    ...KAFKA_SINK_DEFAULTS,
    cluster,
    topic,
    deliveryGuarantee,
    transactionalIdPrefix: name,
    transactionTimeoutUs,
    partitioner: 'by-key',
    batch: 5,
    ...unflushed,
  })
  stream.sinkTo(sink, name).setParallelism(parallelism)
  return { processes: [process, readers], observed: ['read_committed', 'read_uncommitted'] }
}
