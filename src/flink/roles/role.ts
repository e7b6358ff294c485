/** What each part of a job is, as far as names and edges tell and an assume file adds. */
import type { Guess } from './guess.js'
import type { Part, PartEdge } from './part.js'
import type { WindowName } from './window-name.js'

/** Systems that a source may read from. */
export const sourceKinds = ['kafka', 'file', 'collection', 'datagen', 'queue', 'socket', 'unknown'] as const
/** Systems that a sink may write to. */
export const sinkKinds = ['kafka', 'file', 'two-phase', 'append', 'async', 'print', 'unknown'] as const
/** What a sink may be configured to deliver. */
export const deliveryGuarantees = ['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE'] as const

/**
 * What a source does after a restart: it reads again from the position in the checkpoint, goes on with what comes next, or gets everything
 * again that was not acknowledged, although the checkpoint covers it.
 */
export const replays = [true, false, 'redelivers'] as const

/** One of these. */
export type Replayability = (typeof replays)[number]
/** What a source reads from. */
export type SourceKind = (typeof sourceKinds)[number]
/** What a sink writes to. */
export type SinkKind = (typeof sinkKinds)[number]
/** Flink's `DeliveryGuarantee`. */
export type DeliveryGuarantee = (typeof deliveryGuarantees)[number]

/**
 * When the outside gives up a transaction nobody commits: a duration in Flink's notation, `none`, or the answer
 * to an open question, `shorter than an outage`.
 */
export type TransactionTimeout = string
/** There are no transactions, or the outside never gives one up. */
export const noTransactionTimeout: TransactionTimeout = 'none'
/** The outside gives a transaction up before an outage is over. */
export const shorterThanAnOutage: TransactionTimeout = 'shorter than an outage'

/** What is guessed or known of a source. */
export interface SourceRole {
  readonly role: 'source'
  readonly part: Part
  readonly kind: Guess<SourceKind>
  readonly replayable: Guess<Replayability>
}

/** What is guessed or known of a sink. */
export interface SinkRole {
  readonly role: 'sink'
  readonly part: Part
  readonly kind: Guess<SinkKind>
  readonly guarantee: Guess<DeliveryGuarantee>
  /** Matters only with EXACTLY_ONCE. */
  readonly transactionTimeout: Guess<TransactionTimeout>
}

/** What is guessed or known of an operator. */
export interface OperatorRole {
  readonly role: 'operator'
  readonly part: Part
  /** Its records arrive by key. */
  readonly keyed: boolean
  /** Edges that lead to it. */
  readonly inputs: number
  readonly window?: WindowName
  readonly stateful: Guess<boolean>
  /** The same records in the same order give the same output. */
  readonly deterministic: Guess<boolean>
}

export type Role = SourceRole | SinkRole | OperatorRole

/** The parts of a job with their roles. */
export interface JobRoles {
  readonly roles: readonly Role[]
  readonly edges: readonly PartEdge[]
}
