/**
 * The writer side of a sink as an operator (Flink: `SinkWriterOperator`, Sink V2). Before the barrier of a checkpoint goes on, the
 * writer is flushed and what the checkpoint's completion will publish is sent to the committer.
 *
 * The last committables are sent at the end of input under the id after the last one known, as Flink does since 2.1: an id that
 * any later checkpoint covers, and none before (earlier versions used `Long.MAX_VALUE`, with which a committer published too early).
 */
import { copyPlain, refusePromise } from '../../world/index.js'
import type { Failure, OperatorContext, StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import type { Sink } from '../sink.js'
import { committableRecords } from './committable-message.js'
import { restoredEntries } from './operator-state.js'

/** Name of the list state that a connector's writer fills. */
export const WRITER_STATE = 'writer'

/** Name of the list state that tells whether the end of input was seen; only in sinks that support a committer. */
export const END_OF_INPUT_STATE = 'end-of-input'

/** State of the operator; W is the writer's own. */
export interface SinkWriterState<W> {
  readonly writer: W
  /** The checkpoint whose flush is under way; its committables follow. */
  flushing: number | null
  /** Id of the newest checkpoint this subtask has taken part in, or was restored from. */
  lastKnownCheckpoint: number
  /** The last committables were sent: nothing is written any more, and a restart must not send them again. */
  endOfInput: boolean
  /** A record came all the same. */
  endedTooEarly: boolean
}

/** Drives a connector's writer. A sink without a committer is flushed only. */
export function sinkWriterOperator<W, C extends Value, A, K, B>(
  sink: Sink<W, C, A, K, B>,
  ordinal: number,
): StreamOperator<SinkWriterState<W>, A> {
  const { writer, committer } = sink
  /** Otherwise a restored writer goes on as if nothing had ended: it has no last committables to send twice. */
  const remembersEnd = committer !== undefined || sink.supportsCommitter === true

  function isBusy(state: SinkWriterState<W>): boolean {
    return refusePromise(writer.busy(state.writer), 'busy of a sink writer')
  }

  function failureOf(state: SinkWriterState<W>): Failure {
    return refusePromise(writer.failure(state.writer), 'failure of a sink writer')
  }

  function flush(state: SinkWriterState<W>, checkpoint: number, endOfInput: boolean, context: OperatorContext): void {
    state.flushing = checkpoint
    refusePromise(writer.flush(state.writer, endOfInput, context), context.vertex)
    emitWhenFlushed(state, context)
  }

  /** The flush blocks the task's thread until the outside world has answered; then the committables leave. */
  function emitWhenFlushed(state: SinkWriterState<W>, context: OperatorContext): void {
    const checkpoint = state.flushing
    if (checkpoint === null || isBusy(state) || failureOf(state) !== undefined) return
    state.flushing = null
    if (committer === undefined) return
    context.reach('sink.precommit.persisted')
    const committables = refusePromise(writer.prepareCommit(state.writer, checkpoint, context), context.vertex)
    for (const record of committableRecords(checkpoint, context.subtask, committables, ordinal)) context.emit(record)
  }

  return {
    open(context, restored) {
      const ends = restoredEntries(restored, END_OF_INPUT_STATE)
      return {
        writer: refusePromise(writer.open(context, copyPlain(restoredEntries(restored, WRITER_STATE))), context.vertex),
        flushing: null,
        lastKnownCheckpoint: context.restored ?? 0,
        // After rescaling there may be several entries: one that had not ended means there is more to come.
        endOfInput: remembersEnd && ends.length > 0 && ends.every((end) => end === true),
        endedTooEarly: false,
      }
    },
    busy: (state) => state.flushing !== null || isBusy(state),
    failure: (state) => (state.endedTooEarly ? 'received element after endOfInput' : failureOf(state)),
    process(state, record, _input, context) {
      // It would be written and never published. In at-least-once mode a task may finish before the last barrier of a checkpoint comes,
      // and be restored as finished although its sources go on.
      if (state.endOfInput) state.endedTooEarly = true
      else refusePromise(writer.write(state.writer, record, context), context.vertex)
    },
    prepareSnapshot(state, checkpoint, context) {
      state.lastKnownCheckpoint = checkpoint
      if (!state.endOfInput) flush(state, checkpoint, false, context)
    },
    snapshot(state, checkpoint, context) {
      // A connector goes on with its objects; the checkpoint has its own (Flink: `SimpleVersionedListState`, which serializes them).
      const entries = copyPlain(refusePromise(writer.snapshot(state.writer, checkpoint, context), context.vertex))
      const written = { name: WRITER_STATE, mode: 'SPLIT', entries } as const
      if (!remembersEnd) return { lists: [written] }
      return { lists: [written, { name: END_OF_INPUT_STATE, mode: 'SPLIT', entries: [state.endOfInput] }] }
    },
    finish(state, context) {
      if (state.endOfInput) return
      state.endOfInput = true
      flush(state, state.lastKnownCheckpoint + 1, true, context)
    },
    answer(state, answer, context) {
      refusePromise(writer.answer(state.writer, answer, context), context.vertex)
      emitWhenFlushed(state, context)
    },
    woken(state, name, context) {
      refusePromise(writer.woken?.(state.writer, name, context), context.vertex)
      emitWhenFlushed(state, context)
    },
    close(state, reason, context) {
      refusePromise(writer.close?.(state.writer, reason, context), context.vertex)
    },
  }
}
