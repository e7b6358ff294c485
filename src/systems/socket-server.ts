/**
 * A server that sends each record once (documented for Flink's socket source: at most once). Whoever connects gets what comes next;
 * what it has sent is gone, whether or not it was processed, or got there at all.
 */
import { hashPlain, type ActorRef, type Behavior, type Caller } from '../world/index.js'
import { isAnswered, takesEffect } from './outcome.js'
import type { StoredRecord } from './stored-record.js'

/** Asks for the next records of a stream. */
export interface TakeNext {
  readonly kind: 'take-next'
  readonly caller: Caller<SocketAnswer>
  readonly stream: string
  readonly max: number
}

/**
 * What was sent: records from `offset` on; `end` when nothing will follow. `refused`: nothing was sent, or there is no such stream.
 * `timeout`: nobody knows; what was sent is gone.
 */
export type SocketAnswer =
  | {
      readonly type: 'sent'
      readonly stream: string
      readonly offset: number
      readonly records: readonly StoredRecord[]
      readonly end: boolean
    }
  | { readonly type: 'refused' | 'timeout'; readonly stream: string }

/** What the server has, and how far each stream was sent. The records are never changed. */
export interface SocketServerState {
  readonly streams: readonly { readonly name: string; readonly records: readonly StoredRecord[]; sent: number }[]
}

/** Lane on which it answers: in order, as a connection does. */
const ANSWER_LANE = 0

export const socketServer: Behavior<null, SocketServerState, TakeNext> = {
  kind: 'socket-server',
  start: () => null,
  digest: (message) => hashPlain(message, 0x50c4e7),
  receive({ durable }, message, context) {
    if (message.kind !== 'take-next') return
    const { caller, stream, max } = message
    const outcome = context.outcome('socket.take')
    const result: SocketAnswer = takesEffect(outcome) ? send(durable, stream, max) : { type: 'refused', stream }
    const answer: SocketAnswer = isAnswered(outcome) ? result : { type: 'timeout', stream }
    context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer }, ANSWER_LANE)
  },
}

function send({ streams }: SocketServerState, name: string, max: number): SocketAnswer {
  const stream = streams.find((candidate) => candidate.name === name)
  if (stream === undefined) return { type: 'refused', stream: name }
  const offset = stream.sent
  stream.sent = Math.min(offset + max, stream.records.length)
  return {
    type: 'sent',
    stream: name,
    offset,
    records: stream.records.slice(offset, stream.sent),
    end: stream.sent === stream.records.length,
  }
}

/** Address of a server. */
export type SocketServer = ActorRef<TakeNext>
