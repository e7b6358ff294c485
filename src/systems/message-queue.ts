/**
 * Queues that deliver each message until it is acknowledged (RabbitMQ, Pub/Sub): there is no going back behind an acknowledgement, and
 * whoever consumes a queue anew gets all that was not acknowledged again, processed or not. A queue has one consumer at a time, which
 * acknowledges in order.
 */
import { hashPlain, type ActorRef, type Behavior, type Caller } from '../world/index.js'
import { isAnswered, takesEffect } from './outcome.js'
import type { StoredRecord } from './stored-record.js'

/** Asks for messages of a queue behind those that this consumer has got; `after` is the offset of its newest one, -1 for none. */
interface Receive {
  readonly kind: 'receive'
  readonly caller: Caller<QueueAnswer>
  readonly queue: string
  readonly after: number
  readonly max: number
}

/** Says that all messages before `upTo` were processed: they are gone. Repeated or late, it changes nothing. */
interface Acknowledge {
  readonly kind: 'acknowledge'
  readonly caller: Caller<QueueAnswer>
  readonly queue: string
  readonly upTo: number
}

/** What a message queue is asked. */
export type QueueRequest = Receive | Acknowledge

/**
 * Messages from `offset` on, `end` when none will follow; or the acknowledgement was taken. `refused`: nothing happened, or there is no
 * such queue. `timeout`: nobody knows.
 */
export type QueueAnswer =
  | {
      readonly type: 'delivered'
      readonly queue: string
      readonly offset: number
      readonly records: readonly StoredRecord[]
      readonly end: boolean
    }
  | { readonly type: 'acknowledged'; readonly queue: string }
  | { readonly type: 'refused' | 'timeout'; readonly request: QueueRequest['kind']; readonly queue: string }

/** The queues; of each all messages, and how many of the first ones are gone. The messages are never changed. */
export interface MessageQueueState {
  readonly queues: readonly Queue[]
}

interface Queue {
  readonly name: string
  readonly records: readonly StoredRecord[]
  acknowledged: number
}

/** Lane on which it answers: in order, as a connection does. */
const ANSWER_LANE = 0

export const messageQueue: Behavior<null, MessageQueueState, QueueRequest> = {
  kind: 'message-queue',
  start: () => null,
  digest: (message) => hashPlain(message, 0x9ae0e5),
  receive({ durable }, message, context) {
    if (message.kind !== 'receive' && message.kind !== 'acknowledge') return
    const { kind: request, queue: name, caller } = message
    const outcome = context.outcome(request === 'receive' ? 'queue.receive' : 'queue.acknowledge')
    const queue = durable.queues.find((candidate) => candidate.name === name)
    const refused: QueueAnswer = { type: 'refused', request, queue: name }
    const result = queue !== undefined && takesEffect(outcome) ? apply(queue, message) : refused
    const answer: QueueAnswer = isAnswered(outcome) ? result : { type: 'timeout', request, queue: name }
    context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer }, ANSWER_LANE)
  },
}

function apply(queue: Queue, message: QueueRequest): QueueAnswer {
  const { name, records } = queue
  if (message.kind === 'acknowledge') {
    queue.acknowledged = Math.max(queue.acknowledged, message.upTo)
    return { type: 'acknowledged', queue: name }
  }
  const offset = Math.max(queue.acknowledged, message.after + 1)
  const end = offset + message.max
  return { type: 'delivered', queue: name, offset, records: records.slice(offset, end), end: end >= records.length }
}

/** Address of message queues. */
export type MessageQueue = ActorRef<QueueRequest>
