import { betweenCheckpointsUs, type JobConfiguration } from '../../engine/configuration.js'
import { formatDuration } from '../configuration/index.js'
import { firstRestartDelayUs, type JobModelOperator } from '../job-model.js'
import type { Circumstances } from './circumstances.js'

/** One term of a sum, to be printed with its meaning. */
export interface Term {
  readonly name: string
  readonly us: number
}

/**
 * The inequality between a transaction's timeout and its age when its commit arrives (the age runs from the first record in it). The
 * transaction that is at risk was filled during a checkpoint interval and the checkpoint, and the job failed between the completion of that
 * and the commit.
 */
export interface TransactionBudget {
  readonly sink: string
  readonly timeoutUs: number
  /** Age of the transaction when its checkpoint completes, worst case within the settings. */
  readonly filling: readonly Term[]
  /** What a failure adds. */
  readonly outage: readonly Term[]
  readonly ageUs: number
  /** Without a failure the transactions live long enough. */
  readonly holdsWithoutFailure: boolean
  readonly holds: boolean
  /** How long an outage may last, from the failure to the commit, 0 when none is survived. */
  readonly longestOutageUs: number
  readonly sentence: string
}

/** Kafka's coordinator looks for transactions that timed out this often, so some survive their timeout by as much. */
export const abortScanUs = 10_000_000

/** The budget of a transactional sink with a timeout; undefined for other sinks and when checkpointing is off. */
export function transactionBudget(
  sink: JobModelOperator,
  configuration: JobConfiguration,
  circumstances: Circumstances,
): TransactionBudget | undefined {
  const timeoutUs = sink.sink?.transactionTimeoutUs
  if (timeoutUs === undefined || sink.sink?.guarantee !== 'EXACTLY_ONCE' || !configuration.checkpointing.enabled) return undefined
  const filling = fillingTerms(configuration, circumstances)
  const outage = outageTerms(configuration, circumstances)
  const fillingUs = sum(filling)
  const ageUs = fillingUs + sum(outage)
  return {
    sink: sink.name,
    timeoutUs,
    filling,
    outage,
    ageUs,
    holdsWithoutFailure: fillingUs < timeoutUs,
    holds: ageUs < timeoutUs,
    longestOutageUs: Math.max(0, timeoutUs - fillingUs),
    sentence: budgetSentence(sink, timeoutUs, [...filling, ...outage], ageUs, fillingUs),
  }
}

function fillingTerms({ checkpointing }: JobConfiguration, { checkpointDurationUs }: Circumstances): Term[] {
  const { tolerableFailed } = checkpointing
  const terms: Term[] = [
    { name: 'checkpoint interval', us: betweenCheckpointsUs(checkpointing) },
    { name: 'checkpoint duration', us: checkpointDurationUs },
  ]
  if (tolerableFailed > 0) {
    const each = betweenCheckpointsUs(checkpointing) + checkpointDurationUs
    terms.push({ name: `${String(tolerableFailed)} tolerated failed checkpoints`, us: tolerableFailed * each })
  }
  return terms
}

function outageTerms({ restart }: JobConfiguration, { detectionUs, restoreUs, failedRestarts }: Circumstances): Term[] {
  const delay = firstRestartDelayUs(restart) ?? 0
  const terms = [
    { name: 'failure detection', us: detectionUs },
    { name: 'restart delay', us: delay },
    { name: 'restore', us: restoreUs },
  ]
  if (failedRestarts > 0) terms.push({ name: `${String(failedRestarts)} failed restarts`, us: failedRestarts * (delay + restoreUs) })
  return terms
}

function budgetSentence(sink: JobModelOperator, timeoutUs: number, terms: readonly Term[], ageUs: number, fillingUs: number): string {
  const holds = ageUs < timeoutUs
  const sumText = `${terms.map((term) => `${term.name} ${formatDuration(term.us)}`).join(' + ')} = ${formatDuration(ageUs)}`
  const lost = 'the transaction is aborted before its commit arrives, and its records are lost without an error in the job'
  const timeout = `${formatDuration(timeoutUs)}${sink.sink?.timeoutIsMadeUp === true ? ' (in the runs; it is not known)' : ''}`
  const verdict = holds
    ? `an outage may last ${formatDuration(timeoutUs - fillingUs)}`
    : ageUs < timeoutUs + (sink.sink?.kind === 'kafka' ? abortScanUs : 0)
      ? `whether the transaction survives depends on when the broker looks for old ones (every ${formatDuration(abortScanUs)})`
      : lost
  return `'${sink.name}': transaction timeout ${timeout} ${holds ? '>' : '<='} ${sumText}: ${verdict}`
}

function sum(terms: readonly Term[]): number {
  return terms.reduce((total, term) => total + term.us, 0)
}
