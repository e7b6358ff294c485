/** Jobs as fast-check draws them; each shrinks to what is simplest: one source of one record, no stage, parallelism 1. */
import fc from 'fast-check'
import type { GeneratedJob, GeneratedSink, GeneratedSource, Settings, Stage } from './generated-job.js'

/** Which jobs are drawn; all kinds unless said otherwise. */
export interface JobConstraints {
  readonly sinks?: readonly GeneratedSink[]
  /** `always` unless said otherwise. */
  readonly restart?: Settings['restart']
  /** Most stages behind the sources; 3 unless said otherwise. */
  readonly maxStages?: number
  /** Kinds of stages; all unless said otherwise. */
  readonly stages?: readonly Stage['kind'][]
  /** A stage of this kind comes first, whatever else there is. */
  readonly first?: Stage['kind']
  /** Most records in a split; 30 unless said otherwise. */
  readonly maxPerSplit?: number
}

const parallelism = fc.integer({ min: 1, max: 3 })
/** Short spans are simple: they shrink towards the shortest. */
const heartbeatTimeoutMs = fc.constantFrom(1_000, 400, 150)

/** A source's records and their pace. */
export function workloads({ maxPerSplit = 30 }: Pick<JobConstraints, 'maxPerSplit'> = {}): fc.Arbitrary<GeneratedSource> {
  return fc.record({
    splits: fc.integer({ min: 1, max: 3 }),
    perSplit: fc.integer({ min: 1, max: maxPerSplit }),
    burst: fc.integer({ min: 1, max: 5 }),
    intervalMs: fc.integer({ min: 2, max: 20 }),
  })
}

/** One operator between sources and sink. */
export function stages(kinds: readonly Stage['kind'][] = ['map', 'filter', 'count', 'window', 'alarm']): fc.Arbitrary<Stage> {
  return fc.record({
    kind: fc.constantFrom(...kinds),
    parallelism,
    rebalance: fc.boolean(),
    chained: fc.boolean(),
    workUs: fc.constantFrom(100, 1_000, 3_000),
  })
}

/** Checkpoints, restarts, heartbeats and the network. */
export function configurations(restart: Settings['restart'] = 'always'): fc.Arbitrary<Settings> {
  return fc.record({
    intervalMs: fc.integer({ min: 10, max: 80 }),
    timeoutMs: fc.constantFrom(300, 60),
    minPauseMs: fc.constantFrom(0, 20),
    maxConcurrent: fc.integer({ min: 1, max: 2 }),
    storage: fc.constantFrom('filesystem', 'jobmanager'),
    inlineThresholdBytes: fc.constantFrom(0, 200, 20_000),
    numRetained: fc.integer({ min: 1, max: 3 }),
    failover: fc.constantFrom('region', 'full'),
    restart: fc.constant(restart),
    heartbeatTimeoutMs,
    cancellationTimeoutMs: fc.constantFrom(1_000, 100),
    segmentBytes: fc.constantFrom(4_000, 400, 150),
    buffersPerChannel: fc.integer({ min: 1, max: 2 }),
    bufferTimeoutMs: fc.constantFrom(5, 1, 0),
  })
}

/** A whole job: sources, stages, sink, workload, configuration. */
export function jobs(constraints: JobConstraints = {}): fc.Arbitrary<GeneratedJob> {
  const { sinks = ['two-phase', 'append', 'file'], restart, stages: kinds, first, maxStages = 3 } = constraints
  const others = fc.array(stages(kinds), { maxLength: first === undefined ? maxStages : maxStages - 1 })
  return fc.record({
    sources: fc.array(workloads(constraints), { minLength: 1, maxLength: 2 }),
    combine: fc.constantFrom('union', 'join'),
    keys: fc.integer({ min: 1, max: 12 }),
    stages: first === undefined ? others : fc.tuple(stages([first]), others).map(([one, more]) => [one, ...more]),
    sink: fc.constantFrom(...sinks),
    sinkParallelism: parallelism,
    settings: configurations(restart),
  })
}
