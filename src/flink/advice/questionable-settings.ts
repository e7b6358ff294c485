import { formatDuration, valueInForce, type EffectiveConfiguration } from '../configuration/index.js'
import type { JobModel, JobModelOperator } from '../job-model.js'
import type { Circumstances } from './circumstances.js'
import { transactionBudget } from './transaction-budget.js'

/** A setting that is allowed but likely not what was meant. */
export interface Questionable {
  /** Key of Flink, or the sink's property. */
  readonly key: string
  readonly value: string
  readonly origin: string
  readonly reason: string
  /** What to do about it. */
  readonly remedy: string
  /** Anomaly or fact of which a run may show an example; `nothing` where no run can: it is simulated otherwise, or is no anomaly. */
  readonly shows: 'lost' | 'duplicated' | 'job ends' | 'wrong state' | 'aborted-checkpoint' | 'failed-by-checkpoints' | 'nothing'
}

/** Settings worth a second look, for one possibility of a job. */
export function questionableSettings(model: JobModel, effective: EffectiveConfiguration, circumstances: Circumstances): Questionable[] {
  return [
    ...questionableCheckpointing(effective, circumstances),
    ...questionableRecovery(effective),
    ...model.operators.flatMap((sink) => questionableSink(sink, model, circumstances)),
  ]
}

function question(
  effective: EffectiveConfiguration,
  key: string,
  reason: string,
  remedy: string,
  shows: Questionable['shows'],
): Questionable {
  const value = valueInForce(effective, key)
  return { key, value: value?.value ?? '', origin: value?.origin ?? 'default', reason, remedy, shows }
}

function questionableCheckpointing(effective: EffectiveConfiguration, { checkpointDurationUs }: Circumstances): Questionable[] {
  const { checkpointing } = effective.settings
  const ask = (name: string, reason: string, remedy: string, shows: Questionable['shows']): Questionable =>
    question(effective, `execution.checkpointing.${name}`, reason, remedy, shows)
  if (!checkpointing.enabled)
    return [ask('interval', 'without checkpoints a failure loses all state and positions', 'set an interval', 'lost')]
  const found: Questionable[] = []
  if (checkpointing.mode === 'AT_LEAST_ONCE') {
    found.push(
      ask(
        'mode',
        'records between the barriers of different channels count twice after a failure',
        'EXACTLY_ONCE, or confirm that state may be too high',
        'wrong state',
      ),
    )
  }
  if (checkpointing.timeoutUs <= checkpointDurationUs) {
    const each = checkpointing.tolerableFailed === 0 ? 'each that is restarts the job' : 'nothing is published without them'
    found.push(
      ask(
        'timeout',
        `a checkpoint may take as long, and is aborted then: ${each}`,
        'several times as long as checkpoints take (default 10 min)',
        checkpointing.tolerableFailed === 0 ? 'failed-by-checkpoints' : 'aborted-checkpoint',
      ),
    )
  }
  if (checkpointing.tolerableFailed === 0) {
    found.push(
      ask(
        'tolerable-failed-checkpoints',
        'one failed upload or one timeout restarts the whole job',
        'tolerate a few',
        'failed-by-checkpoints',
      ),
    )
  }
  if (checkpointing.retention === 'NO_EXTERNALIZED_CHECKPOINTS') {
    found.push(
      ask(
        'externalized-checkpoint-retention',
        'when the job ends as FAILED or is cancelled its checkpoints are deleted',
        'RETAIN_ON_CANCELLATION',
        'lost',
      ),
    )
  }
  if (checkpointing.storage === 'jobmanager') {
    found.push(ask('storage', 'checkpoints are in the memory of the JobManager and die with it', 'set execution.checkpointing.dir', 'lost'))
  }
  if (checkpointing.timeoutUs < checkpointing.intervalUs && checkpointing.maxConcurrent > 1) {
    found.push(
      ask(
        'max-concurrent-checkpoints',
        'a checkpoint expires before the next begins, so there is never more than one',
        'leave it at 1',
        'nothing',
      ),
    )
  }
  return found
}

function questionableRecovery(effective: EffectiveConfiguration): Questionable[] {
  const { restart, highAvailability, checkpointing } = effective.settings
  const found: Questionable[] = []
  if (restart.type === 'none') {
    found.push(
      question(effective, 'restart-strategy.type', 'the first failure ends the job', 'fixed-delay or exponential-delay', 'job ends'),
    )
  }
  if (restart.type === 'fixed-delay' && restart.attempts < 3) {
    const key = 'restart-strategy.fixed-delay.attempts'
    found.push(
      question(
        effective,
        key,
        `failure number ${String(restart.attempts + 1)} ends the job, however long ago the others were`,
        'more attempts, or exponential-delay',
        'job ends',
      ),
    )
  }
  if (!highAvailability && checkpointing.enabled) {
    found.push(
      question(
        effective,
        'high-availability.type',
        'when the JobManager dies the job is gone, and with it which checkpoint was the last',
        'zookeeper or kubernetes',
        'nothing',
      ),
    )
  }
  return found
}

/** `transaction.max.timeout.ms` of a broker that nobody has configured; what asks for more gets INVALID_TRANSACTION_TIMEOUT. */
const brokersMaximumUs = 900_000_000

function questionableSink(sink: JobModelOperator, model: JobModel, circumstances: Circumstances): Questionable[] {
  const budget = transactionBudget(sink, model.configuration, circumstances)
  if (budget !== undefined && !budget.holds) {
    const reason = budget.holdsWithoutFailure
      ? budget.sentence
      : `shorter than a checkpoint takes to come round, so records may be lost without any failure: ${budget.sentence}`
    const remedy = `more than ${formatDuration(budget.ageUs)}, and at most what the broker allows (transaction.max.timeout.ms)`
    return [
      { key: `${sink.name} transaction timeout`, value: formatDuration(budget.timeoutUs), origin: 'sink', reason, remedy, shows: 'lost' },
    ]
  }
  if (budget !== undefined && sink.sink?.kind === 'kafka' && budget.timeoutUs > brokersMaximumUs) {
    const [key, value] = [`${sink.name} transaction timeout`, formatDuration(budget.timeoutUs)]
    const reason = `longer than a broker allows unless it is told to (transaction.max.timeout.ms, ${formatDuration(brokersMaximumUs)}): the sink then fails at its start`
    const remedy = `at most ${formatDuration(brokersMaximumUs)}, or a broker that allows more (as is simulated)`
    return [{ key, value, origin: 'sink', reason, remedy, shows: 'nothing' }]
  }
  if (sink.sink?.guarantee !== 'NONE') return []
  const reason =
    'what the sink has buffered is in no checkpoint: it is lost when its process dies, and what it had written is written again'
  return [
    {
      key: `${sink.name} delivery guarantee`,
      value: 'NONE',
      origin: 'sink',
      reason,
      remedy: 'AT_LEAST_ONCE or EXACTLY_ONCE',
      shows: 'lost',
    },
  ]
}
