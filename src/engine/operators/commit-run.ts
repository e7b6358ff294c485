/** The order in which committables are published (Flink: `CommitterOperator.commitAndEmit`, `CheckpointCommittableManagerImpl.commit`). */
import { refusePromise } from '../../world/index.js'
import type { Failure, OperatorContext } from '../operator.js'
import type { Value } from '../record.js'
import type { Committer, CommitSignal } from '../sink.js'
import { incompleteSubtask, pendingRequests, type CommitRequest, type CommittableCollector } from './committable-collector.js'

/** Pause before another round of what a committer wants to try later, µs (Flink tries again at once, within the blocking call). */
const RETRY_DELAY_US = 1_000

/** The wake-up that begins another round. */
export const RETRY_TIMER = 'commit-retry'

/** State of a committer operator; K is the committer's own. */
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

/** Publishes committables one after the other: a checkpoint whole before the next one, what is to be retried in a round of its own. */
export class CommitRun<K, B> {
  constructor(
    private readonly committer: Committer<K, Value, B>,
    private readonly retries: number,
  ) {}

  /** Begins, up to a checkpoint. Until it is through, its task does nothing else. */
  upTo(state: CommitterState<K>, checkpoint: number, context: OperatorContext): void {
    state.upTo = Math.max(state.upTo, checkpoint)
    this.advance(state, context)
  }

  /** What the history calls a committable. */
  nameOf(committable: Value, { vertex }: OperatorContext): string {
    return refusePromise(this.committer.nameOf(committable), vertex)
  }

  /** Ends the request that is running, if there is a signal. */
  take(state: CommitterState<K>, signal: CommitSignal | undefined, context: OperatorContext): void {
    const request = state.running ? firstOfRound(state) : undefined
    if (signal === undefined || request === undefined) return
    state.running = false
    if (signal === 'committed') context.reach('sink.commit.applied')
    switch (signal) {
      case 'retry-later':
        request.tries++
        break
      case 'failed-with-unknown-reason':
        state.failure = `commit of ${this.nameOf(request.committable, context)} failed`
        return
      case 'committed':
      case 'already-committed':
      case 'failed-with-known-reason':
        // A known reason: the data is lost and nothing can be done; Flink logs it and goes on.
        request.done = true
    }
    this.advance(state, context)
  }

  /** The pause is over. */
  nextRound(state: CommitterState<K>, context: OperatorContext): void {
    state.waiting = false
    this.advance(state, context)
  }

  /** Begins the next request that is due, or finds that none is left. */
  private advance(state: CommitterState<K>, context: OperatorContext): void {
    for (let due = state.collector[0]; due !== undefined && due.checkpoint <= state.upTo; due = state.collector[0]) {
      const incomplete = incompleteSubtask(due)
      if (incomplete !== undefined) {
        const { subtask, announced, requests } = incomplete
        state.failure = `checkpoint ${due.checkpoint}: ${requests.length} of ${announced} committables of writer ${subtask} have arrived`
        return
      }
      const request = firstOfRound(state)
      if (request !== undefined) {
        this.begin(state, request, context)
        return
      }
      const left = pendingRequests(due).length
      if (left > 0) {
        this.retryLater(state, left, context)
        return
      }
      state.collector.shift()
      state.round = 0
    }
    state.upTo = 0
  }

  private begin(state: CommitterState<K>, request: CommitRequest, context: OperatorContext): void {
    if (context.fails('sink.commit')) {
      state.failure = 'exception in commit'
      return
    }
    state.running = true
    const { vertex, subtask, attempt } = context
    const transaction = this.nameOf(request.committable, context)
    context.record?.({ kind: 'commit-requested', transaction, retries: request.tries, vertex, subtask, attempt })
    refusePromise(this.committer.commit(state.committer, request.committable, request.tries, context), context.vertex)
    context.reach('sink.commit.sent')
  }

  private retryLater(state: CommitterState<K>, left: number, context: OperatorContext): void {
    if (state.round >= this.retries) {
      state.failure = `failed to commit ${left} committables after ${this.retries} retries`
      return
    }
    state.round++
    state.waiting = true
    context.wakeAfter(RETRY_TIMER, RETRY_DELAY_US)
  }
}

/** The request that the round is at. Those that are to be retried have been tried once more and wait for the next round. */
function firstOfRound({ collector, round }: Pick<CommitterState<unknown>, 'collector' | 'round'>): CommitRequest | undefined {
  const [due] = collector
  return due && pendingRequests(due).find(({ tries }) => tries === round)
}
