/**
 * A source that cannot go back (Flink: `SocketTextStreamFunction`): it has no position to restore, and after a restart goes on with
 * what the server sends next. What was read and not covered by the restored checkpoint is lost.
 */
import type { OperatorContext } from '../engine/operator.js'
import type { Source } from '../engine/source.js'
import type { SocketAnswer, SocketServer } from '../systems/index.js'
import type { Content } from './content.js'
import { recordPaced, startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

/** Options of a socket source. */
export interface SocketSourceOptions {
  readonly server: SocketServer
  /** Streams of the server; a subtask connects to those of its share. */
  readonly streams: readonly string[]
  /** The key of a record, for the history. */
  readonly content: Content
  readonly pace?: Pace
}

/** State of a reader: what it has received and not handed out. Nothing of it is part of a checkpoint. */
export interface SocketReader {
  readonly connections: Connection[]
  readonly pace: PaceState
}

interface Connection {
  readonly stream: string
  offset: number
  waiting: boolean
  end: boolean
  received: SocketAnswer['records']
}

/** Records that one answer brings. */
const BATCH = 5
/** Pause before it connects again, µs. */
const RECONNECT_US = 50_000

/** Builds a socket source. */
export function socketSource({ server, streams, content, pace }: SocketSourceOptions): Source<SocketReader, SocketAnswer> {
  function ask(connection: Connection, context: OperatorContext): void {
    connection.waiting = true
    context.call(server, { kind: 'take-next', caller: context.caller<SocketAnswer>(), stream: connection.stream, max: BATCH })
  }

  return {
    splits: streams,
    reader: {
      open(context) {
        const mine = streams.filter((_, index) => index % context.parallelism === context.subtask)
        return {
          connections: mine.map((stream) => ({ stream, offset: 0, waiting: false, end: false, received: [] })),
          pace: startPace(pace),
        }
      },
      addSplits() {
        // The share of a subtask is fixed: a socket has no enumerator.
      },
      noMoreSplits() {
        // As above.
      },
      poll(state, emit, context) {
        if (state.pace.left === 0) return 'nothing'
        const ready = state.connections.find(({ received }) => received.length > 0)
        const [record] = ready?.received ?? []
        if (ready === undefined || record === undefined) {
          for (const connection of state.connections) if (!connection.waiting && !connection.end) ask(connection, context)
          return state.connections.every(({ end }) => end) ? 'end' : 'nothing'
        }
        ready.received = ready.received.slice(1)
        const offset = ready.offset++
        emit(ready.stream, offset, { value: record.value, timestamp: record.timestamp }, content(ready.stream, offset).key)
        recordPaced(state.pace, pace, context)
        return 'record'
      },
      snapshot: () => [],
      answer(state, answer, context) {
        if ('kind' in answer) {
          for (const connection of state.connections) connection.waiting = false
          context.wakeAfter('reconnect', RECONNECT_US)
          return
        }
        const connection = state.connections.find(({ stream }) => stream === answer.stream)
        if (connection === undefined) return
        connection.waiting = false
        connection.received = [...connection.received, ...answer.records]
        if (connection.received.length === answer.records.length) connection.offset = answer.offset
        connection.end = answer.end
      },
      woken(state, name) {
        wokenPaced(state.pace, pace, name)
      },
      failure: () => undefined,
    },
  }
}
