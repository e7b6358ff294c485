import { InputError } from '../input-error.js'
import { commitsFiles } from '../plan/sink-names.js'
import type { Answer, SinkAnswers } from './answers.js'
import { isSettled, open, settled, type Guess } from './guess.js'
import type { Part } from './part.js'
import {
  deliveryGuarantees,
  noTransactionTimeout,
  shorterThanAnOutage,
  type DeliveryGuarantee,
  type SinkKind,
  type SinkRole,
  type TransactionTimeout,
} from './role.js'
import { tellingName } from './telling-name.js'

/** Names that Flink itself gives; they settle the kind. */
const flinkNames: readonly (readonly [RegExp, SinkKind])[] = [[/Print to Std\. (?:Out|Err)/, 'print']]

/** Words in names that users give; they are no more than hints. */
const hints: readonly (readonly [RegExp, SinkKind])[] = [
  [/kafka/i, 'kafka'],
  [/\bprint|std-?(?:out|err)|console|discard/i, 'print'],
  [/\bfiles?\b|_files?(?:\b|_)|(?<!pro)file-?(?:sink|system|writer)|csv|parquet|\bs3\b|hdfs|iceberg/i, 'file'],
  [/kinesis|firehose|dynamo|elastic|opensearch|async/i, 'async'],
  [/jdbc|cassandra|redis|mongo|hbase|http/i, 'append'],
]

/** `KafkaSinkBuilder` sets `transaction.timeout.ms` to this when nobody does. */
const kafkaSinkDefaultTimeout = '1 h'

/**
 * What kind of sink a part is, and what it may promise.
 * @throws InputError when an answer does not fit the plan
 */
export function sinkRole(part: Part, answers: SinkAnswers = {}): SinkRole {
  const kind = kindOf(part, answers)
  const guarantee = guaranteeOf(part, kind, answers.guarantee)
  return { role: 'sink', part, kind, guarantee, transactionTimeout: timeoutOf(kind, guarantee, answers) }
}

function kindOf(part: Part, answers: SinkAnswers): Guess<SinkKind> {
  if (answers.kind !== undefined) return settled(answers.kind.value, `assumed at ${answers.kind.where}`)
  const byFlink = flinkNames.find(([pattern]) => pattern.test(part.name))?.[1]
  if (byFlink !== undefined) return settled(byFlink, 'the name is Flink’s own')
  if (part.committerBefore !== undefined && commitsFiles(part.committerBefore))
    return settled('file', `'${part.committerBefore}' in front of it commits files`)
  const told = tellingName(part.name)
  const hint = hints.find(([pattern]) => pattern.test(told))?.[1]
  if (hint !== undefined) return open([hint, 'unknown'], 'guessed from the name')
  return part.committer === 'none' ? open(['unknown'], 'the name does not tell') : open(['two-phase', 'unknown'], 'it has a committer')
}

/**
 * Guarantees that a sink of this kind can have, the most likely first. A committer alone does not mean EXACTLY_ONCE: `KafkaSink` has one in
 * every mode. A SinkV2 sink without one cannot take anything back. Whether a sink on the old interface commits, no plan tells.
 */
export function possibleGuarantees(part: Part, kind: SinkKind): readonly [DeliveryGuarantee, ...DeliveryGuarantee[]] {
  const mayCommit = part.committer !== 'none' || part.oldInterface === true
  switch (kind) {
    case 'print':
    case 'async':
      return ['AT_LEAST_ONCE']
    case 'append':
      return ['AT_LEAST_ONCE', 'NONE']
    case 'file':
      // StreamingFileSink and OutputFormatSinkFunction (writeAsText) look alike; the second neither flushes nor commits.
      if (part.oldInterface === true && part.committer === 'none') return ['EXACTLY_ONCE', 'NONE']
      return mayCommit ? ['EXACTLY_ONCE'] : ['AT_LEAST_ONCE', 'NONE']
    case 'two-phase':
    case 'kafka':
      return mayCommit ? ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE'] : ['AT_LEAST_ONCE', 'NONE']
    case 'unknown':
      if (part.committer !== 'none') return ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']
      return part.oldInterface === true ? ['AT_LEAST_ONCE', 'EXACTLY_ONCE', 'NONE'] : ['AT_LEAST_ONCE', 'NONE']
  }
}

function guaranteeOf(part: Part, kind: Guess<SinkKind>, answer: Answer<DeliveryGuarantee> | undefined): Guess<DeliveryGuarantee> {
  const [first, ...others] = kind.possibilities.map((possibility) => possibleGuarantees(part, possibility))
  const possible: readonly [DeliveryGuarantee, ...DeliveryGuarantee[]] = [
    ...(first ?? possibleGuarantees(part, kind.value)),
    ...deliveryGuarantees.filter((guarantee) => first?.includes(guarantee) !== true && others.some((list) => list.includes(guarantee))),
  ]
  if (answer !== undefined) {
    if (possible.includes(answer.value)) return settled(answer.value, `assumed at ${answer.where}`)
    const why =
      part.committer === 'none' && answer.value === 'EXACTLY_ONCE'
        ? 'the plan shows no committer'
        : `a sink of kind ${kind.value} cannot be that`
    throw new InputError(answer.where, `sink '${part.label}' cannot be ${answer.value}: ${why}`, possible.join(', '))
  }
  if (possible.length === 1) return settled(possible[0], `all that a sink of kind ${kind.value} can be`)
  return open(possible, part.committer === 'none' ? kind.because : 'it has a committer, which some sinks have in every mode')
}

/** Whether a sink writes files, beyond doubt: what is only guessed to be a file may be a system whose transactions time out. */
export function isSurelyFile(kind: Guess<SinkKind>): boolean {
  return kind.value === 'file' && isSettled(kind)
}

const noTimeoutOfFiles = 'pending files do not time out'

function timeoutOf(kind: Guess<SinkKind>, guarantee: Guess<DeliveryGuarantee>, answers: SinkAnswers): Guess<TransactionTimeout> {
  const answer = answers.transactionTimeout
  const isFile = isSurelyFile(kind)
  const isTransactional = guarantee.possibilities.includes('EXACTLY_ONCE')
  if (answer !== undefined) {
    const timesOut = answer.value !== noTransactionTimeout
    if (isTransactional && kind.value === 'kafka' && !timesOut)
      throw new InputError(answer.where, 'a transaction of Kafka always times out', "a duration such as '1 h' (transaction.timeout.ms)")
    if (isFile && timesOut) throw new InputError(answer.where, noTimeoutOfFiles, noTransactionTimeout)
    return settled(answer.value, `assumed at ${answer.where}`)
  }
  if (!isTransactional) return settled(noTransactionTimeout, 'it has no transactions')
  if (isFile) return settled(noTransactionTimeout, noTimeoutOfFiles)
  if (kind.value === 'kafka')
    return open([kafkaSinkDefaultTimeout, shorterThanAnOutage], 'KafkaSink sets 1 h unless transaction.timeout.ms is given')
  return open([noTransactionTimeout, shorterThanAnOutage], 'only the external system knows')
}
