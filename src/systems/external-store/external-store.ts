import type { FrequentFact, HistoryFact, ObservationPoint, Where } from '../../history/index.js'
import { actorRef, UNORDERED, type Behavior, type Caller, type Context, type Outcome } from '../../world/index.js'
import type { SystemCallName } from '../failpoints.js'
import { takesEffect } from '../outcome.js'
import { shownContent, type StoredRecord } from '../stored-record.js'
import {
  digestStoreMessage,
  type Abort,
  type Append,
  type Commit,
  type OpenSession,
  type PreCommit,
  type StoreAnswer,
  type StoreCommitResult,
  type StoreRequest,
  type Write,
} from './protocol.js'

/** All of the store is durable: it survives jobs and its own restarts. */
export interface StoreState {
  /** By subtask of the sink. */
  readonly subtasks: SubtaskTransactions[]
}

interface SubtaskTransactions {
  /** The newest session; older ones are fenced. */
  session: number
  /** In the order of `expected`, then of session. */
  readonly transactions: StoreTransaction[]
}

interface StoreTransaction {
  readonly name: string
  readonly writer: Where
  readonly session: number
  readonly expected: number
  state: 'open' | 'pre-committed' | 'committed' | 'aborted'
  /** Emptied at the end: what is visible has been seen. */
  records: StoredRecord[]
}

/** A store before its first use. */
export function emptyStore(): StoreState {
  return { subtasks: [] }
}

/**
 * The external store as an actor. Its idea of visibility is that of an independent reader: a record is recorded as visible in
 * the step in which the store publishes it.
 */
export const externalStore: Behavior<null, StoreState, StoreRequest> = {
  kind: 'external-store',
  start: () => null,
  digest: digestStoreMessage,
  receive(state, message, context) {
    switch (message.kind) {
      case 'open-session':
        answer(context, message.caller, 'store.session', '', () => openSession(state.durable, message, context))
        return
      case 'write':
        answer(context, message.caller, 'store.write', message.transaction, () => write(state.durable, message, context))
        return
      case 'pre-commit':
        answer(context, message.caller, 'store.pre-commit', message.transaction, () => preCommit(state.durable, message, context))
        return
      case 'commit':
        receiveCommit(state.durable, message, context)
        return
      case 'abort':
        answer(context, message.caller, 'store.abort', message.transaction, () => abort(state.durable, message, context))
        return
      case 'append':
        append(message, context)
        return
      case 'timer':
      case 'peer-down':
    }
  },
}

/** Applies a call unless it fails or is lost on its way, and answers what the client gets to see of it. */
function answer(
  context: Context,
  caller: Caller<StoreAnswer>,
  failpoint: SystemCallName,
  transaction: string,
  apply: () => StoreAnswer,
): Outcome {
  const outcome = context.outcome(failpoint)
  const applied = takesEffect(outcome) ? apply() : undefined
  context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer: seen(outcome, applied, transaction) })
  return outcome
}

function receiveCommit(store: StoreState, request: Commit, context: Context): void {
  if (request.late === true) {
    commit(store, request, context)
    return
  }
  const { caller, transaction } = request
  const outcome = answer(context, caller, 'store.commit', transaction, () => commit(store, request, context))
  if (outcome === 'unknown-later') context.send(actorRef(externalStore, context.self), { ...request, late: true }, UNORDERED)
}

function seen(outcome: Outcome, applied: StoreAnswer | undefined, transaction: string): StoreAnswer {
  if (outcome === 'failed') return { type: 'refused', transaction, reason: 'unavailable' }
  return outcome === 'done' && applied !== undefined ? applied : { type: 'timeout', transaction }
}

function openSession(store: StoreState, { where, parallelism, restored }: OpenSession, context: Context): StoreAnswer {
  const own = subtaskOf(store, where.subtask)
  for (let s = where.subtask; s < store.subtasks.length; s += parallelism) {
    const subtask = subtaskOf(store, s)
    subtask.session++
    for (const transaction of subtask.transactions) {
      if (transaction.expected > restored) end(transaction, where, 'lingering', context)
    }
  }
  return { type: 'session', session: own.session }
}

function write(store: StoreState, request: Write, context: Context): StoreAnswer {
  const { transaction: name, where, from, records } = request
  const subtask = subtaskOf(store, where.subtask)
  if (request.session < subtask.session) return { type: 'refused', transaction: name, reason: 'fenced' }
  const transaction = find(subtask, name) ?? begin(subtask, request, context)
  if (transaction.state !== 'open') return { type: 'refused', transaction: name, reason: 'not open' }
  if (from > transaction.records.length) return { type: 'refused', transaction: name, reason: 'out of order' }
  // A repetition of what is there already adds nothing.
  for (const record of records.slice(transaction.records.length - from)) transaction.records.push(record)
  return { type: 'written', transaction: name }
}

function begin(subtask: SubtaskTransactions, { transaction: name, where, session, expected }: Write, context: Context): StoreTransaction {
  const begun: StoreTransaction = { name, writer: where, session, expected, state: 'open', records: [] }
  const after = subtask.transactions.findIndex(
    (other) => other.expected > expected || (other.expected === expected && other.session > session),
  )
  subtask.transactions.splice(after < 0 ? subtask.transactions.length : after, 0, begun)
  const { vertex, subtask: writer, attempt } = where
  context.record?.({ kind: 'transaction-begun', transaction: name, vertex, subtask: writer, attempt } satisfies HistoryFact)
  return begun
}

function preCommit(store: StoreState, { transaction: name, where, records }: PreCommit, context: Context): StoreAnswer {
  const transaction = find(subtaskOf(store, where.subtask), name)
  if (transaction?.state === 'pre-committed') return { type: 'pre-committed', transaction: name }
  if (transaction?.state !== 'open') return { type: 'refused', transaction: name, reason: 'not open' }
  if (transaction.records.length !== records) return { type: 'refused', transaction: name, reason: 'out of order' }
  transaction.state = 'pre-committed'
  const { vertex, subtask, attempt } = where
  context.record?.({ kind: 'pre-commit', transaction: name, records, vertex, subtask, attempt } satisfies HistoryFact)
  return { type: 'pre-committed', transaction: name }
}

function commit(store: StoreState, { transaction: name, subtask, where }: Commit, context: Context): StoreAnswer {
  const transaction = find(subtaskOf(store, subtask), name)
  const result = commitResult(transaction)
  const { vertex, subtask: committer, attempt } = where
  context.record?.({ kind: 'commit', transaction: name, result, vertex, subtask: committer, attempt } satisfies HistoryFact)
  if (transaction !== undefined && result === 'applied') {
    transaction.state = 'committed'
    publish(transaction.records, transaction.writer, 'external-store', context, name)
    transaction.records = []
  }
  return { type: 'commit', transaction: name, result }
}

function commitResult(transaction: StoreTransaction | undefined): StoreCommitResult {
  switch (transaction?.state) {
    case 'pre-committed':
      return 'applied'
    case 'committed':
      return 'already'
    case 'aborted':
      return 'aborted'
    default:
      return 'unknown'
  }
}

function abort(store: StoreState, { transaction: name, subtask, where, why }: Abort, context: Context): StoreAnswer {
  const transaction = find(subtaskOf(store, subtask), name)
  if (transaction !== undefined) end(transaction, where, why, context)
  return { type: 'aborted', transaction: name }
}

function end(transaction: StoreTransaction, where: Where, why: 'lingering' | 'close' | 'abort', context: Context): void {
  if (transaction.state === 'committed' || transaction.state === 'aborted') return
  transaction.state = 'aborted'
  transaction.records = []
  context.record?.({ kind: 'abort', transaction: transaction.name, why, ...where } satisfies HistoryFact)
}

function append({ caller, where, slot, records }: Append, context: Context): void {
  const outcome = context.outcome('store.append')
  if (takesEffect(outcome)) publish(records, where, 'external-store', context)
  const result = outcome === 'done' || outcome === 'failed' ? outcome : 'timeout'
  context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer: { type: 'append', slot, result } })
}

/** Records what an independent reader now sees. */
function publish(records: readonly StoredRecord[], writer: Where, at: ObservationPoint, context: Context, transaction?: string): void {
  if (context.record === undefined) return
  const { vertex } = writer
  for (const { id, value } of records) {
    const content = shownContent(value)
    const { key, count, digest } = content
    // A literal without spreads where it matters: this runs for every record.
    if (transaction !== undefined && key !== undefined && count !== undefined && digest === undefined) {
      context.record({ kind: 'visible', vertex, at, id, key, count, transaction, seq: 0, t: 0 } satisfies FrequentFact)
    } else {
      context.record({
        kind: 'visible',
        vertex,
        at,
        id,
        ...content,
        ...(transaction !== undefined && { transaction }),
      } satisfies HistoryFact)
    }
  }
}

function find(subtask: SubtaskTransactions, name: string): StoreTransaction | undefined {
  return subtask.transactions.findLast((transaction) => transaction.name === name)
}

function subtaskOf(store: StoreState, subtask: number): SubtaskTransactions {
  for (let next = store.subtasks.length; next <= subtask; next++) store.subtasks.push({ session: 0, transactions: [] })
  const found = store.subtasks[subtask]
  if (found === undefined) throw new RangeError(`subtask ${String(subtask)} is not a subtask index`)
  return found
}
