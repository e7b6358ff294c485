/** From Flink's options to the settings of the model. */
import type { CheckpointConfiguration, JobConfiguration, NetworkConfiguration, RestartConfiguration } from '../../engine/configuration.js'
import type { MergedValues } from './merged-values.js'

/** `KeyGroupRangeAssignment.DEFAULT_LOWER_BOUND_MAX_PARALLELISM`: the number of key groups that Flink derives up to parallelism 85. */
const derivedMaxParallelism = 128

/** Builds the effective settings of values that are free of contradictions. */
export function settingsOf(values: MergedValues): JobConfiguration {
  const maxParallelism = values.number('pipeline.max-parallelism')
  return {
    checkpointing: checkpointingOf(values),
    restart: restartOf(values),
    failover: isAdaptive(values) || values.text('jobmanager.execution.failover-strategy') === 'full' ? 'full' : 'region',
    highAvailability: values.text('high-availability.type')?.toUpperCase() !== 'NONE',
    heartbeatIntervalUs: values.number('heartbeat.interval'),
    heartbeatTimeoutUs: values.number('heartbeat.timeout'),
    cancellationTimeoutUs: values.number('task.cancellation.timeout'),
    network: networkOf(values),
    autoWatermarkIntervalUs: values.number('pipeline.auto-watermark-interval'),
    ...(maxParallelism > 0 ? { maxParallelism } : { maxParallelism: derivedMaxParallelism, maxParallelismDerived: true }),
    committerRetries: values.number('sink.committer.retries'),
  }
}

/** Whether the adaptive scheduler runs the job: each failure restarts all of it, whatever the failover strategy. */
export function isAdaptive(values: MergedValues): boolean {
  return values.text('jobmanager.scheduler') === 'Adaptive' || values.text('scheduler-mode') === 'REACTIVE'
}

/** Whether periodic checkpoints are on: an interval is given and is not 0. */
export function checkpointingEnabled(values: MergedValues): boolean {
  const interval = values.valueOf('execution.checkpointing.interval')
  return typeof interval === 'number' && interval > 0
}

function checkpointingOf(values: MergedValues): CheckpointConfiguration {
  const key = (name: string): string => `execution.checkpointing.${name}`
  const interval = values.valueOf(key('interval'))
  const mode = values.text(key('mode')) === 'AT_LEAST_ONCE' ? 'AT_LEAST_ONCE' : 'EXACTLY_ONCE'
  return {
    enabled: checkpointingEnabled(values),
    mode,
    intervalUs: typeof interval === 'number' ? interval : 0,
    timeoutUs: values.number(key('timeout')),
    minPauseUs: values.number(key('min-pause')),
    maxConcurrent: values.number(key('max-concurrent-checkpoints')),
    tolerableFailed: values.number(key('tolerable-failed-checkpoints')),
    unaligned: values.boolean(key('unaligned.enabled')) && mode === 'EXACTLY_ONCE',
    alignedTimeoutUs: values.number(key('aligned-checkpoint-timeout')),
    storage: storageOf(values),
    inlineThresholdBytes: values.number(key('data-inline-threshold')),
    numRetained: Math.max(1, values.number(key('num-retained'))),
    retention: retentionOf(values.text(key('externalized-checkpoint-retention'))),
    afterTasksFinish: values.boolean(key('checkpoints-after-tasks-finish')),
    ...localStateOf(values),
  }
}

/** The backup is on where recovery from it is, unless it is turned off by itself. */
function localStateOf(values: MergedValues): Pick<CheckpointConfiguration, 'localBackup' | 'recoverFromLocal'> {
  const backup = 'execution.checkpointing.local-backup.enabled'
  const recover = values.boolean('execution.state-recovery.from-local')
  const localBackup = values.givenFor(backup) === undefined ? recover : values.boolean(backup)
  return { ...(localBackup && { localBackup }), ...(recover && { recoverFromLocal: recover }) }
}

/** Absent storage is the directory's kind; a factory class is taken for a file system. */
export function storageOf(values: MergedValues): CheckpointConfiguration['storage'] {
  const named = values.text('execution.checkpointing.storage')?.toLowerCase()
  if (named === undefined) return values.givenFor('execution.checkpointing.dir') === undefined ? 'jobmanager' : 'filesystem'
  return named === 'jobmanager' ? 'jobmanager' : 'filesystem'
}

function retentionOf(name: string | undefined): CheckpointConfiguration['retention'] {
  return name === 'RETAIN_ON_CANCELLATION' || name === 'DELETE_ON_CANCELLATION' ? name : 'NO_EXTERNALIZED_CHECKPOINTS'
}

/** The strategy's name; without one Flink takes exponential-delay when checkpointing is on, else none. */
export function restartTypeOf(values: MergedValues): string {
  return values.text('restart-strategy.type') ?? (checkpointingEnabled(values) ? 'exponential-delay' : 'none')
}

function restartOf(values: MergedValues): RestartConfiguration {
  const type = restartTypeOf(values)
  const key = (name: string): string => `restart-strategy.${type}.${name}`
  switch (type) {
    case 'fixed-delay':
      return { type, attempts: values.number(key('attempts')), delayUs: values.number(key('delay')) }
    case 'failure-rate':
      return {
        type,
        maxFailures: values.number(key('max-failures-per-interval')),
        intervalUs: values.number(key('failure-rate-interval')),
        delayUs: values.number(key('delay')),
      }
    case 'exponential-delay':
      return {
        type,
        initialBackoffUs: values.number(key('initial-backoff')),
        maxBackoffUs: values.number(key('max-backoff')),
        multiplierPercent: Math.round(values.number(key('backoff-multiplier')) * 100),
        resetThresholdUs: values.number(key('reset-backoff-threshold')),
        jitterPercent: Math.round(values.number(key('jitter-factor')) * 100),
        attempts: values.number(key('attempts-before-reset-backoff')),
      }
    default:
      return { type: 'none' }
  }
}

function networkOf(values: MergedValues): NetworkConfiguration {
  return {
    segmentBytes: values.number('taskmanager.memory.segment-size'),
    // The backlog of a channel is told along with its data: one without any credit would never get to say that it has some.
    buffersPerChannel: Math.max(1, values.number('taskmanager.network.memory.buffers-per-channel')),
    floatingBuffersPerGate: values.number('taskmanager.network.memory.floating-buffers-per-gate'),
    bufferTimeoutUs: values.boolean('execution.buffer-timeout.enabled') ? values.number('execution.buffer-timeout.interval') : -1,
  }
}
