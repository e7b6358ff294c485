/** A job as a value that fast-check can draw and make smaller: its graph, its workload, its configuration. Plain data, without code. */

/** A source and its workload: splits of records, handed out in bursts. */
export interface GeneratedSource {
  readonly splits: number
  readonly perSplit: number
  readonly burst: number
  readonly intervalMs: number
}

/** One operator behind the sources. */
export interface Stage {
  readonly kind: 'map' | 'filter' | 'count' | 'window' | 'alarm'
  readonly parallelism: number
  /** Records are dealt out one by one before it; else they go forward, if they can. A keyed stage is always fed by key. */
  readonly rebalance: boolean
  readonly chained: boolean
  readonly workUs: number
}

/** Where the results go: a store in two phases or record by record, or files that appear with their checkpoint. */
export type GeneratedSink = 'two-phase' | 'append' | 'file'

/** Settings that differ from job to job. */
export interface Settings {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly minPauseMs: number
  readonly maxConcurrent: number
  readonly storage: 'filesystem' | 'jobmanager'
  readonly inlineThresholdBytes: number
  readonly numRetained: number
  readonly failover: 'region' | 'full'
  /** `never`: the first failure ends the job, and without high availability so does that of the JobManager. */
  readonly restart: 'always' | 'never'
  readonly heartbeatTimeoutMs: number
  readonly cancellationTimeoutMs: number
  readonly segmentBytes: number
  readonly buffersPerChannel: number
  readonly bufferTimeoutMs: number
}

/** All of a job. */
export interface GeneratedJob {
  readonly sources: readonly GeneratedSource[]
  readonly combine: 'union' | 'join'
  readonly keys: number
  readonly stages: readonly Stage[]
  readonly sink: GeneratedSink
  readonly sinkParallelism: number
  readonly settings: Settings
}
