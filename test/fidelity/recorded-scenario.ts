/** What a recording's `summary.json` tells about the job, as the fidelity check rebuilds it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** When and where the recording's job was made to fail: a condition of the recorded job's own fault injector. */
export interface RecordedFault {
  readonly point: 'process' | 'snapshot-sync' | 'snapshot-async' | 'precommit' | 'commit-before' | 'commit-after'
  /** Subtask that fails; -1 for whichever comes first. */
  readonly subtask: number
  /** Times the point must have been passed before. */
  readonly minHits: number
  /** Checkpoints that must have completed before. */
  readonly minCompleted: number
  /** The task's end runs none of its code, as that of a killed process. */
  readonly crash: boolean
}

/** The first job is cancelled and another one started. */
export interface SecondJob {
  /** Checkpoints of the first job that have completed before. */
  readonly afterCompleted: number
  /** Its tasks are not cancelled but killed. */
  readonly crash: boolean
  /** The second job starts from the retained checkpoint of the first, or from nothing. */
  readonly restore: boolean
  /** Its sink has the same `transactionalIdPrefix`. */
  readonly samePrefix: boolean
}

/** The job that was recorded, before it is scaled down. */
export interface RecordedScenario {
  readonly name: string
  readonly sink: '2pc' | 'legacy' | 'file' | 'append' | 'alo' | 'none' | 'kafka'
  /** Kafka's delivery guarantee. */
  readonly guarantee: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE' | 'NONE'
  readonly splits: number
  readonly perSplit: number
  readonly keys: number
  readonly parallelism: number
  /** Records that a reader hands out at once, and the pause behind them, µs; no burst: as fast as it can. */
  readonly burst: number
  readonly tickUs: number
  /** Time that a record takes in `Count`, µs. */
  readonly processUs: number
  /** Time that a record takes on its way, by subtask of the source, µs. */
  readonly delayUs: readonly number[]
  readonly rebalance: boolean
  readonly fault: RecordedFault | undefined
  /** TaskManagers are shut down after this many checkpoints. */
  readonly killAfter: number | undefined
  /** A second job behind the first. */
  readonly second: SecondJob | undefined
  readonly transactionTimeoutUs: number
  /** Flink's keys verbatim. */
  readonly configuration: Readonly<Record<string, string>>
  /** What the rebuilt scenario leaves out or puts in another's place. */
  readonly departures: readonly string[]
}

/** A recording, or the reason why its scenario cannot be simulated. */
export type Rebuilt = { readonly scenario: RecordedScenario } | { readonly notSimulated: string }

const job = z.looseObject({
  splits: z.number(),
  perSplit: z.number(),
  keys: z.number(),
  parallelism: z.number(),
  restoreParallelism: z.number().nullable().optional(),
  sourceBurst: z.number(),
  sourceTickMs: z.number(),
  processUs: z.number(),
  delayUsBySubtask: z.array(z.number()).nullable(),
  sink: z.enum(['2pc', 'legacy', 'file', 'append', 'alo', 'none']),
  rebalanceBeforeSink: z.boolean(),
  action: z.string(),
  actionAfterCompleted: z.number().nullable(),
  faults: z.array(z.string()),
})
const kafka = z.looseObject({
  guarantee: z.enum(['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']),
  transactionTimeoutMs: z.number(),
  restartDelayMs: z.number(),
  checkpointIntervalMs: z.number(),
  restoredFromCheckpoint: z.boolean().nullable(),
  samePrefix: z.boolean(),
})
const summary = z.looseObject({
  scenario: z.string(),
  config: z.record(z.string(), z.string()).optional(),
  results: z.array(z.string()),
  job: job.optional(),
  kafka: kafka.optional(),
  note: z.string().nullable().optional(),
})
type Summary = z.infer<typeof summary>

/** Reads the summary of a recording in a folder. */
export function readScenario(folder: string, name: string): Rebuilt {
  const read = summary.parse(JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8')))
  const why = whyNot(read)
  if (why !== undefined) return { notSimulated: why }
  if (read.job !== undefined) return { scenario: withStore(read, read.job) }
  return read.kafka === undefined ? { notSimulated: 'its summary describes no job' } : { scenario: withKafka(read, read.kafka) }
}

/** Parts of Flink that the engine does not have. */
function whyNot({ config = {}, results, job: recorded }: Summary): string | undefined {
  if (results.length === 0) return 'Flink refused the job: unaligned checkpoints with more than one at a time'
  if (config['execution.checkpointing.unaligned'] === 'true' && config['execution.checkpointing.mode'] === 'EXACTLY_ONCE')
    return 'the engine has no unaligned checkpoints'
  if (recorded?.sink === 'legacy') return 'the engine has no TwoPhaseCommitSinkFunction'
  if (recorded?.action === 'stop' || recorded?.action === 'drain' || recorded?.action === 'savepoint') return 'the engine has no savepoints'
  if (results.length > 1 && recorded?.restoreParallelism !== undefined && recorded.restoreParallelism !== recorded.parallelism)
    return 'a recorded restore at another parallelism is not rebuilt'
  return undefined
}

const TWO_JOBS = 'the first job ends with its JobManager; the second one has a JobManager and TaskManagers of its own'

const POINTS = ['process', 'snapshot-sync', 'snapshot-async', 'precommit', 'commit-before', 'commit-after'] as const

/** `process sub=0 minHits=600 minCompleted=3` */
function faultOf(text: string | undefined): RecordedFault | undefined {
  const fields = /^(\S+) sub=(-?\d+) minHits=(\d+) minCompleted=(\d+)$/.exec(text ?? '')
  const point = POINTS.find((known) => known === fields?.[1])
  if (fields === null || point === undefined) return undefined
  return { point, subtask: Number(fields[2]), minHits: Number(fields[3]), minCompleted: Number(fields[4]), crash: false }
}

function withStore({ scenario: name, config = {}, results }: Summary, recorded: z.infer<typeof job>): RecordedScenario {
  const { splits, perSplit, keys, parallelism, sink, rebalanceBeforeSink: rebalance } = recorded
  const fault = faultOf(recorded.faults[0])
  const departures: string[] = []
  if (config['state.backend.type'] === 'rocksdb') departures.push('state backend hashmap in place of RocksDB')
  if (fault?.point === 'commit-after') departures.push('the exception behind the commit comes with the next record of the task')
  if (results.length > 1) departures.push(TWO_JOBS)
  if (recorded.action === 'tm-kill') departures.push('TaskManagers crash, where the recorded ones shut down in order')
  return {
    name,
    sink,
    guarantee: 'NONE',
    splits,
    perSplit,
    keys,
    parallelism,
    burst: recorded.sourceBurst,
    tickUs: recorded.sourceTickMs * 1000,
    processUs: recorded.processUs,
    delayUs: recorded.delayUsBySubtask ?? [],
    rebalance,
    fault,
    killAfter: recorded.action === 'tm-kill' ? (recorded.actionAfterCompleted ?? undefined) : undefined,
    second:
      results.length > 1
        ? { afterCompleted: recorded.actionAfterCompleted ?? 3, crash: false, restore: true, samePrefix: true }
        : undefined,
    transactionTimeoutUs: 0,
    configuration: config,
    departures,
  }
}

/** Records of the Kafka recordings, which their summaries do not tell: two partitions, about 5 ms a record, `Map` in place of `Count`. */
const KAFKA_JOB = {
  splits: 2,
  perSplit: 400,
  keys: 16,
  parallelism: 2,
  burst: 1,
  tickUs: 5_000,
  processUs: 0,
  delayUs: [],
  rebalance: false,
}

function withKafka({ scenario: name, results }: Summary, recorded: z.infer<typeof kafka>): RecordedScenario {
  const { guarantee, transactionTimeoutMs, restartDelayMs, checkpointIntervalMs } = recorded
  const twoJobs = results.length > 1
  return {
    ...KAFKA_JOB,
    name,
    sink: 'kafka',
    guarantee,
    fault: twoJobs ? undefined : kafkaFault(name),
    killAfter: undefined,
    second: twoJobs
      ? {
          afterCompleted: 3,
          crash: name.includes('-crash-'),
          restore: recorded.restoredFromCheckpoint === true,
          samePrefix: recorded.samePrefix,
        }
      : undefined,
    transactionTimeoutUs: transactionTimeoutMs * 1000,
    configuration: {
      'execution.checkpointing.interval': `${String(checkpointIntervalMs)} ms`,
      'execution.checkpointing.mode': 'EXACTLY_ONCE',
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': '10',
      'restart-strategy.fixed-delay.delay': `${String(restartDelayMs)} ms`,
    },
    departures: [...(twoJobs ? [TWO_JOBS] : []), "job, size and failure by the scenario's name, because its summary does not tell them"],
  }
}

function kafkaFault(name: string): RecordedFault {
  const crash = name.endsWith('-crash')
  if (name.includes('commit-before') || name.includes('timeout'))
    return { point: 'commit-before', subtask: 0, minHits: 2, minCompleted: 0, crash }
  return { point: 'process', subtask: 0, minHits: 180, minCompleted: 0, crash }
}
