/**
 * The source interface of connectors: splits found by an enumerator on the JobManager, read by readers in the tasks
 * (Flink: FLIP-27). A reader's snapshot is its splits with the offset of the next record.
 */
import type { CloseReason, ConnectionLost, Failure, OperatorContext, PollResult, SplitState } from './operator.js'

export type { PollResult, SplitState }
import type { StreamRecord } from './record.js'

/** R is the reader's state, A the answers to it. */
export interface Source<R, A> {
  /** Splits at the start, in the order of discovery. Ordinals of splits (record identities) follow this order. */
  readonly splits: readonly string[]
  /** Where reading of a split begins when no state says otherwise. */
  readonly startOffset?: (split: string) => number
  /** It never ends: a reader that has no split waits for one for ever (Flink: `Boundedness.CONTINUOUS_UNBOUNDED`). */
  readonly unbounded?: boolean
  /**
   * No checkpoint has its positions: a reader knows by itself that it reads its fixed share of the splits (`fixedShare`), and only the
   * other side how far, if anyone. What it is given after a restore are not all of its splits.
   */
  readonly withoutPositions?: boolean
  readonly reader: SourceReader<R, A>
}

/** The splits of a subtask where no enumerator gives them. */
export function fixedShare(
  splits: readonly string[],
  { subtask, parallelism }: Pick<OperatorContext, 'subtask' | 'parallelism'>,
): string[] {
  return splits.filter((_, index) => index % parallelism === subtask)
}

/** Flink: `SourceReader`. */
export interface SourceReader<R, A> {
  open(context: OperatorContext): R
  addSplits(state: R, splits: readonly SplitState[], context: OperatorContext): void
  /** No more splits will come: a bounded source ends when those it has are read. */
  noMoreSplits(state: R, context: OperatorContext): void
  /** Emits at most one record through `emit` and moves its split's offset behind it, in the same step. */
  poll(
    state: R,
    emit: (split: string, offset: number, record: Omit<StreamRecord, 'id'>, key?: string) => void,
    context: OperatorContext,
  ): PollResult
  snapshot(state: R, checkpoint: number): readonly SplitState[]
  notifyComplete?(state: R, checkpoint: number, context: OperatorContext): void
  answer(state: R, answer: A | ConnectionLost, context: OperatorContext): void
  woken?(state: R, name: string, context: OperatorContext): void
  /** The failure that it met; absent where it meets none. */
  failure?(state: R): Failure
  close?(state: R, reason: CloseReason, context: OperatorContext): void
}
