import type { HistoryHeader } from '../history/index.js'
import type { JobFacts } from './job-facts.js'

/**
 * How many restarts the job's restart strategy grants; infinite where it does not count them. Flink's default with checkpointing is
 * exponential-delay without a limit, without checkpointing it is none.
 */
export function grantedRestarts(header: HistoryHeader): number {
  const { configuration } = header
  switch (strategyOf(header)) {
    case 'none':
    case 'off':
    case 'disable':
      return 0
    case 'fixed-delay':
    case 'fixeddelay':
      return attempts(configuration['restart-strategy.fixed-delay.attempts'], 1)
    case 'exponential-delay':
    case 'exponentialdelay':
      return attempts(configuration['restart-strategy.exponential-delay.attempts-before-reset-backoff'], Infinity)
    default:
      return Infinity
  }
}

function attempts(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const number = Number(text)
  return Number.isInteger(number) && number < 2147483647 ? number : Infinity
}

/** True when a failure-rate strategy decides, which no count alone can judge. */
export function budgetIsARate(header: HistoryHeader): boolean {
  const type = strategyOf(header)
  return type === 'failure-rate' || type === 'failurerate'
}

/** The first word: a default may be followed by its reason in brackets. */
function strategyOf({ configuration, mode }: HistoryHeader): string {
  const type = configuration['restart-strategy.type'] ?? configuration['restart-strategy']
  return type?.split(' ')[0] ?? (mode === 'off' ? 'none' : 'exponential-delay')
}

/**
 * True when a recorded job surely should have been restarted: the last that happened to it was an exception of a task, which is
 * recoverable, and all that can have been counted leaves a restart. Every failure counts, also of regions that restart at once; and some
 * are not to be recovered from, as when a job fails that stops with a savepoint (`StopWithSavepointStoppingException`), or when it cannot
 * begin. What earlier JobManagers counted is added, though it counts no more: the exception may have been that of a task which has outlived
 * its own.
 */
export function restartWasDue(header: HistoryHeader, job: JobFacts): boolean {
  if (job.exceptionInTask === 0 || job.exceptionInTask < job.lastFault || job.stopped) return false
  return job.tasksFailed + Math.max(job.restartingsBefore + job.restartings, job.choices) <= grantedRestarts(header)
}

/** True when the job may end as FAILED: every restart that its newest JobManager granted has been used. */
export function budgetSpent(header: HistoryHeader, job: JobFacts): boolean {
  return budgetIsARate(header) || Math.max(job.restarts, job.restartings) >= grantedRestarts(header)
}
