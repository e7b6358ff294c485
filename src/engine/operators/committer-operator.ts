/**
 * The committer side of a two-phase sink as an operator (Flink: `CommitterOperator`). It keeps what writers prepared until the
 * checkpoint that covers it is complete, then publishes it, one checkpoint after the other.
 */
import type { Failure, OperatorContext, StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import type { Committer, CommitSignal } from '../sink.js'
import {
  collect,
  incompleteSubtask,
  pendingRequests,
  readCollector,
  writeCollector,
  type CommitRequest,
  type CommittableCollector,
} from './committable-collector.js'
import { readCommittableMessage } from './committable-message.js'
import { restoredEntries } from './operator-state.js'

/** Name of the list state; its entries have a member `name`, by which the history calls them. */
export const COMMITTABLES_STATE = 'committables'

/** Pause before another round of what a committer wants to try later, µs (Flink tries again at once, within the blocking call). */
const RETRY_DELAY_US = 1_000
const RETRY_TIMER = 'commit-retry'
/** Without checkpoints everything is committed at the end of input, whatever its id. */
const EVERY_CHECKPOINT = Number.MAX_SAFE_INTEGER

/** State of the operator; K is the committer's own. */
export interface CommitterState<K> {
  readonly committer: K
  readonly collector: CommittableCollector
  /** Checkpoints up to this one are being committed; 0 when nothing is. */
  upTo: number
  /** Round of tries of the checkpoint that is being committed. */
  round: number
  /** The committer works on the first pending request of the round. */
  running: boolean
  /** Waits for the next round. */
  waiting: boolean
  failure: Failure
}

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

  function commitUpTo(state: CommitterState<K>, checkpoint: number, context: OperatorContext): void {
    state.upTo = Math.max(state.upTo, checkpoint)
    if (!state.running && !state.waiting) advance(state, context)
  }

  /** Begins the next request that is due: an id is committed whole before the next one begins. */
  function advance(state: CommitterState<K>, context: OperatorContext): void {
    for (let due = state.collector[0]; due !== undefined && due.checkpoint <= state.upTo; due = state.collector[0]) {
      const incomplete = incompleteSubtask(due)
      if (incomplete !== undefined) {
        const { subtask, announced, requests } = incomplete
        state.failure = `checkpoint ${due.checkpoint}: ${requests.length} of ${announced} committables of writer ${subtask} have arrived`
        return
      }
      const pending = pendingRequests(due)
      const request = pending.find(({ tries }) => tries === state.round)
      if (request !== undefined) {
        begin(state, request, context)
        return
      }
      if (pending.length > 0) {
        retryLater(state, pending.length, context)
        return
      }
      state.collector.shift()
      state.round = 0
    }
    state.upTo = 0
  }

  function begin(state: CommitterState<K>, request: CommitRequest, context: OperatorContext): void {
    if (context.fails('sink.commit')) {
      state.failure = 'exception in commit'
      return
    }
    state.running = true
    committer.commit(state.committer, request.committable, request.tries, context)
  }

  function retryLater(state: CommitterState<K>, left: number, context: OperatorContext): void {
    if (state.round >= options.retries) {
      state.failure = `failed to commit ${left} committables after ${options.retries} retries`
      return
    }
    state.round++
    state.waiting = true
    context.wakeAfter(RETRY_TIMER, RETRY_DELAY_US)
  }

  function take(state: CommitterState<K>, signal: CommitSignal | undefined, context: OperatorContext): void {
    const due = state.collector[0]
    const request = due && pendingRequests(due).find(({ tries }) => tries === state.round)
    if (!state.running || signal === undefined || request === undefined) return
    state.running = false
    switch (signal) {
      case 'retry-later':
        request.tries++
        break
      case 'failed-with-unknown-reason':
        state.failure = `commit of ${committer.nameOf(request.committable)} failed`
        return
      case 'committed':
      case 'already-committed':
      case 'failed-with-known-reason':
        // A known reason: the data is lost and nothing can be done; Flink logs it and goes on.
        request.done = true
    }
    advance(state, context)
  }

  return {
    open(context, restored) {
      const collector = readCollector(restoredEntries(restored, COMMITTABLES_STATE))
      const opened = committer.open(context)
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
      commitUpTo(state, context.restored ?? 0, context)
      return state
    },
    busy: (state) => state.running || state.waiting,
    failure: (state) => state.failure,
    process(state, record) {
      collect(state.collector, readCommittableMessage(record.value))
    },
    snapshot(state) {
      const entries = writeCollector(state.collector, (committable) => committer.nameOf(committable))
      return { lists: [{ name: COMMITTABLES_STATE, mode: 'SPLIT', entries }] }
    },
    notifyComplete(state, checkpoint, context) {
      commitUpTo(state, checkpoint, context)
    },
    finish(state, context) {
      if (!options.checkpointing) commitUpTo(state, EVERY_CHECKPOINT, context)
    },
    answer(state, answer, context) {
      take(state, committer.answer(state.committer, answer, context), context)
    },
    woken(state, name, context) {
      if (name === RETRY_TIMER) {
        state.waiting = false
        advance(state, context)
      } else {
        take(state, committer.woken?.(state.committer, name, context), context)
      }
    },
    close: (state, reason, context) => committer.close?.(state.committer, reason, context),
  }
}
