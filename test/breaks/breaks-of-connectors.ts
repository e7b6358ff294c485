/** Guards of sources and sinks, and of the systems outside. */
import type { Break } from './break.js'

const EXACTLY_ONCE_KAFKA_WRITER = 'src/connectors/kafka/exactly-once-kafka-writer.ts'
const SPLIT_FETCHING = 'src/connectors/split-fetching.ts'
const TWO_PHASE_SINK = 'src/connectors/two-phase-sink.ts'
const PARTITION_LOG = 'src/systems/kafka/partition-log.ts'

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
    id: 'transaction-goes-on',
    about: 'a writer goes on in the transaction that it has handed to the committer (FLINK-8132)',
    file: EXACTLY_ONCE_KAFKA_WRITER,
    find: '      state.start.wanted = checkpoint + 1\n',
    replace: '',
    expected: ['no-write-after-pre-commit', 'commit-after-completion'],
  },
  {
    id: 'records-counted-on',
    about: 'records of the transaction before count in the next one',
    file: EXACTLY_ONCE_KAFKA_WRITER,
    find: '      state.records = 0\n',
    replace: '',
    expected: ['pre-commit-counts'],
  },
  {
    id: 'produce-not-repeated',
    about: 'a batch that was not answered is not sent again',
    file: 'src/connectors/kafka/kafka-producer.ts',
    find: '    partition.again = false\n    sendBatch',
    replace: '    partition.again = false\n    partition.inFlight = []\n    if (index < 0) sendBatch',
    expected: ['output-at-least-once', 'output-exactly-once'],
  },
  {
    id: 'position-of-the-fetch',
    about: 'a checkpoint holds the position of the next fetch, not that of the next record (G20)',
    file: SPLIT_FETCHING,
    find: 'reader.splits.map(({ split, offset }) => ({ split, offset }))',
    replace: 'reader.splits.map(({ split, position }) => ({ split, offset: position }))',
    expected: ['state-at-least-once', 'output-at-least-once'],
  },
  {
    id: 'position-moves-first',
    about: 'a reader moves past a record when its batch arrives (FLINK-17268)',
    file: SPLIT_FETCHING,
    find: '  split.position = next\n',
    replace: '  split.position = next\n  split.offset = next\n',
    expected: ['state-at-least-once', 'output-at-least-once'],
  },
  {
    id: 'fetch-not-repeated',
    about: 'a fetch that came to nothing is not repeated',
    file: SPLIT_FETCHING,
    find: '    split.again = false\n    ask(split, context)',
    replace: '    split.again = false',
    expected: ['progress'],
  },
  {
    id: 'batch-overwrites-rest',
    about: 'a new batch is asked for while the last one is not handed out (FLINK-17268)',
    file: SPLIT_FETCHING,
    find: 'if (split.asked || split.head < split.records.length || isFinished(split)) continue',
    replace: 'if (split.asked || isFinished(split)) continue',
    expected: ['state-at-least-once', 'output-at-least-once'],
  },
  {
    id: 'transaction-name-reused',
    about: 'attempts of a writer use the same transaction names (FLINK-8132)',
    file: TWO_PHASE_SINK,
    find: '${uid}-t${String(subtask)}-${String(checkpoint)}-${String(session)}`',
    replace: '${uid}-t${String(subtask)}-${String(checkpoint)}`',
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
  {
    id: 'commit-applied-twice',
    about: 'a commit that is repeated publishes again (G17)',
    file: 'src/systems/external-store/external-store.ts',
    find: "    case 'committed':\n      return 'already'",
    replace: "    case 'committed':\n      return 'applied'",
    expected: ['commit-applies-once'],
  },
  {
    id: 'open-transactions-readable',
    about: 'read_committed reads past open transactions',
    file: PARTITION_LOG,
    find: 'if (firstOffset >= 0 && firstOffset < end) end = firstOffset',
    replace: 'void firstOffset',
    expected: ['output-at-most-once', 'output-exactly-once'],
  },
  {
    id: 'aborted-readable',
    about: 'read_committed reads aborted records',
    file: PARTITION_LOG,
    find: "(isolation === 'read_committed' && isAborted(log, batch))",
    replace: "(isolation === 'read_committed' && batch.offset < 0)",
    expected: ['output-at-most-once', 'output-exactly-once'],
  },
]
