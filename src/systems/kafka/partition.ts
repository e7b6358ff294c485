/**
 * The leader of one partition as an actor (Kafka: `ReplicaManager`, `Partition`, `DelayedFetch`).
 * Log and producer state are durable; requests that wait are lost with the broker.
 */
import { actorRef, type ActorRef, type Behavior, type Context } from '../../world/index.js'
import { isAnswered, takesEffect } from '../outcome.js'
import type { StoredRecord } from '../stored-record.js'
import type { VerifyAnswer, VerifyTransaction } from './coordinator-messages.js'
import type { KafkaError } from './errors.js'
import { append, appendMarker, logOf, opensTransaction, read, readableEnd, type PartitionLog } from './partition-log.js'
import { digestPartitionMessage, type Fetch, type PartitionMessage, type Produce } from './partition-messages.js'

/** What survives a restart of the broker. */
export interface PartitionState {
  /** Verifies that a transaction is open before its first batch here. */
  readonly coordinator: ActorRef<VerifyTransaction>
  readonly log: PartitionLog
}

/** Requests that wait. */
export interface PartitionWaiting {
  /** Batches whose transaction is being verified, in the order in which they came. */
  verifying: HeldProduce[]
  /** Fetches that wait for data, sorted by caller. */
  readonly fetches: Fetch[]
}

interface HeldProduce {
  readonly request: Produce
  /** The client will see a timeout. */
  readonly answered: boolean
}

/** A partition that holds these records from the start. */
export function partitionState(coordinator: ActorRef<VerifyTransaction>, records: readonly StoredRecord[] = []): PartitionState {
  return { coordinator, log: logOf(records) }
}

/** The leader of one partition. */
export const kafkaPartition: Behavior<PartitionWaiting, PartitionState, PartitionMessage> = {
  kind: 'kafka-partition',
  start: () => ({ verifying: [], fetches: [] }),
  digest: digestPartitionMessage,
  receive({ volatile, durable }, message, context) {
    switch (message.kind) {
      case 'produce':
        produce(durable, volatile, message, context)
        return
      case 'reply':
        verified(durable, volatile, message.answer, context)
        return
      case 'fetch':
        fetch(durable.log, volatile, message, context)
        return
      case 'list-offsets': {
        const error = errorOf(context.outcome('kafka.list-offsets'))
        const end = readableEnd(durable.log, message.isolation)
        const answer = { type: 'offsets', partition: context.self, error, end } as const
        context.send(message.caller.ref, { kind: 'reply', tag: message.caller.tag, answer })
        return
      }
      case 'write-marker': {
        const { transactionalId, producer, epoch, commit, coordinator } = message
        appendMarker(durable.log, transactionalId, producer, epoch, commit)
        context.send(coordinator, { kind: 'marker-written', partition: context.self, transactionalId, producer, epoch })
        answerFetches(durable.log, volatile, context)
        return
      }
      case 'timer':
      case 'peer-down':
    }
  },
}

/** What the client sees of a request that was not applied, or whose answer is lost. */
function errorOf(outcome: ReturnType<Context['outcome']>): KafkaError {
  if (outcome === 'failed') return 'NOT_LEADER_OR_FOLLOWER'
  return outcome === 'done' ? 'NONE' : 'REQUEST_TIMED_OUT'
}

function produce(durable: PartitionState, waiting: PartitionWaiting, request: Produce, context: Context): void {
  const outcome = context.outcome('kafka.produce')
  if (!takesEffect(outcome)) {
    answerProduce(request, errorOf(outcome), context)
    return
  }
  const held: HeldProduce = { request, answered: isAnswered(outcome) }
  if (!opensTransaction(durable.log, request)) {
    appendProduced(durable, waiting, held, context)
    return
  }
  waiting.verifying.push(held)
  const { transactionalId, producer, epoch } = request
  context.send(durable.coordinator, {
    kind: 'verify',
    caller: { ref: actorRef(kafkaPartition, context.self), tag: 0 },
    partition: context.self,
    transactionalId,
    producer,
    epoch,
  })
}

/** The coordinator has said whether the producer's transaction is open in this partition. */
function verified(durable: PartitionState, waiting: PartitionWaiting, answer: VerifyAnswer, context: Context): void {
  const held = waiting.verifying.filter(({ request }) => request.producer === answer.producer && request.epoch === answer.epoch)
  if (held.length === 0) return
  waiting.verifying = waiting.verifying.filter((other) => !held.includes(other))
  for (const one of held) {
    if (answer.error === 'NONE') appendProduced(durable, waiting, one, context)
    else answerProduce(one.request, one.answered ? answer.error : 'REQUEST_TIMED_OUT', context)
  }
}

function appendProduced({ log }: PartitionState, waiting: PartitionWaiting, { request, answered }: HeldProduce, context: Context): void {
  const error = append(log, request)
  answerProduce(request, answered ? error : 'REQUEST_TIMED_OUT', context)
  answerFetches(log, waiting, context)
}

function answerProduce({ caller, sequence }: Produce, error: KafkaError, context: Context): void {
  context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer: { type: 'produced', partition: context.self, sequence, error } })
}

function fetch(log: PartitionLog, waiting: PartitionWaiting, request: Fetch, context: Context): void {
  const error = request.observer ? 'NONE' : errorOf(context.outcome('kafka.fetch'))
  if (error !== 'NONE') answerFetch(request, error, context)
  else if (request.offset > log.end) answerFetch(request, 'OFFSET_OUT_OF_RANGE', context)
  else if (!answerIfReadable(log, request, context)) park(waiting, request)
}

/** A client that asks again replaces what it has asked before. */
function park(waiting: PartitionWaiting, request: Fetch): void {
  const { fetches } = waiting
  let place = 0
  while (compareCallers(fetches[place], request) < 0) place++
  const again = compareCallers(fetches[place], request) === 0
  fetches.splice(place, again ? 1 : 0, request)
}

function compareCallers(a: Fetch | undefined, b: Fetch): number {
  return a === undefined ? 1 : a.caller.ref - b.caller.ref || a.caller.tag - b.caller.tag
}

function answerFetches(log: PartitionLog, waiting: PartitionWaiting, context: Context): void {
  const { fetches } = waiting
  for (let i = 0; i < fetches.length;) {
    const request = fetches[i]
    if (request !== undefined && answerIfReadable(log, request, context)) fetches.splice(i, 1)
    else i++
  }
}

function answerIfReadable(log: PartitionLog, request: Fetch, context: Context): boolean {
  const { caller, offset: from, isolation, maxRecords, wait } = request
  const { next, offsets, records, transactions } = read(log, from, isolation, maxRecords)
  if (wait && next === from) return false
  context.send(caller.ref, {
    kind: 'reply',
    tag: caller.tag,
    answer: { type: 'fetched', partition: context.self, from, error: 'NONE', next, offsets, records, transactions },
  })
  return true
}

function answerFetch({ caller, offset: from }: Fetch, error: KafkaError, context: Context): void {
  const nothing = { next: from, offsets: [], records: [], transactions: [] }
  context.send(caller.ref, {
    kind: 'reply',
    tag: caller.tag,
    answer: { type: 'fetched', partition: context.self, from, error, ...nothing },
  })
}
