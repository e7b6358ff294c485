/**
 * The transaction coordinator as an actor (Kafka: `TransactionCoordinator`, `TransactionStateManager`), with the semantics of
 * transactions before KIP-890 part 2 (TV1): the epoch changes only when a producer is fenced. All of its state is durable, as if
 * replayed from `__transaction_state`. Transactional ids do not expire.
 */
import type { CommitResult, HistoryFact, Where } from '../../history/index.js'
import { actorRef, UNORDERED, type Behavior, type Context, type Outcome } from '../../world/index.js'
import { isAnswered, takesEffect } from '../outcome.js'
import {
  digestCoordinatorMessage,
  type AddPartitions,
  type CoordinatorMessage,
  type EndTransaction,
  type InitProducerId,
  type VerifyTransaction,
} from './coordinator-messages.js'
import type { KafkaError } from './errors.js'
import {
  addPartitions,
  endError,
  identityError,
  isEnding,
  markerWritten,
  producerId,
  takeOver,
  type TransactionMetadata,
} from './transaction-metadata.js'

/** Broker settings of the coordinator. */
export interface CoordinatorConfiguration {
  /** `transaction.max.timeout.ms`, in µs; Kafka's default is 15 minutes. */
  readonly maxTimeoutUs: number
  /** `transaction.abort.timed.out.transaction.cleanup.interval.ms`, in µs; Kafka's default is 10 seconds. */
  readonly cleanupIntervalUs: number
}

/** Transactions and producer ids. */
export interface CoordinatorState {
  readonly configuration: CoordinatorConfiguration
  /** Sorted by transactional id. */
  readonly transactions: TransactionMetadata[]
  /** Producers without transactions: how many ids each client has been given. Sorted by client. */
  readonly clients: { readonly client: string; given: number }[]
}

/** What a start begins with. */
export function coordinatorState(configuration: CoordinatorConfiguration): CoordinatorState {
  return { configuration, transactions: [], clients: [] }
}

/** Whether the scan for timed-out transactions is scheduled. */
export interface CoordinatorScan {
  scheduled: boolean
}

const SCAN_TIMER = 'abort-timed-out'
/** The first scan after an idle time comes at one of this many moments of the interval: nothing ties it to the transaction. */
const SCAN_PHASES = 4

/** The coordinator of all transactions. */
export const transactionCoordinator: Behavior<CoordinatorScan, CoordinatorState, CoordinatorMessage> = {
  kind: 'transaction-coordinator',
  digest: digestCoordinatorMessage,
  start(durable, context) {
    const scan: CoordinatorScan = { scheduled: false }
    for (const transaction of durable.transactions) if (isEnding(transaction.state)) sendMarkers(transaction, context)
    scheduleScan(durable, scan, context)
    return scan
  },
  receive({ volatile, durable }, message, context) {
    switch (message.kind) {
      case 'init-producer-id':
        initProducerId(durable, message, context)
        return
      case 'add-partitions':
        add(durable, message, context)
        scheduleScan(durable, volatile, context)
        return
      case 'end-txn':
        endTransaction(durable, message, context)
        return
      case 'verify':
        verify(durable, message, context)
        return
      case 'marker-written': {
        const transaction = find(durable, message.transactionalId)
        if (transaction !== undefined && isEnding(transaction.state) && identityError(transaction, message) === 'NONE') {
          markerWritten(transaction, message.partition)
        }
        return
      }
      case 'timer':
        abortTimedOut(durable, context)
        volatile.scheduled = false
        scheduleScan(durable, volatile, context)
        return
      case 'peer-down':
    }
  },
}

/** What the client sees of a result, given how its call ended. */
function seen(outcome: Outcome, result: KafkaError): KafkaError {
  if (outcome === 'failed') return 'COORDINATOR_NOT_AVAILABLE'
  return isAnswered(outcome) ? result : 'REQUEST_TIMED_OUT'
}

function find(state: CoordinatorState, transactionalId: string): TransactionMetadata | undefined {
  const known = state.transactions[placeOf(state, transactionalId)]
  return known?.transactionalId === transactionalId ? known : undefined
}

/** Where a transaction is, or would be, in the order of ids; by halves, as each restart of a job adds some. */
function placeOf({ transactions }: CoordinatorState, transactionalId: string): number {
  let low = 0
  let high = transactions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((transactions[middle]?.transactionalId ?? '') < transactionalId) low = middle + 1
    else high = middle
  }
  return low
}

// ---- InitProducerId

function initProducerId(state: CoordinatorState, request: InitProducerId, context: Context): void {
  const { caller, transactionalId, where } = request
  const outcome = context.outcome('kafka.init-producer-id')
  let identity = { producer: '', epoch: -1 }
  let result: KafkaError = 'NONE'
  if (takesEffect(outcome)) {
    if (transactionalId === '') identity = { producer: idempotentProducer(state, where), epoch: 0 }
    else result = initTransactions(state, request, context)
    const transaction = find(state, transactionalId)
    if (transaction !== undefined && result === 'NONE') identity = { producer: producerId(transaction), epoch: transaction.epoch }
  }
  const answer = { type: 'producer-id', transactionalId, ...identity, error: seen(outcome, result) } as const
  context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer })
}

/** A new id for a producer without transactions, named by who asks: nothing outlives it. */
function idempotentProducer(state: CoordinatorState, { vertex, subtask }: Where): string {
  const client = `${vertex}-${String(subtask)}`
  let known = state.clients.find((other) => other.client === client)
  if (known === undefined) {
    known = { client, given: 0 }
    const place = state.clients.findIndex((other) => other.client > client)
    state.clients.splice(place < 0 ? state.clients.length : place, 0, known)
  }
  known.given++
  return `${client}#${String(known.given)}`
}

function initTransactions(state: CoordinatorState, { transactionalId, timeoutUs, where }: InitProducerId, context: Context): KafkaError {
  if (timeoutUs > state.configuration.maxTimeoutUs) return 'INVALID_TRANSACTION_TIMEOUT'
  const transaction = find(state, transactionalId)
  if (transaction === undefined) {
    const fresh: TransactionMetadata = {
      transactionalId,
      generation: 0,
      epoch: 0,
      state: 'Empty',
      partitions: [],
      since: context.now(),
      timeoutUs,
      writer: where,
    }
    state.transactions.splice(placeOf(state, transactionalId), 0, fresh)
    return 'NONE'
  }
  if (isEnding(transaction.state)) return 'CONCURRENT_TRANSACTIONS'
  if (transaction.state === 'Ongoing') {
    // The open transaction dies with its producer; the client comes again and then gets an epoch of its own.
    fenceAndAbort(transaction, where, 'lingering', context)
    return 'CONCURRENT_TRANSACTIONS'
  }
  takeOver(transaction, timeoutUs)
  return 'NONE'
}

// ---- the life of a transaction

function add(state: CoordinatorState, request: AddPartitions, context: Context): void {
  const { caller, transactionalId, where, partitions } = request
  const outcome = context.outcome('kafka.add-partitions')
  let result: KafkaError = 'NONE'
  if (takesEffect(outcome)) {
    const transaction = find(state, transactionalId)
    result = identityError(transaction, request)
    if (transaction !== undefined && result === 'NONE') {
      if (isEnding(transaction.state)) result = 'CONCURRENT_TRANSACTIONS'
      else if (addPartitions(transaction, partitions, where, context.now()))
        record(context, { kind: 'transaction-begun', transaction: transactionalId, ...where })
    }
  }
  context.send(caller.ref, {
    kind: 'reply',
    tag: caller.tag,
    answer: { type: 'partitions-added', transactionalId, error: seen(outcome, result) },
  })
}

function verify(state: CoordinatorState, request: VerifyTransaction, context: Context): void {
  const { caller, transactionalId, producer, epoch, partition } = request
  const transaction = find(state, transactionalId)
  let error = identityError(transaction, request)
  // The producer asked to append, not to verify: it is told in the words of the produce request.
  if (error === 'PRODUCER_FENCED') error = 'INVALID_PRODUCER_EPOCH'
  if (error === 'NONE' && transaction !== undefined) error = openError(transaction, partition)
  context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer: { type: 'verified', transactionalId, producer, epoch, error } })
}

function openError({ state, partitions }: TransactionMetadata, partition: number): KafkaError {
  if (isEnding(state)) return 'CONCURRENT_TRANSACTIONS'
  return state === 'Ongoing' && partitions.some((added) => added === partition) ? 'NONE' : 'INVALID_TXN_STATE'
}

function endTransaction(state: CoordinatorState, request: EndTransaction, context: Context): void {
  const { caller, transactionalId } = request
  if (request.late === true) {
    end(find(state, transactionalId), request, context)
    return
  }
  const outcome = context.outcome('kafka.end-txn')
  if (outcome === 'unknown-later') context.send(actorRef(transactionCoordinator, context.self), { ...request, late: true }, UNORDERED)
  const result = takesEffect(outcome) ? end(find(state, transactionalId), request, context) : 'NONE'
  context.send(caller.ref, {
    kind: 'reply',
    tag: caller.tag,
    answer: { type: 'transaction-ended', transactionalId, error: seen(outcome, result) },
  })
}

function end(transaction: TransactionMetadata | undefined, request: EndTransaction, context: Context): KafkaError {
  const { commit, transactionalId, where } = request
  let error = identityError(transaction, request)
  const ongoing = transaction?.state === 'Ongoing'
  if (error === 'NONE' && transaction !== undefined) error = endError(transaction.state, commit)
  if (commit) record(context, { kind: 'commit', transaction: transactionalId, result: commitResult(error, ongoing), ...where })
  if (error !== 'NONE' || transaction === undefined || !ongoing) return error
  if (!commit) record(context, { kind: 'abort', transaction: transactionalId, why: 'close', ...where })
  // The decision is durable from here on: markers follow, whatever happens.
  transaction.state = commit ? 'PrepareCommit' : 'PrepareAbort'
  sendMarkers(transaction, context)
  return 'NONE'
}

function commitResult(error: KafkaError, ongoing: boolean): CommitResult {
  switch (error) {
    case 'NONE':
      return ongoing ? 'applied' : 'already'
    case 'CONCURRENT_TRANSACTIONS':
      return 'retry'
    case 'INVALID_PRODUCER_ID_MAPPING':
      return 'unknown'
    default:
      return 'failed-known'
  }
}

/** Kafka: the epoch goes up, so that the old producer's markers and later requests are told apart; then the transaction is aborted. */
function fenceAndAbort(transaction: TransactionMetadata, where: Where, why: 'lingering' | 'timeout', context: Context): void {
  transaction.epoch++
  transaction.state = 'PrepareAbort'
  record(context, { kind: 'abort', transaction: transaction.transactionalId, why, ...where })
  sendMarkers(transaction, context)
}

function sendMarkers(transaction: TransactionMetadata, context: Context): void {
  const { transactionalId, epoch, partitions, state } = transaction
  const coordinator = actorRef(transactionCoordinator, context.self)
  for (const partition of partitions) {
    const commit = state === 'PrepareCommit'
    context.send(partition, { kind: 'write-marker', coordinator, transactionalId, producer: producerId(transaction), epoch, commit })
  }
}

// ---- timeouts

/** A decision to commit is never timed out; a pre-commit means nothing to the broker. */
function abortTimedOut(state: CoordinatorState, context: Context): void {
  for (const transaction of state.transactions) {
    if (transaction.state !== 'Ongoing') continue
    if (context.elapsed(transaction.since, transaction.timeoutUs, 'kafka.transaction.timeout')) {
      fenceAndAbort(transaction, transaction.writer, 'timeout', context)
    }
  }
}

/** The scan is periodic; it is only scheduled while there is something that may time out. */
function scheduleScan({ transactions, configuration }: CoordinatorState, scan: CoordinatorScan, context: Context): void {
  if (scan.scheduled || !transactions.some(({ state }) => state === 'Ongoing')) return
  scan.scheduled = true
  const phase = context.choose('kafka.scan-phase', SCAN_PHASES) + 1
  context.timer(SCAN_TIMER, Math.ceil((configuration.cleanupIntervalUs * phase) / SCAN_PHASES))
}

function record(context: Context, fact: HistoryFact): void {
  context.record?.(fact)
}
