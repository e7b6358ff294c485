import type { Heartbeat } from '../world/index.js'

/**
 * The effective settings of a job, in the words of Flink's configuration. Times are µs, sizes bytes.
 * `src/flink/configuration` reads them from Flink's own keys and files and knows their defaults and contradictions.
 */
export interface JobConfiguration {
  readonly checkpointing: CheckpointConfiguration
  readonly restart: RestartConfiguration
  /** `jobmanager.execution.failover-strategy` */
  readonly failover: 'region' | 'full'
  /** `high-availability.type`: with NONE a JobManager crash loses the job. */
  readonly highAvailability: boolean
  /** `heartbeat.interval`: how often the JobManager asks each TaskManager. */
  readonly heartbeatIntervalUs: number
  /** `heartbeat.timeout`: silence after which each takes the other for lost. */
  readonly heartbeatTimeoutUs: number
  /** `task.cancellation.timeout`: a task that does not end by then takes its TaskManager down; 0 is never. */
  readonly cancellationTimeoutUs: number
  readonly network: NetworkConfiguration
  /** `pipeline.auto-watermark-interval` */
  readonly autoWatermarkIntervalUs: number
  /** `pipeline.max-parallelism`: number of key groups. */
  readonly maxParallelism: number
  /** It was not set: a job that restores a checkpoint takes over that one's. */
  readonly maxParallelismDerived?: true
  /** `sink.committer.retries` */
  readonly committerRetries: number
}

/** The heartbeats between the JobManager, which asks, and a TaskManager. */
export function heartbeatOf({ heartbeatIntervalUs, heartbeatTimeoutUs }: JobConfiguration, asks: boolean): Heartbeat {
  return { intervalUs: heartbeatIntervalUs, timeoutUs: heartbeatTimeoutUs, asks }
}

/** `execution.checkpointing.*`, with Flink's names in camel case. Times in µs, sizes in bytes. */
export interface CheckpointConfiguration {
  /** `execution.checkpointing.interval` is set. */
  readonly enabled: boolean
  readonly mode: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE'
  readonly intervalUs: number
  readonly timeoutUs: number
  readonly minPauseUs: number
  readonly maxConcurrent: number
  readonly tolerableFailed: number
  readonly unaligned: boolean
  readonly alignedTimeoutUs: number
  readonly storage: 'jobmanager' | 'filesystem'
  /** `execution.checkpointing.data-inline-threshold`: smaller state travels inside the acknowledgement. */
  readonly inlineThresholdBytes: number
  readonly numRetained: number
  readonly retention: 'NO_EXTERNALIZED_CHECKPOINTS' | 'DELETE_ON_CANCELLATION' | 'RETAIN_ON_CANCELLATION'
  readonly afterTasksFinish: boolean
  /** `execution.checkpointing.local-backup.enabled`: the TaskManager keeps a copy of the keyed state that it uploads. */
  readonly localBackup?: true
  /** `execution.state-recovery.from-local`: the copy is restored where the task comes back to. */
  readonly recoverFromLocal?: true
}

/** How far checkpoints are apart, µs: they are not triggered more often than the pause between them lets them be. */
export function betweenCheckpointsUs({ intervalUs, minPauseUs }: Pick<CheckpointConfiguration, 'intervalUs' | 'minPauseUs'>): number {
  return Math.max(intervalUs, minPauseUs)
}

/** `restart-strategy.type` with its own settings. Fractions are whole percent, because the engine computes with integers only. */
export type RestartConfiguration =
  | { readonly type: 'none' }
  | { readonly type: 'fixed-delay'; readonly attempts: number; readonly delayUs: number }
  | { readonly type: 'failure-rate'; readonly maxFailures: number; readonly intervalUs: number; readonly delayUs: number }
  | ExponentialDelayRestart

/** Flink's `ExponentialDelayRestartBackoffTimeStrategy`: the default when checkpointing is on. */
export interface ExponentialDelayRestart {
  readonly type: 'exponential-delay'
  readonly initialBackoffUs: number
  readonly maxBackoffUs: number
  /** `backoff-multiplier` times 100: 150 is 1.5. */
  readonly multiplierPercent: number
  readonly resetThresholdUs: number
  /** `jitter-factor` times 100. */
  readonly jitterPercent: number
  /** `attempts-before-reset-backoff`; 2147483647 is Flink's infinite. */
  readonly attempts: number
}

/** `taskmanager.network.*` and the buffer timeout. Times in µs, sizes in bytes. */
export interface NetworkConfiguration {
  /** `taskmanager.memory.segment-size` */
  readonly segmentBytes: number
  /** `taskmanager.network.memory.buffers-per-channel`: exclusive credits of a remote channel. */
  readonly buffersPerChannel: number
  /** `taskmanager.network.memory.floating-buffers-per-gate` */
  readonly floatingBuffersPerGate: number
  /** `execution.buffer-timeout`: a partly filled buffer is flushed after this long. */
  readonly bufferTimeoutUs: number
}
