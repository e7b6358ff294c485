/**
 * A source that acknowledges what a completed checkpoint covers (Flink: `RMQSource` without correlation ids, `PubSubSource`;
 * `MultipleIdsMessageAcknowledgingSourceBase`). Its position is the queue's and not in a checkpoint: what a checkpoint covers and was
 * not acknowledged when the job failed is delivered and counted again. Without checkpoints nothing is ever acknowledged, as if it were an
 * iterator (`FromIteratorFunction`); a real consumer acknowledges on delivery then, which is a socket.
 */
import type { OperatorContext } from '../engine/operator.js'
import { fixedShare, type Source } from '../engine/source.js'
import type { MessageQueue, QueueAnswer } from '../systems/index.js'
import { connected, pollConnections, take, type Connection, type Handout } from './connections.js'
import type { Content } from './content.js'
import { startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

/** Options of a queue source. */
export interface QueueSourceOptions {
  readonly server: MessageQueue
  /** A subtask consumes the queues of its share. */
  readonly queues: readonly string[]
  /** The key of a record, for the history. */
  readonly content: Content
  readonly pace?: Pace
}

/** State of a reader. Nothing of it is part of a checkpoint but the ends of queues. */
export interface QueueReader {
  readonly connections: readonly ConsumedQueue[]
  readonly pace: PaceState
  failure: string | undefined
}

interface ConsumedQueue extends Connection {
  /** Offset of the newest message that came, -1 for none. */
  newest: number
  /** Where each checkpoint stands that is not known to be complete, in their order. */
  pending: readonly { readonly checkpoint: number; readonly upTo: number }[]
}

/** Messages that one answer brings at most. */
const BATCH = 5
/** Name of the wake-up that asks again, and the pause before it, µs. */
const RETRY = 'receive-again'
const RETRY_US = 50_000

/** Builds a queue source. */
export function queueSource({ server, queues, content, pace }: QueueSourceOptions): Source<QueueReader, QueueAnswer> {
  const handout: Handout<ConsumedQueue> = {
    content,
    pace,
    ask(consumed, context) {
      const { stream: queue, newest: after } = consumed
      context.call(server, { kind: 'receive', caller: context.caller<QueueAnswer>(), queue, after, max: BATCH })
    },
  }

  function acknowledge(consumed: ConsumedQueue, checkpoint: number, context: OperatorContext): void {
    const { stream: queue, pending } = consumed
    const upTo = pending.findLast((position) => position.checkpoint <= checkpoint)?.upTo ?? 0
    consumed.pending = pending.filter((position) => position.checkpoint > checkpoint)
    if (upTo > 0) context.call(server, { kind: 'acknowledge', caller: context.caller<QueueAnswer>(), queue, upTo })
  }

  return {
    splits: queues,
    withoutPositions: true,
    reader: {
      open(context) {
        const connections = fixedShare(queues, context).map((queue) => ({ ...connected(queue), newest: -1, pending: [] }))
        return { connections, pace: startPace(pace), failure: undefined }
      },
      // What is restored is the end of a queue.
      addSplits(state, splits) {
        for (const { split, offset } of splits) if (offset > 0) stayAtEnd(state, split, offset)
      },
      noMoreSplits() {
        // It has its share already.
      },
      poll: (state, emit, context) => pollConnections(state, handout, emit, context),
      snapshot(state, checkpoint) {
        for (const consumed of state.connections) consumed.pending = [...consumed.pending, { checkpoint, upTo: nextOf(consumed) }]
        // Whoever has come to the end is not given anything again.
        return state.connections.filter(isAtEnd).map((consumed) => ({ split: consumed.stream, offset: nextOf(consumed) }))
      },
      notifyComplete(state, checkpoint, context) {
        for (const consumed of state.connections) acknowledge(consumed, checkpoint, context)
      },
      answer(state, answer, context) {
        if ('kind' in answer) context.wakeAfter(RETRY, RETRY_US)
        else if (answer.type === 'delivered') delivered(state, answer)
        else if (answer.type !== 'acknowledged') refused(state, answer, context)
      },
      woken(state, name) {
        if (name === RETRY) for (const consumed of state.connections) consumed.waiting = false
        else wokenPaced(state.pace, pace, name)
      },
      failure: (state) => state.failure,
    },
  }
}

/** All of it was handed out. */
function isAtEnd({ end, received }: ConsumedQueue): boolean {
  return end && received.length === 0
}

/** Offset behind the newest message that was handed out. */
function nextOf({ received, newest }: ConsumedQueue): number {
  return received[0]?.offset ?? newest + 1
}

function stayAtEnd(state: QueueReader, queue: string, offset: number): void {
  const consumed = state.connections.find(({ stream }) => stream === queue)
  if (consumed === undefined) return
  consumed.end = true
  consumed.newest = offset - 1
}

function delivered(state: QueueReader, answer: Extract<QueueAnswer, { readonly type: 'delivered' }>): void {
  const consumed = state.connections.find(({ stream }) => stream === answer.queue)
  // An answer to a request that was repeated comes twice; the second one is old, also when more has been asked for meanwhile.
  if (consumed === undefined || answer.offset <= consumed.newest) return
  take(consumed, answer)
  consumed.newest = answer.offset + answer.records.length - 1
}

/**
 * An acknowledgement that is answered badly fails the task, as an exception in `notifyCheckpointComplete` does; one that is never
 * answered, because the server is gone, is made up for by the next one. Other requests are repeated.
 */
function refused(
  state: QueueReader,
  { request, queue }: Extract<QueueAnswer, { readonly request: string }>,
  context: OperatorContext,
): void {
  if (request === 'acknowledge') state.failure = `${queue}: messages could not be acknowledged`
  else context.wakeAfter(RETRY, RETRY_US)
}
