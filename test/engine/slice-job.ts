/** The thin slice: two-split source, keyed count, two-phase sink, as a job graph written by hand. */
import { eraseOperator } from '../../src/engine/actor-types.js'
import type { JobConfiguration } from '../../src/engine/configuration.js'
import type { JobGraph } from '../../src/engine/graph/job-graph.js'
import { committerOperator } from '../../src/engine/operators/committer-operator.js'
import { countFunction } from '../../src/engine/operators/count.js'
import { keyedProcessOperator } from '../../src/engine/operators/keyed-process.js'
import { sinkWriterOperator } from '../../src/engine/operators/sink-writer-operator.js'
import { sourceOperator } from '../../src/engine/operators/source-operator.js'
import { collectionSource, twoPhaseSink } from '../../src/connectors/index.js'
import type { Value } from '../../src/engine/record.js'
import type { StoreRequest } from '../../src/systems/index.js'
import type { ActorRef } from '../../src/world/index.js'

export const sliceConfiguration: JobConfiguration = {
  checkpointing: {
    enabled: true,
    mode: 'EXACTLY_ONCE',
    intervalUs: 100_000,
    timeoutUs: 60_000_000,
    minPauseUs: 0,
    maxConcurrent: 1,
    tolerableFailed: 5,
    unaligned: false,
    alignedTimeoutUs: 0,
    storage: 'filesystem',
    inlineThresholdBytes: 0,
    numRetained: 1,
    retention: 'RETAIN_ON_CANCELLATION',
    afterTasksFinish: true,
  },
  restart: { type: 'fixed-delay', attempts: 10, delayUs: 50_000 },
  failover: 'region',
  highAvailability: true,
  heartbeatIntervalUs: 10_000_000,
  heartbeatTimeoutUs: 50_000_000,
  cancellationTimeoutUs: 180_000_000,
  network: { segmentBytes: 400, buffersPerChannel: 2, floatingBuffersPerGate: 8, bufferTimeoutUs: 5_000 },
  autoWatermarkIntervalUs: 200_000,
  maxParallelism: 16,
  committerRetries: 10,
}

/** Size of the slice; as many splits as subtasks unless told. */
export interface SliceSize {
  readonly parallelism: number
  readonly splits?: number
  readonly perSplit: number
  readonly keys: number
  readonly configuration: JobConfiguration
}

/** The slice as a job graph; its sink writes to `store`. */

export function sliceJob(store: ActorRef<StoreRequest>, size: SliceSize): JobGraph {
  const { parallelism, perSplit, keys, configuration } = size
  const splits = Array.from({ length: size.splits ?? parallelism }, (_, i) => `s${String(i)}`)
  const source = collectionSource({
    splits,
    perSplit,
    pace: { burst: 5, intervalUs: 20_000 },
    content: (_split, offset) => ({ value: { key: offset % keys, at: offset }, timestamp: offset * 1000, key: String(offset % keys) }),
  })
  const sink = twoPhaseSink({ store, batch: 5 })
  const keyOf = (value: Value) => {
    const key = typeof value === 'object' && value !== null && 'key' in value ? value['key'] : 0
    return typeof key === 'number' ? key : 0
  }
  const hash = { id: 0, from: 0, to: 1, ship: 'HASH', input: 0, keyOf } as const
  const forward = { id: 1, from: 1, to: 2, ship: 'FORWARD', input: 0 } as const
  const op = { keyOf: [], outputs: [], stateful: false }
  return {
    name: 'slice',
    configuration,
    recordBytes: 100,
    edges: [hash, forward],
    vertices: [
      {
        id: 0,
        name: 'Src',
        parallelism,
        inputs: [],
        outputs: [hash],
        workUs: 100,
        operators: [
          {
            ...op,
            ordinal: 0,
            name: 'Src',
            uid: 'src',
            role: 'source',
            code: eraseOperator(sourceOperator(source, 0)),
            outputs: [{ to: 'edge', edge: 0 }],
            splits,
          },
        ],
      },
      {
        id: 1,
        name: 'Count',
        parallelism,
        inputs: [hash],
        outputs: [forward],
        workUs: 100,
        operators: [
          {
            ...op,
            ordinal: 1,
            name: 'Count',
            uid: 'count',
            role: 'operator',
            code: eraseOperator(keyedProcessOperator(countFunction, 1)),
            keyOf: [keyOf],
            stateful: true,
            outputs: [{ to: 'edge', edge: 1 }],
          },
        ],
      },
      {
        id: 2,
        name: 'Sink',
        parallelism,
        inputs: [forward],
        outputs: [],
        workUs: 100,
        operators: [
          {
            ...op,
            ordinal: 2,
            name: 'Sink',
            uid: 'sink',
            role: 'sink',
            code: eraseOperator(sinkWriterOperator(sink, 2)),
            outputs: [{ to: 'operator', operator: 1 }],
          },
          {
            ...op,
            ordinal: 3,
            name: 'Committer',
            uid: 'committer',
            role: 'committer',
            code: eraseOperator(committerOperator(sink.committer!, { checkpointing: configuration.checkpointing.enabled, retries: 10 })),
          },
        ],
      },
    ],
  }
}
