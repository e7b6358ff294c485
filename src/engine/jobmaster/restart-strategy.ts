import type { Context, Instant } from '../../world/index.js'
import type { RestartConfiguration } from '../configuration.js'

/** What a restart strategy remembers (Flink: `RestartBackoffTimeStrategy`). */
export interface RestartStrategyState {
  /** Restarts so far, of the fixed delay; of the exponential delay since its last reset. */
  attempts: number
  /** When the last failures happened, oldest first: one for the exponential delay, as many as count for the failure rate. */
  failures: readonly Instant[]
  /** How long behind the last failure its restart was planned, µs; of the exponential delay only. */
  delayUs: number
}

/** The strategy before the first failure. */
export function openRestartStrategy(): RestartStrategyState {
  return { attempts: 0, failures: [], delayUs: 0 }
}

/** Takes a failure in: the delay before the next restart in µs, or undefined when there will be none. */
export function delayAfterFailure(strategy: RestartConfiguration, state: RestartStrategyState, context: Context): number | undefined {
  switch (strategy.type) {
    case 'none':
      return undefined
    case 'fixed-delay':
      return state.attempts++ < strategy.attempts ? strategy.delayUs : undefined
    case 'failure-rate':
      return failureRateDelay(strategy, state, context)
    case 'exponential-delay':
      return exponentialDelay(strategy, state, context)
  }
}

/** No restart once more than so many failures lie within the interval (Flink: `FailureRateRestartBackoffTimeStrategy`). */
function failureRateDelay(
  strategy: RestartConfiguration & { readonly type: 'failure-rate' },
  state: RestartStrategyState,
  context: Context,
): number | undefined {
  const { maxFailures, intervalUs, delayUs } = strategy
  state.failures = [...state.failures, context.now()].slice(-(maxFailures + 1))
  const [oldest] = state.failures
  if (state.failures.length <= maxFailures || oldest === undefined) return delayUs
  return context.elapsed(oldest, intervalUs, 'failure-rate-interval') ? delayUs : undefined
}

/**
 * Longer after each failure, and short again after a quiet time behind the planned restart (Flink:
 * `ExponentialDelayRestartBackoffTimeStrategy`).
 */
function exponentialDelay(
  strategy: RestartConfiguration & { readonly type: 'exponential-delay' },
  state: RestartStrategyState,
  context: Context,
): number | undefined {
  const { initialBackoffUs, maxBackoffUs, multiplierPercent, resetThresholdUs, jitterPercent, attempts } = strategy
  const [last] = state.failures
  if (last !== undefined && context.elapsed(last, state.delayUs + resetThresholdUs, 'restart-reset')) state.attempts = 0
  state.failures = [context.now()]
  if (state.attempts >= attempts) return undefined
  let backoffUs = initialBackoffUs
  for (let i = 0; i < state.attempts && backoffUs < maxBackoffUs; i++) backoffUs = Math.floor((backoffUs * multiplierPercent) / 100)
  state.attempts++
  const jitterUs = Math.floor((backoffUs * jitterPercent) / 100)
  const jittered = backoffUs - jitterUs + context.choose('restart-jitter', 2 * jitterUs + 1)
  state.delayUs = Math.min(maxBackoffUs, Math.max(initialBackoffUs, jittered))
  return state.delayUs
}
