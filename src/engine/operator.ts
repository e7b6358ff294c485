/**
 * Operators: the code of one step of the dataflow, over plain state. The task owns the state, calls the operator in the order of
 * Flink's `StreamOperator`, and sends what it emits to the next operator of the chain or into the network.
 *
 * Steps are synchronous, but some calls of Flink block the task's thread (a flush waits for the broker). An operator says so with
 * `busy`: while it is true the task does nothing but take answers and cancellation in.
 */
import type { ActorRef, Caller, Lane, Outcome } from '../world/index.js'
import type { FrequentFact, HistoryFact } from '../history/index.js'
import type { Key, StreamRecord, Value } from './record.js'

/** The system went away: what was asked of it and not answered is unknown. */
export interface ConnectionLost {
  readonly kind: 'connection-lost'
  readonly system: number
}

/** Where an operator runs. */
export interface Subtask {
  /** The operator's name, as the history says it. */
  readonly vertex: string
  /** The operator's uid: what it puts outside is told apart by it from what other operators of the job put there. */
  readonly uid: string
  readonly subtask: number
  readonly attempt: number
  readonly parallelism: number
}

/** What an operator may do within one call. */
export interface OperatorContext extends Subtask {
  /** The checkpoint this attempt was restored from. */
  readonly restored: number | undefined
  /** Event-time watermark of the operator, µs; -Infinity before the first. */
  readonly watermark: number
  /** Hands a record to the next operator or to the network. */
  emit(record: StreamRecord): void
  emitToSide(tag: string, record: StreamRecord): void
  /** Who gets what is emitted under a tag, for the history; undefined where everybody who reads this operator does. */
  destinations(tag: string | undefined): readonly string[] | undefined
  emitWatermark(timestamp: number): void
  /** Asks an outside system; it answers with a `Reply` that goes to `answer` of this operator. */
  call<M extends { readonly kind: string }>(system: ActorRef<M>, request: M, lane?: Lane): void
  /** Who asks: to be put into requests. */
  caller<A>(): Caller<A>
  /** Wakes this operator by `woken(name)` after a while. */
  wakeAfter(name: string, delayUs: number): void
  /** Takes back what `wakeAfter` was asked for, if it is still to come. */
  cancelWakeUp(name: string): void
  /** Current time for user code that depends on it, µs; a `TypeError` unless the operator was declared nondeterministic. */
  processingTime(): number
  choose(label: string, n: number): number
  reach(failpoint: string): void
  fails(failpoint: string): boolean
  outcome(failpoint: string): Outcome
  /** Records a fact, which may be born with room for its place; absent when nobody listens. */
  readonly record: ((fact: HistoryFact | FrequentFact) => void) | undefined
}

/**
 * Keyed state at the current key. A namespace is a window (its start, µs) or 0; values are named within it. What a key or window has
 * absorbed is kept with it, so that a record that is absorbed twice is seen at once.
 */
export interface KeyedStateAccess {
  readonly key: Key
  /** A value as it is: snapshots, records and the restored checkpoint share it, so nobody may change it. */
  get(name: string, namespace?: number): Value | undefined
  /** A value for user code, which may change it in place: an object is a copy that has taken the place of the shared one. */
  own(name: string, namespace?: number): Value | undefined
  put(name: string, value: Value, namespace?: number): void
  /** Notes that a record went into this state; false when it had before (a duplicate in state). */
  absorb(id: number, namespace?: number): boolean
  /** Identities absorbed, in order. */
  absorbed(namespace?: number): readonly number[]
  /** Removes a namespace with its values and identities. */
  clear(namespace?: number): void
  /**
   * Registers an event-time timer at `timestamp` µs; the same one twice is one. False when it was there already. `firing`: see `KeyTimer`.
   */
  registerTimer(timestamp: number, namespace?: number, firing?: number): boolean
  /** False when there was none. */
  deleteTimer(timestamp: number, namespace?: number): boolean
}

/** What one poll of a source came to: `nothing` waits for an answer or a wake-up, `end` is the end of bounded input. */
export type PollResult = 'record' | 'nothing' | 'end'

/** A split and the position of the next record in it. */
export interface SplitState {
  readonly split: string
  readonly offset: number
}

/** What a source's coordinator tells a reader. */
export type OperatorEvent = { readonly type: 'add-splits'; readonly splits: readonly SplitState[] } | { readonly type: 'no-more-splits' }

/** Part of an operator's state that can be redistributed: one list entry of Flink's operator list state. */
export type ListEntry = Value

/** Redistribution of operator list state (Flink's `OperatorStateHandle.Mode`). */
export type Redistribution = 'SPLIT' | 'UNION' | 'BROADCAST'

/** State handles of one operator subtask, as taken by its synchronous part: list state by name. */
export interface OperatorState {
  readonly lists: readonly { readonly name: string; readonly mode: Redistribution; readonly entries: readonly ListEntry[] }[]
}

/** Why an operator closes: `cancel` and `failure` run it too, a crash does not. */
export type CloseReason = 'finished' | 'cancelled' | 'failure'

/** Outcome of an operator call that the task must act on: undefined is fine, a string is the exception's message. */
export type Failure = string | undefined

/**
 * Code of one operator; S its plain state, A the answers it gets from outside systems.
 * Source: Flink's `StreamOperator`, `OneInputStreamOperator`, `TwoInputStreamOperator`.
 */
export interface StreamOperator<S, A> {
  /**
   * Builds the state (Flink: initializeState, open); may begin calls, see `busy`. `state` has every list entry assigned to this subtask.
   */
  open(context: OperatorContext, state: OperatorState | undefined): S
  /** True while the task's thread is blocked in this operator. */
  busy?(state: S): boolean
  /** A failure the operator met since it was asked last; the task fails with it. */
  failure?(state: S): Failure
  /** Sources: hands out at most one record (Flink: emitNext). */
  poll?(state: S, context: OperatorContext): PollResult
  /** An event of the operator's coordinator on the JobManager (Flink: OperatorEvent). */
  event?(state: S, event: OperatorEvent, context: OperatorContext): void
  /** Handles a record of input `input` (0 for one-input operators). */
  process?(state: S, record: StreamRecord, input: number, context: OperatorContext, keyed: KeyedStateAccess | undefined): void
  /** A watermark arrived, and the timers it makes due have fired. Without this method it is passed on. */
  watermark?(state: S, timestamp: number, context: OperatorContext): void
  /** An event-time timer is due (Flink: Triggerable.onEventTime); it was removed before. `firing`: see `KeyTimer`. */
  timer?(state: S, timestamp: number, namespace: number, context: OperatorContext, keyed: KeyedStateAccess, firing: number): void
  /** Flink: prepareSnapshotPreBarrier; may emit, may become busy. */
  prepareSnapshot?(state: S, checkpoint: number, context: OperatorContext): void
  /** The synchronous part: what of the state goes into the checkpoint. The result is never changed afterwards. */
  snapshot(state: S, checkpoint: number, context: OperatorContext): OperatorState
  notifyComplete?(state: S, checkpoint: number, context: OperatorContext): void
  notifyAborted?(state: S, checkpoint: number, context: OperatorContext): void
  answer?(state: S, answer: A | ConnectionLost, context: OperatorContext): void
  woken?(state: S, name: string, context: OperatorContext): void
  /** End of input: Flink's endInput and finish. */
  finish?(state: S, context: OperatorContext): void
  /** Orderly end; an exception or a cancel runs it, a crash does not. */
  close?(state: S, reason: CloseReason, context: OperatorContext): void
}
