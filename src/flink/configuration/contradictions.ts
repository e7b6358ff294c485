import { InputError } from '../input-error.js'
import { formatDuration } from './duration.js'
import type { MergedValues } from './merged-values.js'
import { isAdaptive, restartTypeOf } from './settings.js'

/**
 * Refuses what Flink refuses when a job is submitted or started, with the reason it gives. What Flink accepts with a warning is a warning.
 * @throws InputError at the place of the offending value
 */
export function refuseContradictions(values: MergedValues): void {
  refuseBadCheckpointing(values)
  refuseUnalignedCombinations(values)
  refuseBadStorage(values)
  refuseBadRestart(values)
  refuseBadNetwork(values)
  warnOfAdaptiveScheduler(values)
  refuse(
    values,
    'heartbeat.interval',
    values.number('heartbeat.interval') < 1_000,
    'The heartbeat interval must be larger than 0.',
    '1 ms or more',
  )
  refuse(
    values,
    'heartbeat.timeout',
    values.number('heartbeat.timeout') < values.number('heartbeat.interval'),
    'shorter than heartbeat.interval, so every process would be taken for dead',
    'at least heartbeat.interval',
  )
}

/** `CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME` */
const minimalCheckpointTimeUs = 10_000

/** A thousand days: sums of a few dozen of them are still exact in µs. */
const longestIntervalUs = 1000 * 86_400_000_000

const checkpointing = (name: string): string => `execution.checkpointing.${name}`

function refuseBadCheckpointing(values: MergedValues): void {
  for (const name of ['interval', 'timeout']) {
    const key = checkpointing(name)
    const us = values.valueOf(key)
    const tooShort = typeof us === 'number' && us < minimalCheckpointTimeUs && !(name === 'interval' && us === 0)
    refuse(values, key, tooShort, `Checkpoint ${name} must be larger than or equal to 10 ms`, '10 ms or more')
  }
  const every = values.valueOf(checkpointing('interval'))
  const never = typeof every === 'number' && every > longestIntervalUs
  refuse(
    values,
    checkpointing('interval'),
    never,
    'longer than any run that can be simulated',
    '1000 d or less; leave it out for no checkpoints',
  )
  const atOnce = checkpointing('max-concurrent-checkpoints')
  refuse(values, atOnce, values.number(atOnce) < 1, 'The maximum number of concurrent attempts must be at least one.', '1 or more')
  const tolerable = checkpointing('tolerable-failed-checkpoints')
  refuse(values, tolerable, values.number(tolerable) < 0, 'The tolerable failure checkpoint number must be non-negative.', '0 or more')
  const backlog = values.valueOf(checkpointing('interval-during-backlog'))
  const interval = values.valueOf(checkpointing('interval'))
  const backlogTooShort = typeof backlog === 'number' && typeof interval === 'number' && backlog !== 0 && backlog < interval
  refuse(
    values,
    checkpointing('interval-during-backlog'),
    backlogTooShort,
    'shorter than the checkpoint interval',
    '0, or at least execution.checkpointing.interval',
  )
}

function refuseUnalignedCombinations(values: MergedValues): void {
  const atOnce = checkpointing('max-concurrent-checkpoints')
  const exactlyOnce = values.text(checkpointing('mode')) === 'EXACTLY_ONCE'
  const unaligned = values.boolean(checkpointing('unaligned.enabled'))
  refuse(
    values,
    atOnce,
    unaligned && exactlyOnce && values.number(atOnce) > 1,
    "maxConcurrentCheckpoints can't be > 1 if UnalignedCheckpoints enabled",
    '1, or execution.checkpointing.unaligned.enabled = false',
  )
  if (unaligned && !exactlyOnce) {
    values.warnings.push(
      `${values.where(checkpointing('unaligned.enabled'))}: unaligned checkpoints need mode EXACTLY_ONCE; they are switched off, as Flink does`,
    )
  }
  const timeout = values.number(checkpointing('aligned-checkpoint-timeout'))
  if (timeout > 0 && !unaligned) {
    const place = values.where(checkpointing('aligned-checkpoint-timeout'))
    values.warnings.push(`${place}: ${formatDuration(timeout)} has no effect, because unaligned checkpoints are off`)
  }
}

const largestInlineThreshold = 1024 * 1024

function refuseBadStorage(values: MergedValues): void {
  const threshold = checkpointing('data-inline-threshold')
  refuse(
    values,
    threshold,
    values.number(threshold) > largestInlineThreshold,
    'Threshold for file state size must not be larger than 1 MB',
    'at most 1 mb',
  )
  const storage = checkpointing('storage')
  refuse(
    values,
    storage,
    values.text(storage)?.toLowerCase() === 'filesystem' &&
      values.givenFor(checkpointing('dir')) === undefined &&
      !fromRest(values, storage),
    'no checkpoint directory is configured',
    "'jobmanager', or execution.checkpointing.dir set as well",
  )
  const retained = checkpointing('num-retained')
  if (values.number(retained) < 1)
    values.warnings.push(`${values.where(retained)}: fewer than 1 checkpoint cannot be retained; 1 is used, as Flink does`)
}

/** The REST interface tells the storage of a running job but never its directory. */
function fromRest(values: MergedValues, key: string): boolean {
  return values.where(key).includes(' $.')
}

/** Only the options of the strategy in force are read (`RestartBackoffTimeStrategyFactoryLoader`). */
function refuseBadRestart(values: MergedValues): void {
  const type = restartTypeOf(values)
  if (type === 'exponential-delay') refuseBadBackoff(values)
  if (type === 'failure-rate') refuseBadFailureRate(values)
  if (type !== 'fixed-delay') return
  const attempts = 'restart-strategy.fixed-delay.attempts'
  refuse(values, attempts, values.number(attempts) < 0, 'Maximum number of restart attempts must be positive.', '0 or more')
}

function warnOfAdaptiveScheduler(values: MergedValues): void {
  if (!isAdaptive(values)) return
  const place = values.where(values.givenFor('scheduler-mode') === undefined ? 'jobmanager.scheduler' : 'scheduler-mode')
  values.warnings.push(
    `${place}: each failure restarts the whole job; that it goes on with fewer subtasks where slots are missing is not simulated`,
  )
}

function refuseBadFailureRate(values: MergedValues): void {
  const failures = 'restart-strategy.failure-rate.max-failures-per-interval'
  const interval = 'restart-strategy.failure-rate.failure-rate-interval'
  const reason = 'Maximum number of restart attempts per time unit must be greater than 0.'
  refuse(values, failures, values.number(failures) < 1, reason, '1 or more')
  refuse(values, interval, values.number(interval) < 1_000, 'Failures interval must be greater than 0 ms.', '1 ms or more')
}

function refuseBadNetwork(values: MergedValues): void {
  const exclusive = 'taskmanager.network.memory.buffers-per-channel'
  const floating = 'taskmanager.network.memory.floating-buffers-per-gate'
  for (const key of [exclusive, floating]) refuse(values, key, values.number(key) < 0, 'a number of buffers', '0 or more')
  if (values.number(exclusive) === 0)
    values.warnings.push(`${values.where(exclusive)}: a channel without buffers of its own is simulated with 1`)
  const segment = 'taskmanager.memory.segment-size'
  refuse(values, segment, values.number(segment) < 1, 'no record fits into it', '1 byte or more')
  const groups = 'pipeline.max-parallelism'
  refuse(
    values,
    groups,
    values.number(groups) > largestMaxParallelism,
    'more key groups than Flink has',
    `at most ${String(largestMaxParallelism)}`,
  )
}

/** `KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM` */
const largestMaxParallelism = 32_768

function refuseBadBackoff(values: MergedValues): void {
  const exponential = (name: string): string => `restart-strategy.exponential-delay.${name}`
  const initial = values.number(exponential('initial-backoff'))
  refuse(values, exponential('initial-backoff'), initial < 1_000, 'Initial backoff must be at least 1.', '1 ms or more')
  refuse(
    values,
    exponential('max-backoff'),
    values.number(exponential('max-backoff')) < initial,
    'Initial backoff cannot be higher than maximum backoff.',
    'at least restart-strategy.exponential-delay.initial-backoff',
  )
  const multiplier = exponential('backoff-multiplier')
  refuse(values, multiplier, values.number(multiplier) <= 1, 'Backoff multiplier must be greater than 1.', 'a number above 1')
  const jitter = exponential('jitter-factor')
  refuse(
    values,
    jitter,
    values.number(jitter) < 0 || values.number(jitter) > 1,
    'Jitter factor must be >= 0 and <= 1.',
    'a number from 0 to 1',
  )
  const reset = exponential('reset-backoff-threshold')
  const resetReason = 'Threshold duration for exponential backoff reset must be at least 1.'
  refuse(values, reset, values.number(reset) < 1_000, resetReason, '1 ms or more')
  const attempts = exponential('attempts-before-reset-backoff')
  refuse(values, attempts, values.number(attempts) < 1, 'The attemptsBeforeResetBackoff must be at least 1.', '1 or more')
}

function refuse(values: MergedValues, key: string, wrong: boolean, reason: string, allowed: string): void {
  if (wrong) throw new InputError(values.where(key), `'${key}' = ${values.givenFor(key)?.text ?? 'its default'}: ${reason}`, allowed)
}
