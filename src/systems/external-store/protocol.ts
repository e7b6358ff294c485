/**
 * What the external store understands: a small transactional system, as two-phase sinks need it, with plain appends besides.
 * One store serves one sink.
 */
import type { Where } from '../../history/index.js'
import { fold, hashPlain, hashString, type Caller, type WorldMessage } from '../../world/index.js'
import { digestWorldMessage } from '../world-message.js'
import { digestRecords, type StoredRecord } from '../stored-record.js'

interface Request {
  readonly caller: Caller<StoreAnswer>
  /** Who asks, as the history says it. */
  readonly where: Where
}

/** A transaction's name and the subtask that wrote it. */
export interface TransactionKey {
  readonly transaction: string
  readonly subtask: number
}

/**
 * A new attempt of a sink's writer begins: transactions of its subtask (with that of others that are gone after a rescale: those
 * congruent modulo `parallelism`) that were begun for a checkpoint after `restored` are aborted, and earlier sessions are fenced.
 */
export interface OpenSession extends Request {
  readonly kind: 'open-session'
  readonly parallelism: number
  /** Checkpoint the writer was restored from; 0 for none. */
  readonly restored: number
}

/** Adds records to a transaction; the first write begins it. `from` is the number of records written before. */
export interface Write extends Request {
  readonly kind: 'write'
  readonly session: number
  readonly transaction: string
  /** The checkpoint that the writer expects to cover it. */
  readonly expected: number
  readonly from: number
  readonly records: readonly StoredRecord[]
}

/** Makes a transaction outlive its writer: it waits for a commit or an abort. `records` is how many it must have. */
export interface PreCommit extends Request {
  readonly kind: 'pre-commit'
  readonly transaction: string
  readonly records: number
}

/** Publishes a pre-committed transaction. Idempotent. */
export interface Commit extends Request, TransactionKey {
  readonly kind: 'commit'
  /** It comes late: the client has seen a timeout, and is not answered again. */
  readonly late?: true
}

/** Drops a transaction that was not committed. */
export interface Abort extends Request, TransactionKey {
  readonly kind: 'abort'
  readonly why: 'close' | 'abort'
}

/** Publishes records at once, outside of any transaction. */
export interface Append extends Request {
  readonly kind: 'append'
  /** The client's own number of the request, which comes back with the answer. */
  readonly slot: number
  readonly records: readonly StoredRecord[]
}

/** All that the store can be asked. */
export type StoreRequest = OpenSession | Write | PreCommit | Commit | Abort | Append

/** `aborted`: it will never be visible. `unknown`: the store has never heard of it, or it was not pre-committed. */
export type StoreCommitResult = 'applied' | 'already' | 'aborted' | 'unknown'

/** What it answers. */
export type StoreAnswer =
  | { readonly type: 'session'; readonly session: number }
  | { readonly type: 'written' | 'pre-committed' | 'aborted'; readonly transaction: string }
  | { readonly type: 'commit'; readonly transaction: string; readonly result: StoreCommitResult }
  | { readonly type: 'append'; readonly slot: number; readonly result: 'done' | 'failed' | 'timeout' }
  /** Not applied. */
  | { readonly type: 'refused'; readonly transaction: string; readonly reason: 'fenced' | 'not open' | 'out of order' | 'unavailable' }
  /** Whether it was applied is not known. */
  | { readonly type: 'timeout'; readonly transaction: string }

/** The message as one integer, over all its fields. */
export function digestStoreMessage(message: StoreRequest | WorldMessage): number {
  const kind = hashString(message.kind)
  switch (message.kind) {
    case 'timer':
    case 'peer-down':
      return digestWorldMessage(message)
    case 'open-session':
      return fold(fold(digestRequest(kind, message), message.parallelism), message.restored)
    case 'write': {
      const head = fold(fold(digestRequest(kind, message), hashString(message.transaction)), message.session)
      return digestRecords(fold(fold(head, message.expected), message.from), message.records)
    }
    case 'pre-commit':
      return fold(fold(digestRequest(kind, message), hashString(message.transaction)), message.records)
    case 'commit': {
      const digest = fold(fold(digestRequest(kind, message), hashString(message.transaction)), message.subtask)
      return message.late === true ? fold(digest, 1) : digest
    }
    case 'abort':
      return fold(fold(fold(digestRequest(kind, message), hashString(message.transaction)), message.subtask), hashPlain(message.why, 1))
    case 'append':
      return digestRecords(fold(digestRequest(kind, message), message.slot), message.records)
  }
}

function digestRequest(digest: number, { caller, where }: Request): number {
  return fold(fold(fold(fold(fold(digest, caller.ref), caller.tag), hashString(where.vertex)), where.subtask), where.attempt)
}
