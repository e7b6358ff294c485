/** Guards of sources and sinks, and of the systems outside. */
import type { Break } from './break.js'

const TWO_PHASE_SINK = 'src/connectors/two-phase-sink.ts'

export const connectorBreaks: readonly Break[] = [
  {
    id: 'flush-leaves-buffer',
    about: 'a flush does not write what is buffered',
    file: 'src/connectors/async-sink.ts',
    find: 'state.buffer.length >= maxBatchSize || (state.flushing && state.buffer.length > 0)',
    replace: 'state.buffer.length >= maxBatchSize',
    expected: ['progress'],
  },
  {
    id: 'transaction-name-reused',
    about: 'attempts of a writer use the same transaction names (FLINK-8132)',
    file: TWO_PHASE_SINK,
    find: '`t${String(where.subtask)}-${String(last + 1)}-${String(session)}`',
    replace: '`t${String(where.subtask)}-${String(last + 1)}`',
    expected: ['progress', 'commit-of-the-past', 'output-exactly-once', 'output-at-most-once'],
  },
  {
    id: 'lost-write-forgotten',
    about: 'an asynchronous write that was refused is not told (FLINK-35749)',
    file: TWO_PHASE_SINK,
    find: 'state.failure = `external store refused ${answer.transaction}: ${answer.reason}`\n      return',
    replace: 'return',
    expected: ['output-at-least-once'],
  },
  {
    id: 'written-without-flush',
    about: 'what is left in the buffer is not written before the pre-commit',
    file: TWO_PHASE_SINK,
    find: 'if (state.buffer.length >= batch || (state.flushing && state.buffer.length > 0)) sendWrite(state, context)',
    replace: 'if (state.buffer.length >= batch) sendWrite(state, context)',
    expected: ['output-at-least-once'],
  },
]
