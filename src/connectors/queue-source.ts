/**
 * A source that acknowledges what a completed checkpoint covers (Flink: `RMQSource` without correlation ids, `PubSubSource`;
 * `MultipleIdsMessageAcknowledgingSourceBase`). Its position is the queue's and not in a checkpoint: what a checkpoint covers and was
 * not acknowledged when the job failed is delivered and counted again. Without checkpoints nothing is ever acknowledged, as if it were an
 * iterator (`FromIteratorFunction`); a real consumer acknowledges on delivery then, which is a socket.
 */
import type { OperatorContext } from '../engine/operator.js'
import type { Source } from '../engine/source.js'
import type { MessageQueue, QueueAnswer, StoredRecord } from '../systems/index.js'
import type { Content } from './content.js'
import { recordPaced, startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

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
  readonly consumed: ConsumedQueue[]
  readonly pace: PaceState
  failure: string | undefined
}

interface ConsumedQueue {
  readonly queue: string
  waiting: boolean
  end: boolean
  /** Offset of the newest message that came, -1 for none. */
  newest: number
  /** Messages that were not handed out. */
  received: readonly { readonly offset: number; readonly record: StoredRecord }[]
  /** Behind the newest message that was handed out. */
  next: number
  /** Where each checkpoint stands that is not known to be complete, in their order. */
  pending: { readonly checkpoint: number; readonly upTo: number }[]
}

/** Messages that one answer brings at most. */
const BATCH = 5
/** Name of the wake-up that asks again, and the pause before it, µs. */
const RETRY = 'receive-again'
const RETRY_US = 50_000

/** Builds a queue source. */
export function queueSource({ server, queues, content, pace }: QueueSourceOptions): Source<QueueReader, QueueAnswer> {
  function receive(consumed: ConsumedQueue, context: OperatorContext): void {
    consumed.waiting = true
    const { queue, newest: after } = consumed
    context.call(server, { kind: 'receive', caller: context.caller<QueueAnswer>(), queue, after, max: BATCH })
  }

  return {
    splits: queues,
    reader: {
      open(context) {
        const mine = queues.filter((_, index) => index % context.parallelism === context.subtask)
        return { consumed: mine.map(consumedFromTheStart), pace: startPace(pace), failure: undefined }
      },
      // The share of a subtask is fixed: these sources have no enumerator. What is restored is the end of a queue.
      addSplits(state, splits) {
        for (const { split, offset } of splits) if (offset > 0) stayAtEnd(state, split, offset)
      },
      noMoreSplits() {
        // As above.
      },
      poll(state, emit, context) {
        if (state.pace.left === 0) return 'nothing'
        const ready = state.consumed.find(({ received }) => received.length > 0)
        const [first] = ready?.received ?? []
        if (ready === undefined || first === undefined) {
          for (const consumed of state.consumed) if (!consumed.waiting && !consumed.end) receive(consumed, context)
          return state.consumed.every(isAtEnd) ? 'end' : 'nothing'
        }
        const { offset, record } = first
        ready.received = ready.received.slice(1)
        ready.next = offset + 1
        emit(ready.queue, offset, { value: record.value, timestamp: record.timestamp }, content(ready.queue, offset).key)
        recordPaced(state.pace, pace, context)
        return 'record'
      },
      snapshot(state, checkpoint) {
        for (const { pending, next: upTo } of state.consumed) pending.push({ checkpoint, upTo })
        return state.consumed.filter(isAtEnd).map(({ queue, next }) => ({ split: queue, offset: next }))
      },
      notifyComplete(state, checkpoint, context) {
        for (const consumed of state.consumed) {
          const covered = consumed.pending.findLast((pending) => pending.checkpoint <= checkpoint)
          consumed.pending = consumed.pending.filter((pending) => pending.checkpoint > checkpoint)
          if (covered === undefined || covered.upTo === 0) continue
          const { queue } = consumed
          context.call(server, { kind: 'acknowledge', caller: context.caller<QueueAnswer>(), queue, upTo: covered.upTo })
        }
      },
      answer(state, answer, context) {
        if ('kind' in answer) context.wakeAfter(RETRY, RETRY_US)
        else if (answer.type === 'delivered') delivered(state, answer)
        else if (answer.type !== 'acknowledged') refused(state, answer, context)
      },
      woken(state, name) {
        if (name === RETRY) for (const consumed of state.consumed) consumed.waiting = false
        else wokenPaced(state.pace, pace, name)
      },
      failure: (state) => state.failure,
    },
  }
}

function consumedFromTheStart(queue: string): ConsumedQueue {
  return { queue, waiting: false, end: false, newest: -1, received: [], next: 0, pending: [] }
}

/** Real queues have no end. Those here have one, so that a run has, and whoever has come to it is not given anything again. */
function isAtEnd({ end, received }: ConsumedQueue): boolean {
  return end && received.length === 0
}

function stayAtEnd(state: QueueReader, queue: string, offset: number): void {
  const consumed = state.consumed.find((candidate) => candidate.queue === queue)
  if (consumed === undefined) return
  consumed.end = true
  consumed.next = offset
  consumed.newest = offset - 1
}

function delivered(state: QueueReader, answer: Extract<QueueAnswer, { readonly type: 'delivered' }>): void {
  const consumed = state.consumed.find(({ queue }) => queue === answer.queue)
  // An answer to a request that was repeated comes twice; the second one is old.
  if (consumed?.waiting !== true || answer.offset <= consumed.newest) return
  const received = answer.records.map((record, index) => ({ offset: answer.offset + index, record }))
  consumed.waiting = false
  consumed.received = [...consumed.received, ...received]
  consumed.newest = answer.offset + received.length - 1
  consumed.end = answer.end
}

/** An acknowledgement that failed fails the task, as an exception in `notifyCheckpointComplete` does; other requests are repeated. */
function refused(
  state: QueueReader,
  { request, queue }: Extract<QueueAnswer, { readonly request: string }>,
  context: OperatorContext,
): void {
  if (request === 'acknowledge') state.failure = `${queue}: messages could not be acknowledged`
  else context.wakeAfter(RETRY, RETRY_US)
}
