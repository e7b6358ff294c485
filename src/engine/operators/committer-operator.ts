/**
 * The committer side of a two-phase sink as an operator (Flink: `CommitterOperator`). It keeps what writers prepared until the
 * checkpoint that covers it is complete, then publishes it. An aborted checkpoint changes nothing: what belongs to it is published
 * with the next one that completes.
 */
import { copyPlain, refusePromise } from '../../world/index.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import type { Committer } from '../sink.js'
import { CommitRun, RETRY_TIMER, type CommitterState } from './commit-run.js'
import { collect, readCollector, writeCollector } from './committable-collector.js'
import { readCommittableMessage } from './committable-message.js'
import { restoredEntries } from './operator-state.js'

/** Name of the list state; its entry lists committables with a member `name`, by which the history calls them. */
export const COMMITTABLES_STATE = 'committables'

/** Without checkpoints everything is committed at the end of input, whatever its id. */
const EVERY_CHECKPOINT = Number.MAX_SAFE_INTEGER

/** Settings of the job that concern a committer. */
export interface CommitterOptions {
  /** `sink.committer.retries`: extra rounds for what is to be retried later. */
  readonly retries: number
  /** Whether the job takes checkpoints. */
  readonly checkpointing: boolean
}

/** Drives a connector's committer. What it is given was made by the writer of the same sink, hence of type C. */
export function committerOperator<K, C extends Value, B>(
  sinkCommitter: Committer<K, C, B>,
  options: CommitterOptions,
): StreamOperator<CommitterState<K>, B> {
  const committer: Committer<K, Value, B> = sinkCommitter
  const run = new CommitRun(committer, options.retries)
  return {
    open(context, restored) {
      const collector = copyPlain(readCollector(restoredEntries(restored, COMMITTABLES_STATE)))
      const opened = refusePromise(committer.open(context), context.vertex)
      const state: CommitterState<K> = {
        committer: opened,
        collector,
        upTo: 0,
        round: 0,
        running: false,
        waiting: false,
        failure: undefined,
      }
      // The restored checkpoint is complete, although its completion may never have been told: publish before anything new is read.
      run.upTo(state, context.restored ?? 0, context)
      return state
    },
    busy: (state) => state.running || state.waiting,
    failure: (state) => state.failure,
    process(state, record) {
      state.failure ??= collect(state.collector, readCommittableMessage(record.value))
    },
    snapshot(state, _checkpoint, context) {
      const entry = copyPlain(writeCollector(state.collector, (committable) => run.nameOf(committable, context)))
      return { lists: [{ name: COMMITTABLES_STATE, mode: 'SPLIT', entries: [entry] }] }
    },
    notifyComplete(state, checkpoint, context) {
      run.upTo(state, checkpoint, context)
    },
    finish(state, context) {
      if (!options.checkpointing) run.upTo(state, EVERY_CHECKPOINT, context)
    },
    answer(state, answer, context) {
      run.take(state, refusePromise(committer.answer(state.committer, answer, context), context.vertex), context)
    },
    woken(state, name, context) {
      if (name === RETRY_TIMER) run.nextRound(state, context)
      else run.take(state, refusePromise(committer.woken?.(state.committer, name, context), context.vertex), context)
    },
    close(state, reason, context) {
      refusePromise(committer.close?.(state.committer, reason, context), context.vertex)
    },
  }
}
