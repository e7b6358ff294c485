/** Flink's `RestartStrategyOptions`, and the options of failover, failure detection and high availability. */
import { feeds, type ConfigOption } from './config-option.js'

const restart = 'restart-strategy'

const restartOptions: readonly ConfigOption[] = [
  feeds(
    `${restart}.type`,
    {
      names: [
        ['none', 'off', 'disable'],
        ['fixed-delay', 'fixeddelay'],
        ['failure-rate', 'failurerate'],
        ['exponential-delay', 'exponentialdelay'],
      ],
    },
    null,
    'restart.type',
    'absent means exponential-delay when checkpointing is on, else none',
    [restart],
  ),
  feeds(`${restart}.fixed-delay.attempts`, 'integer', '1', 'restart.attempts', 'restarts before the job fails'),
  feeds(`${restart}.fixed-delay.delay`, 'duration', '1 s', 'restart.delayUs', 'pause before a restart'),
  feeds(
    `${restart}.failure-rate.max-failures-per-interval`,
    'integer',
    '1',
    'restart.maxFailures',
    'failures within the interval before the job fails',
  ),
  feeds(
    `${restart}.failure-rate.failure-rate-interval`,
    'duration',
    '1 min',
    'restart.intervalUs',
    'interval in which failures are counted',
  ),
  feeds(`${restart}.failure-rate.delay`, 'duration', '1 s', 'restart.delayUs', 'pause before a restart'),
  feeds(`${restart}.exponential-delay.initial-backoff`, 'duration', '1 s', 'restart.initialBackoffUs', 'first pause before a restart'),
  feeds(`${restart}.exponential-delay.max-backoff`, 'duration', '1 min', 'restart.maxBackoffUs', 'longest pause before a restart'),
  feeds(
    `${restart}.exponential-delay.backoff-multiplier`,
    'decimal',
    '1.5',
    'restart.multiplierPercent',
    'growth of the pause with each failure',
  ),
  feeds(
    `${restart}.exponential-delay.reset-backoff-threshold`,
    'duration',
    '1 h',
    'restart.resetThresholdUs',
    'time without failure after which the pause starts again at its first value',
  ),
  feeds(`${restart}.exponential-delay.jitter-factor`, 'decimal', '0.1', 'restart.jitterPercent', 'random part of the pause'),
  feeds(
    `${restart}.exponential-delay.attempts-before-reset-backoff`,
    'integer',
    '2147483647',
    'restart.attempts',
    'restarts before the job fails; 2147483647 is no limit',
  ),
]

export const recoveryOptions: readonly ConfigOption[] = [
  ...restartOptions,
  feeds('jobmanager.execution.failover-strategy', { names: [['region'], ['full']] }, 'region', 'failover', 'which tasks restart together'),
  feeds(
    'jobmanager.scheduler',
    { names: [['Default'], ['Adaptive'], ['AdaptiveBatch']] },
    'Default',
    'failover',
    'with Adaptive each failure restarts the whole job',
  ),
  feeds('scheduler-mode', { names: [['REACTIVE']] }, null, 'failover', 'REACTIVE runs the job with the adaptive scheduler'),
  feeds('high-availability.type', 'string', 'NONE', 'highAvailability', 'NONE, ZOOKEEPER, KUBERNETES or a factory class', [
    'high-availability',
    'recovery.mode',
  ]),
  feeds('heartbeat.interval', 'duration', '10 s', 'heartbeatIntervalUs', 'pause between heartbeats of JobManager and TaskManagers'),
  feeds('heartbeat.timeout', 'duration', '50 s', 'heartbeatTimeoutUs', 'silence after which the other side is taken for dead'),
  feeds(
    'task.cancellation.timeout',
    'duration',
    '180 s',
    'cancellationTimeoutUs',
    'a task that does not end by then takes its TaskManager down; 0 is never',
    ['task.cancellation-timeout'],
  ),
]
