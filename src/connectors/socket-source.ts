/**
 * A source that cannot go back (Flink: `SocketTextStreamFunction`): it has no position to restore, and after a restart goes on with
 * what the server sends next. What was read and not covered by the restored checkpoint is lost.
 */
import type { OperatorContext } from '../engine/operator.js'
import type { Source } from '../engine/source.js'
import type { SocketAnswer, SocketServer, StoredRecord } from '../systems/index.js'
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
  waiting: boolean
  end: boolean
  /** With their offsets: there may be a gap where an answer was lost. */
  received: readonly { readonly offset: number; readonly record: StoredRecord }[]
}

/** Records that one answer brings. */
const BATCH = 5
/** Name of the wake-up that connects again, and the pause before it, µs. */
const RECONNECT = 'reconnect'
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
          connections: mine.map((stream) => ({ stream, waiting: false, end: false, received: [] })),
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
        const [first] = ready?.received ?? []
        if (ready === undefined || first === undefined) {
          for (const connection of state.connections) if (!connection.waiting && !connection.end) ask(connection, context)
          return state.connections.every(({ end }) => end) ? 'end' : 'nothing'
        }
        ready.received = ready.received.slice(1)
        const { offset, record } = first
        emit(ready.stream, offset, { value: record.value, timestamp: record.timestamp }, content(ready.stream, offset).key)
        recordPaced(state.pace, pace, context)
        return 'record'
      },
      snapshot: () => [],
      answer(state, answer, context) {
        if ('kind' in answer || answer.type !== 'sent') {
          // It goes on waiting for what does not come, until it connects again.
          context.wakeAfter(RECONNECT, RECONNECT_US)
          return
        }
        const connection = state.connections.find(({ stream }) => stream === answer.stream)
        if (connection === undefined) return
        connection.waiting = false
        const received = answer.records.map((record, index) => ({ offset: answer.offset + index, record }))
        connection.received = [...connection.received, ...received]
        connection.end = answer.end
      },
      woken(state, name) {
        if (name === RECONNECT) for (const connection of state.connections) connection.waiting = false
        else wokenPaced(state.pace, pace, name)
      },
    },
  }
}
