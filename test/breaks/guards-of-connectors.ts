/** Guards of sources and sinks that unit tests must name. */
import type { TestedBreak } from './break.js'

const APPEND_SINK = 'src/connectors/append-sink.ts'
const ASYNC_SINK = 'src/connectors/async-sink.ts'
const FILE_SINK = 'src/connectors/file/file-sink.ts'
const EXACTLY_ONCE_KAFKA_WRITER = 'src/connectors/kafka/exactly-once-kafka-writer.ts'
const KAFKA_COMMITTER = 'src/connectors/kafka/kafka-committer.ts'
const KAFKA_PRODUCER = 'src/connectors/kafka/kafka-producer.ts'
const KAFKA_SOURCE = 'src/connectors/kafka/kafka-source.ts'
const KAFKA_WRITER = 'src/connectors/kafka/kafka-writer.ts'
const TRANSACTION_START = 'src/connectors/kafka/transaction-start.ts'
const TWO_PHASE_SINK = 'src/connectors/two-phase-sink.ts'
const EXTERNAL_STORE_SINKS_TEST = 'src/connectors/external-store-sinks.test.ts'
const FILE_SINK_TEST = 'src/connectors/file/file-sink.test.ts'
const EXACTLY_ONCE_KAFKA_WRITER_TEST = 'src/connectors/kafka/exactly-once-kafka-writer.test.ts'
const KAFKA_COMMITTER_TEST = 'src/connectors/kafka/kafka-committer.test.ts'
const COMMITTERS_TEST = 'src/connectors/committers.test.ts'
const KAFKA_PRODUCER_TEST = 'src/connectors/kafka/kafka-producer.test.ts'
const KAFKA_SOURCE_TEST = 'src/connectors/kafka/kafka-source.test.ts'
const TRANSACTION_START_TEST = 'src/connectors/kafka/transaction-start.test.ts'

export const connectorGuards: readonly TestedBreak[] = [
  {
    id: 'append-does-not-wait',
    about: 'an append that is not answered yet lets the barrier pass',
    file: APPEND_SINK,
    find: 'busy: (state) => state.waiting > 0',
    replace: 'busy: () => false',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'failed-append-ignored',
    about: 'an append that failed is not told',
    file: APPEND_SINK,
    find: "else if (answer.type === 'append' && answer.result !== 'done') state.failure = `append to the external store: ${answer.result}`",
    replace: '',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'failed-batch-dropped',
    about: 'a batch that failed is not written again (FLINK-31305)',
    file: ASYNC_SINK,
    find: '    state.buffer = [...(state.inFlight[slot] ?? []), ...state.buffer]\n',
    replace: '',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'failed-batch-behind-newer',
    about: 'a batch that failed is written again behind newer records (G22)',
    file: ASYNC_SINK,
    find: '[...(state.inFlight[slot] ?? []), ...state.buffer]',
    replace: '[...state.buffer, ...(state.inFlight[slot] ?? [])]',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'flush-leaves-flight',
    about: 'a flush does not wait for what is on its way',
    file: ASYNC_SINK,
    find: 'if (state.buffer.length === 0 && state.inFlight.every((batch) => batch.length === 0)) state.flushing = false',
    replace: 'if (state.buffer.length === 0) state.flushing = false',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'backoff-ends-others',
    about: 'a batch that fails during the backoff is forgotten',
    file: ASYNC_SINK,
    find: '    state.inFlight[slot] = []\n    if (state.backingOff) return',
    replace: '    if (state.backingOff) return\n    state.inFlight[slot] = []',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'file-committed-unpersisted',
    about: 'a file is handed to the committer before it is persisted (FLINK-35217)',
    file: FILE_SINK,
    find: "else if (state.flushing && state.path !== '') sendPersist(state, context)",
    replace: "else if (state.flushing && state.path !== '') takeAnswer(state, { type: 'persisted', path: state.path }, context)",
    tests: FILE_SINK_TEST,
  },
  {
    id: 'failed-rename-is-committed',
    about: 'a rename that failed counts as done',
    file: FILE_SINK,
    find: "return !lost && answer.type === 'renamed' ? 'committed' : 'retry-later'",
    replace: "return 'committed'",
    tests: FILE_SINK_TEST,
  },
  {
    id: 'refused-file-write-ignored',
    about: 'a write that was refused counts as done',
    file: FILE_SINK,
    find: 'state.failure = `file system refused ${answer.path}: ${answer.reason}`\n      return',
    replace: 'return',
    tests: FILE_SINK_TEST,
  },
  {
    id: 'repeated-read-taken',
    about: 'the second answer to a read that was repeated is taken',
    file: 'src/connectors/file/file-source.ts',
    find: 'if (from !== split.position) return\n',
    replace: '',
    tests: 'src/connectors/file/file-source.test.ts',
  },
  {
    id: 'empty-transaction-committed',
    about: 'a transaction without records is handed to the committer (FLINK-31363)',
    file: EXACTLY_ONCE_KAFKA_WRITER,
    find: 'if (records === 0 || state.preCommitted) return []',
    replace: 'if (state.preCommitted) return []',
    tests: EXACTLY_ONCE_KAFKA_WRITER_TEST,
  },
  {
    id: 'aborts-what-is-handed-over',
    about: 'closing a writer aborts what its committer is to commit',
    file: EXACTLY_ONCE_KAFKA_WRITER,
    find: 'if (state.records > 0 && !state.preCommitted) abort',
    replace: 'if (state.records > 0) abort',
    tests: EXACTLY_ONCE_KAFKA_WRITER_TEST,
  },
  {
    id: 'fenced-commit-repeated',
    about: 'a commit of a fenced producer is tried again without end',
    file: KAFKA_COMMITTER,
    find: "    case 'PRODUCER_FENCED':\n",
    replace: '',
    tests: KAFKA_COMMITTER_TEST,
  },
  {
    id: 'late-commit-answer-of-kafka',
    about: 'the answer to an earlier commit ends the one that runs',
    file: KAFKA_COMMITTER,
    find: "if (!lost && (answer.type !== 'transaction-ended' || answer.transactionalId !== state.asked)) return undefined",
    replace: "if (!lost && answer.type !== 'transaction-ended') return undefined",
    tests: COMMITTERS_TEST,
  },
  {
    id: 'retriable-commit-dropped',
    about: 'a commit that the broker could not do now is dropped (FLINK-25126)',
    file: KAFKA_COMMITTER,
    find: "isRetriable(error) ? 'retry-later' : 'failed-with-unknown-reason'",
    replace: "isRetriable(error) ? 'failed-with-known-reason' : 'failed-with-unknown-reason'",
    tests: KAFKA_COMMITTER_TEST,
  },
  {
    id: 'second-answer-taken',
    about: 'the second answer to a batch that was sent twice ends the next one',
    file: KAFKA_PRODUCER,
    find: ' || partition.sequence !== answer.sequence) return',
    replace: ') return',
    tests: KAFKA_PRODUCER_TEST,
  },
  {
    id: 'retry-takes-new-sequence',
    about: 'a batch that is sent again takes a new sequence number (G43)',
    file: KAFKA_PRODUCER,
    find: '    partition.again = true\n',
    replace: '    partition.again = true\n    partition.sequence += partition.inFlight.length\n',
    tests: KAFKA_PRODUCER_TEST,
  },
  {
    id: 'unregistered-batch-sent',
    about: 'a batch goes to a partition that is not registered with the transaction',
    file: KAFKA_PRODUCER,
    find: "if (state.transactionalId !== '' && registration !== 'done') {",
    replace: "if (state.transactionalId !== '' && registration === 'none' && state.registering < 0) {",
    tests: EXACTLY_ONCE_KAFKA_WRITER_TEST,
  },
  {
    id: 'connection-loss-of-broker',
    about: 'a producer does not hear that a broker is gone',
    file: KAFKA_PRODUCER,
    find: 'if (partition !== undefined && partition.inFlight.length > 0) {',
    replace: 'if (partition === null) {',
    tests: KAFKA_PRODUCER_TEST,
  },
  {
    id: 'repeated-fetch-taken',
    about: 'the second answer to a fetch that was repeated is taken',
    file: KAFKA_SOURCE,
    find: ' || !split.asked || answer.from !== split.position) return',
    replace: ' || !split.asked) return',
    tests: KAFKA_SOURCE_TEST,
  },
  {
    id: 'offsets-of-later-checkpoint',
    about: 'a completed checkpoint commits the offsets of the newest one',
    file: KAFKA_SOURCE,
    find: 'state.pending.find((pending) => pending.checkpoint === checkpoint)?.offsets',
    replace: 'state.pending.at(-1)?.offsets',
    tests: KAFKA_SOURCE_TEST,
  },
  {
    id: 'unresolved-offsets-committed',
    about: 'positions that were never looked up are committed (FLINK-7732)',
    file: KAFKA_SOURCE,
    find: 'snapshot.filter(isResolved).map',
    replace: 'snapshot.map',
    tests: KAFKA_SOURCE_TEST,
  },
  {
    id: 'flush-does-not-wait',
    about: 'a flush does not wait for the brokers (KafkaWriter)',
    file: KAFKA_WRITER,
    find: 'state.flushing = !isFlushed(state.producer)',
    replace: 'state.flushing = false',
    tests: EXACTLY_ONCE_KAFKA_WRITER_TEST,
  },
  {
    id: 'no-flush-at-least-once',
    about: 'a writer with AT_LEAST_ONCE does not flush before a barrier',
    file: KAFKA_WRITER,
    find: "if (options.deliveryGuarantee === 'NONE' && !endOfInput) return",
    replace: 'if (!endOfInput) return',
    tests: 'src/connectors/kafka/kafka-sink.test.ts',
  },
  {
    id: 'no-probing',
    about: 'what earlier attempts left open is not aborted (FLINK-23854)',
    file: TRANSACTION_START,
    find: 'const probe = { prefix: 0, subtask, checkpoint: restored + 1 }',
    replace: 'const probe = null',
    tests: TRANSACTION_START_TEST,
  },
  {
    id: 'probing-aborts-restored',
    about: 'probing begins with the restored checkpoint, whose transactions are to be committed (G04)',
    file: TRANSACTION_START,
    find: 'const first = restored + 1',
    replace: 'const first = restored',
    tests: TRANSACTION_START_TEST,
  },
  {
    id: 'probing-stops-at-first',
    about: 'probing stops at the first id it finds',
    file: TRANSACTION_START,
    find: 'if (epoch > 0) return { ...probe, checkpoint: probe.checkpoint + 1 }',
    replace: 'if (epoch > 1) return { ...probe, checkpoint: probe.checkpoint + 1 }',
    tests: TRANSACTION_START_TEST,
  },
  {
    id: 'transactional-id-gap',
    about: 'ids between are left out, so that probing finds a gap',
    file: TRANSACTION_START,
    find: 'checkpoint + 1) : undefined',
    replace: 'wanted) : undefined',
    tests: TRANSACTION_START_TEST,
  },
  {
    id: 'aborted-is-already-committed',
    about: 'a transaction that was aborted counts as committed (G16)',
    file: TWO_PHASE_SINK,
    find: "return answer.result === 'already' ? 'already-committed' : 'failed-with-unknown-reason'",
    replace: "return 'already-committed'",
    tests: COMMITTERS_TEST,
  },
  {
    id: 'late-commit-answer-taken',
    about: 'the answer to an earlier commit ends the one that runs',
    file: TWO_PHASE_SINK,
    find: 'if (answer.transaction !== asked) return undefined\n',
    replace: '',
    tests: COMMITTERS_TEST,
  },
  {
    id: 'unanswered-write-ignored',
    about: 'a write that was not answered counts as done (FLINK-35749)',
    file: TWO_PHASE_SINK,
    find: 'state.failure = `external store did not answer for ${answer.transaction}`\n      return',
    replace: 'return',
    tests: EXTERNAL_STORE_SINKS_TEST,
  },
  {
    id: 'commit-not-repeated-after-crash',
    about: 'a commit whose connection broke is not asked for again',
    file: TWO_PHASE_SINK,
    find: "'kind' in answer ? 'retry-later' : signalOf",
    replace: "'kind' in answer ? 'committed' : signalOf",
    tests: COMMITTERS_TEST,
  },
]
