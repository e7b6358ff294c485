/**
 * The sink interface of connectors: a writer, and for two-phase commit a committer (Flink: Sink V2, FLIP-143, FLIP-191).
 * The engine's `sink-writer-operator` and `committer-operator` drive these in Flink's order; connectors hold no other place in it.
 */
import type { ConnectionLost, Failure, ListEntry, OperatorContext, CloseReason } from './operator.js'
import type { StreamRecord, Value } from './record.js'

/** A sink: W the writer's state, C committables, A answers to the writer, K the committer's state, B answers to the committer. */
export interface Sink<W, C extends Value, A, K, B> {
  readonly writer: SinkWriter<W, C, A>
  /** Absent in sinks without two-phase commit. */
  readonly committer?: Committer<K, C, B>
  /**
   * Flink: the class is a `SupportsCommitter`, as `KafkaSink` is whatever its guarantee. Without a committer it says so here: its writer
   * remembers the end of its input.
   */
  readonly supportsCommitter?: true
  /** With it the names of its transactions begin, where the job chooses it: no two sinks of a job may share it. */
  readonly transactionalIdPrefix?: string
}

/**
 * Flink: `SinkWriter`, `StatefulSinkWriter`, `TwoPhaseCommittingSinkWriter`. It notes each record that it takes as the history's fact
 * `sink-write` (`connectors.recordSinkWrite`), with its transaction if it has one and with the value that a reader will see: without it
 * what becomes visible was never written.
 */
export interface SinkWriter<W, C extends Value, A> {
  /** Creates or restores the writer: abort what earlier attempts left, begin the next transaction. May begin calls. */
  open(context: OperatorContext, restored: readonly ListEntry[]): W
  write(state: W, record: StreamRecord, context: OperatorContext): void
  /** Sends everything buffered; the task waits until `busy` is false. `endOfInput` is Flink's flush(true). */
  flush(state: W, endOfInput: boolean, context: OperatorContext): void
  /** Called after the flush is through, before the barrier is forwarded: hands out what the next commit will publish. */
  prepareCommit(state: W, checkpoint: number, context: OperatorContext): readonly C[]
  /** Writer state of this checkpoint; the next transaction begins with what is written after it. */
  snapshot(state: W, checkpoint: number, context: OperatorContext): readonly ListEntry[]
  /** The task's thread waits in this writer. */
  busy(state: W): boolean
  failure(state: W): Failure
  answer(state: W, answer: A | ConnectionLost, context: OperatorContext): void
  woken?(state: W, name: string, context: OperatorContext): void
  close?(state: W, reason: CloseReason, context: OperatorContext): void
}

/** How a commit request ended (Flink: `CommitRequest`): nothing signalled, or one of the signals. */
export type CommitSignal = 'committed' | 'already-committed' | 'retry-later' | 'failed-with-known-reason' | 'failed-with-unknown-reason'

/** Flink: `Committer`. Must be idempotent: a restore commits again what was committed before. */
export interface Committer<K, C extends Value, B> {
  open(context: OperatorContext): K
  /** Begins to commit one committable; its end is told by `answer`. One at a time. */
  commit(state: K, committable: C, retries: number, context: OperatorContext): void
  /** Takes an answer in; a signal ends the request that is running. */
  answer(state: K, answer: B | ConnectionLost, context: OperatorContext): CommitSignal | undefined
  woken?(state: K, name: string, context: OperatorContext): CommitSignal | undefined
  close?(state: K, reason: CloseReason, context: OperatorContext): void
  /** Name of a committable in the history: the transaction or file it publishes. */
  nameOf(committable: C): string
}
