/**
 * A source that cannot go back (Flink: `SocketTextStreamFunction`): it has no position to restore, and after a restart goes on with
 * what the server sends next. What was read and not covered by the restored checkpoint is lost.
 */
import { fixedShare, type Source } from '../engine/source.js'
import type { SocketAnswer, SocketServer } from '../systems/index.js'
import { connected, pollConnections, take, type Connection, type Handout } from './connections.js'
import type { Content } from './content.js'
import { startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

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
  readonly connections: readonly Connection[]
  readonly pace: PaceState
}

/** Records that one answer brings. */
const BATCH = 5
/** Name of the wake-up that connects again, and the pause before it, µs. */
const RECONNECT = 'reconnect'
const RECONNECT_US = 50_000

/** Builds a socket source. */
export function socketSource({ server, streams, content, pace }: SocketSourceOptions): Source<SocketReader, SocketAnswer> {
  const handout: Handout<Connection> = {
    content,
    pace,
    ask(connection, context) {
      context.call(server, { kind: 'take-next', caller: context.caller<SocketAnswer>(), stream: connection.stream, max: BATCH })
    },
  }
  return {
    splits: streams,
    withoutPositions: true,
    reader: {
      open: (context) => ({ connections: fixedShare(streams, context).map(connected), pace: startPace(pace) }),
      addSplits() {
        // It has its share already, and nothing to restore.
      },
      noMoreSplits() {
        // As above.
      },
      poll: (state, emit, context) => pollConnections(state, handout, emit, context),
      snapshot: () => [],
      answer(state, answer, context) {
        if ('kind' in answer || answer.type !== 'sent') {
          // It goes on waiting for what does not come, until it connects again.
          context.wakeAfter(RECONNECT, RECONNECT_US)
          return
        }
        const connection = state.connections.find(({ stream }) => stream === answer.stream)
        if (connection !== undefined) take(connection, answer)
      },
      woken(state, name) {
        if (name === RECONNECT) for (const connection of state.connections) connection.waiting = false
        else wokenPaced(state.pace, pace, name)
      },
    },
  }
}
