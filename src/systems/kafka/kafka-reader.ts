/**
 * A consumer that has nothing to do with the job: it reads a topic from the start and records what it sees. This is what "visible"
 * means for Kafka, at its isolation level.
 */
import type { HistoryFact } from '../../history/index.js'
import { actorRef, anyRef, fold, hashString, type Behavior, type Context, type Reply, type WorldMessage } from '../../world/index.js'
import { digestRecords, shownContent } from '../stored-record.js'
import { digestWorldMessage } from '../world-message.js'
import type { FetchAnswer, IsolationLevel, PartitionRef } from './partition-messages.js'

/** What a reader looks at, and how far it has come. */
export interface KafkaReaderState {
  /** The sink whose output this is, as the history names it. */
  readonly sink: string
  readonly isolation: IsolationLevel
  readonly partitions: { readonly name: string; readonly ref: PartitionRef; next: number }[]
}

/** Records that one fetch brings at most. */
const MAX_RECORDS = 500
/** The lane on which brokers answer. */
const ANSWER_LANE = 0
/** How long it waits before it asks a broker again that was down, µs. */
const RETRY_US = 50_000

/** A reader that has read nothing yet. */
export function kafkaReaderState(sink: string, isolation: IsolationLevel, topic: string, refs: readonly PartitionRef[]): KafkaReaderState {
  return { sink, isolation, partitions: refs.map((ref, index) => ({ name: `${topic}-${String(index)}`, ref, next: 0 })) }
}

/** The reader. */
export const kafkaReader: Behavior<null, KafkaReaderState, Reply<FetchAnswer>> = {
  kind: 'kafka-reader',
  digest: digestReaderMessage,
  start(durable, context) {
    for (const { ref } of durable.partitions) ask(durable, ref, context)
    return null
  },
  receive({ durable }, message, context) {
    switch (message.kind) {
      case 'reply':
        see(durable, message.answer, context)
        return
      case 'peer-down':
        context.timer(`retry/${String(message.peer)}`, RETRY_US)
        return
      case 'timer':
        ask(durable, Number(message.name.slice('retry/'.length)), context)
    }
  },
}

function ask({ partitions, isolation }: KafkaReaderState, partition: number, context: Context): void {
  for (const { ref, next: offset } of partitions) {
    if (ref !== partition) continue
    context.watch(anyRef(ref), ANSWER_LANE)
    const caller = { ref: actorRef(kafkaReader, context.self), tag: partition }
    context.send(ref, { kind: 'fetch', caller, offset, isolation, maxRecords: MAX_RECORDS, wait: true, observer: true })
  }
}

function see(state: KafkaReaderState, answer: FetchAnswer, context: Context): void {
  const partition = state.partitions.find(({ ref }) => ref === answer.partition)
  // An answer to a question that was asked again is not counted twice.
  if (partition === undefined || answer.from !== partition.next) return
  partition.next = answer.next
  if (context.record !== undefined) answer.records.forEach((_, i) => context.record?.(visible(state, partition.name, answer, i)))
  ask(state, answer.partition, context)
}

function visible({ sink, isolation }: KafkaReaderState, partition: string, answer: FetchAnswer, index: number): HistoryFact {
  const { id = -1, value = null } = answer.records[index] ?? {}
  const { [index]: transaction = '' } = answer.transactions
  const written = transaction === '' ? {} : { transaction }
  return {
    kind: 'visible',
    vertex: sink,
    at: isolation,
    id,
    ...shownContent(value),
    ...written,
    partition,
    offset: answer.offsets[index] ?? -1,
  }
}

/** The message as one integer, over all its fields. */
export function digestReaderMessage(message: Reply<FetchAnswer> | WorldMessage): number {
  if (message.kind === 'timer' || message.kind === 'peer-down') return digestWorldMessage(message)
  const kind = hashString(message.kind)
  const { answer, tag } = message
  let h = fold(fold(fold(fold(kind, tag), answer.partition), answer.from), answer.next)
  h = fold(fold(h, hashString(answer.error)), hashString(answer.type))
  for (const offset of answer.offsets) h = fold(h, offset)
  for (const transaction of answer.transactions) h = fold(h, hashString(transaction))
  return digestRecords(h, answer.records)
}
