/**
 * What readers have in common whose position only the other side keeps, if anyone (sockets, message queues): a subtask has its fixed
 * share of the streams, without an enumerator, asks for what comes next, and hands out what came.
 */
import type { OperatorContext, PollResult } from '../engine/operator.js'
import type { SourceReader } from '../engine/source.js'
import type { StoredRecord } from '../systems/index.js'
import { contentAt, type Content } from './content.js'
import { recordPaced, type Pace, type PaceState } from './pace.js'

/** A stream that a reader is connected to. */
export interface Connection {
  readonly stream: string
  /** It was asked for more, and the answer has not come. */
  waiting: boolean
  /** Nothing will follow what was received. Real sockets and queues have no end; those here have one, so that a run has. */
  end: boolean
  /** What came and was not handed out. There may be a gap in the offsets where an answer was lost. */
  received: readonly { readonly offset: number; readonly record: StoredRecord }[]
}

/** Records of a stream from an offset on. */
export interface Delivery {
  readonly offset: number
  readonly records: readonly StoredRecord[]
  readonly end: boolean
}

/** How a reader asks for more and hands out. */
export interface Handout<C extends Connection> {
  /** Asks for what comes next on a connection. */
  readonly ask: (connection: C, context: OperatorContext) => void
  /** The key of a record, for the history. */
  readonly content: Content
  readonly pace: Pace | undefined
}

/** A connection before anything was asked. */
export function connected(stream: string): Connection {
  return { stream, waiting: false, end: false, received: [] }
}

/** Hands out the first record that came, or asks for more on all connections that do not wait for it already. */
export function pollConnections<C extends Connection, A>(
  { connections, pace: paced }: { readonly connections: readonly C[]; readonly pace: PaceState },
  { ask, content, pace }: Handout<C>,
  emit: Parameters<SourceReader<unknown, A>['poll']>[1],
  context: OperatorContext,
): PollResult {
  if (paced.left === 0) return 'nothing'
  const ready = connections.find(({ received }) => received.length > 0)
  const [first] = ready?.received ?? []
  if (ready === undefined || first === undefined) {
    for (const connection of connections) {
      if (connection.waiting || connection.end) continue
      connection.waiting = true
      ask(connection, context)
    }
    return connections.every(({ end }) => end) ? 'end' : 'nothing'
  }
  const { offset, record } = first
  ready.received = ready.received.slice(1)
  emit(ready.stream, offset, { value: record.value, timestamp: record.timestamp }, contentAt(content, ready.stream, offset).key)
  recordPaced(paced, pace, context)
  return 'record'
}

/** Takes what came on a connection in. */
export function take(connection: Connection, { offset, records, end }: Delivery): void {
  connection.waiting = false
  connection.received = [...connection.received, ...records.map((record, index) => ({ offset: offset + index, record }))]
  connection.end = end
}
