import type { JobConfiguration } from '../engine/index.js'
import type { Mode } from '../search/index.js'
import type { Settings } from './generated-job.js'

/** Restarts without an end, as Flink writes it. */
const INFINITE = 2_147_483_647

/** The configuration that the engine gets. */
export function configurationOf(settings: Settings, mode: Mode): JobConfiguration {
  const { restart, heartbeatTimeoutMs } = settings
  return {
    checkpointing: checkpointingOf(settings, mode),
    restart: restart === 'never' ? { type: 'none' } : { type: 'fixed-delay', attempts: INFINITE, delayUs: 10_000 },
    failover: settings.failover,
    highAvailability: restart === 'always',
    heartbeatIntervalUs: heartbeatTimeoutMs * 200,
    heartbeatTimeoutUs: heartbeatTimeoutMs * 1000,
    cancellationTimeoutUs: settings.cancellationTimeoutMs * 1000,
    network: {
      segmentBytes: settings.segmentBytes,
      buffersPerChannel: settings.buffersPerChannel,
      floatingBuffersPerGate: 4,
      bufferTimeoutUs: settings.bufferTimeoutMs * 1000,
    },
    autoWatermarkIntervalUs: 200_000,
    maxParallelism: 16,
    committerRetries: 10,
  }
}

function checkpointingOf(settings: Settings, mode: Mode): JobConfiguration['checkpointing'] {
  const { intervalMs, timeoutMs, minPauseMs, maxConcurrent, storage, inlineThresholdBytes, numRetained } = settings
  return {
    enabled: mode !== 'off',
    mode: mode === 'at-least-once' ? 'AT_LEAST_ONCE' : 'EXACTLY_ONCE',
    intervalUs: intervalMs * 1000,
    timeoutUs: timeoutMs * 1000,
    minPauseUs: minPauseMs * 1000,
    maxConcurrent,
    tolerableFailed: 1000,
    unaligned: false,
    alignedTimeoutUs: 0,
    storage,
    inlineThresholdBytes,
    numRetained,
    retention: 'RETAIN_ON_CANCELLATION',
    afterTasksFinish: true,
  }
}

/** Flink's keys that the oracles ask for. */
export function optionsOf({ restart }: Settings): Readonly<Record<string, string>> {
  if (restart === 'never') return { 'high-availability.type': 'NONE', 'restart-strategy.type': 'none' }
  return {
    'high-availability.type': 'zookeeper',
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': String(INFINITE),
  }
}
