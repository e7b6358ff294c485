/** Guards of the systems outside that unit tests must name. */
import type { TestedBreak } from './break.js'

const EXTERNAL_STORE = 'src/systems/external-store/external-store.ts'
const FILE_SYSTEM = 'src/systems/file-system/file-system.ts'
const PARTITION_LOG = 'src/systems/kafka/partition-log.ts'
const TRANSACTION_COORDINATOR = 'src/systems/kafka/transaction-coordinator.ts'
const TRANSACTION_METADATA = 'src/systems/kafka/transaction-metadata.ts'
const EXTERNAL_STORE_TEST = 'src/systems/external-store/external-store.test.ts'
const FILE_SYSTEM_TEST = 'src/systems/file-system/file-system.test.ts'
const PARTITION_TEST = 'src/systems/kafka/partition.test.ts'
const TRANSACTION_COORDINATOR_TEST = 'src/systems/kafka/transaction-coordinator.test.ts'
const PARTITION_LOG_TEST = 'src/systems/kafka/partition-log.test.ts'

export const systemGuards: readonly TestedBreak[] = [
  {
    id: 'open-transactions-survive',
    about: 'what earlier attempts left open is aborted up to the restored checkpoint only (G05)',
    file: EXTERNAL_STORE,
    find: "if (transaction.expected > restored) end(transaction, where, 'lingering', context)",
    replace: '',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'prepared-transactions-aborted',
    about: 'a restored writer aborts everything, also what its checkpoint holds (G04)',
    file: EXTERNAL_STORE,
    find: 'if (transaction.expected > restored) end',
    replace: 'if (transaction.expected > 0 * restored) end',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'old-sessions-write',
    about: 'an attempt that was fenced goes on writing (G07)',
    file: EXTERNAL_STORE,
    find: "if (request.session < subtask.session) return { type: 'refused', transaction: name, reason: 'fenced' }\n",
    replace: '',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'repeated-write-adds-again',
    about: 'a write that is repeated is added to its transaction again',
    file: EXTERNAL_STORE,
    find: 'records.slice(transaction.records.length - from)',
    replace: 'records',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'old-subtasks-not-fenced',
    about: 'a session fences its own subtask only, not those it took over (FLINK-23854)',
    file: EXTERNAL_STORE,
    find: 's < store.subtasks.length; s += parallelism',
    replace: 's < Math.min(store.subtasks.length, where.subtask + 1); s += parallelism',
    tests: EXTERNAL_STORE_TEST,
  },
  {
    id: 'file-rename-repeats-part',
    about: 'the next file is opened under a name that is taken',
    file: FILE_SYSTEM,
    find: 'if (find(state, target) !== undefined || find(state, path) !== undefined) continue\n',
    replace: 'if (find(state, path) !== undefined) continue\n',
    tests: FILE_SYSTEM_TEST,
  },
  {
    id: 'repeated-write-adds',
    about: 'a write that is repeated is added again',
    file: FILE_SYSTEM,
    find: 'records.slice(length - from)',
    replace: 'records',
    tests: FILE_SYSTEM_TEST,
  },
  {
    id: 'repeated-answer-seen-twice',
    about: 'a reader counts the answer to a repeated question twice',
    file: 'src/systems/kafka/kafka-reader.ts',
    find: ' || answer.from !== partition.next) return',
    replace: ') return',
    tests: 'src/systems/kafka/kafka-reader.test.ts',
  },
  {
    id: 'retry-appended-twice',
    about: 'a batch that is sent again is appended again (G43)',
    file: PARTITION_LOG,
    find: "if (sequence === state.batch && state.sequence === sequence + records.length - 1) return 'NONE'\n    if (sequence !== state.sequence + 1) return 'OUT_OF_ORDER_SEQUENCE_NUMBER'",
    replace: "if (sequence > state.sequence + 1) return 'OUT_OF_ORDER_SEQUENCE_NUMBER'",
    tests: PARTITION_TEST,
  },
  {
    id: 'old-epoch-appends',
    about: 'a producer that was fenced goes on writing (G07)',
    file: PARTITION_LOG,
    find: "if (epoch < state.epoch) return 'INVALID_PRODUCER_EPOCH'\n",
    replace: '',
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'marker-of-old-epoch',
    about: 'a late marker of an older epoch ends a newer transaction',
    file: PARTITION_LOG,
    find: '  if (epoch < state.epoch) return\n',
    replace: '',
    tests: PARTITION_LOG_TEST,
  },
  {
    id: 'repeated-marker',
    about: 'a marker that is repeated ends nothing once more',
    file: PARTITION_LOG,
    find: 'if (state.firstOffset < 0) return\n',
    replace: '',
    tests: PARTITION_LOG_TEST,
  },
  {
    id: 'transactions-not-verified',
    about: 'a late batch opens a transaction that its producer has ended (KIP-890)',
    file: PARTITION_LOG,
    find: "if (transactionalId === '') return false",
    replace: 'if (transactionalId.length >= 0) return false',
    tests: PARTITION_TEST,
  },
  {
    id: 'marker-epoch-not-taken',
    about: 'a marker does not fence its producer',
    file: PARTITION_LOG,
    find: 'if (epoch > state.epoch) startEpoch(state, epoch)\n  // Without',
    replace: '// Without',
    tests: PARTITION_LOG_TEST,
  },
  {
    id: 'decision-timed-out',
    about: 'a transaction whose commit is decided is timed out',
    file: TRANSACTION_COORDINATOR,
    find: "if (transaction.state !== 'Ongoing') continue",
    replace: "if (transaction.state === 'Empty' || transaction.state.startsWith('Complete')) continue",
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'markers-not-repeated',
    about: 'a coordinator that restarts does not write the markers that are missing',
    file: TRANSACTION_COORDINATOR,
    find: 'for (const transaction of durable.transactions) if (isEnding(transaction.state)) sendMarkers(transaction, context)',
    replace: '',
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'ongoing-taken-over',
    about: 'a new producer takes an open transaction over without aborting it (FLINK-8132)',
    file: TRANSACTION_COORDINATOR,
    find: "if (transaction.state === 'Ongoing') {",
    replace: "if (transaction.state === 'Prepared') {",
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'taken-over-while-ending',
    about: 'a new producer takes over while markers are being written',
    file: TRANSACTION_COORDINATOR,
    find: "if (isEnding(transaction.state)) return 'CONCURRENT_TRANSACTIONS'\n  if",
    replace: 'if',
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'producer-not-fenced',
    about: 'an older producer goes on with its transaction (G07)',
    file: TRANSACTION_METADATA,
    find: "return transaction.epoch === epoch ? 'NONE' : 'PRODUCER_FENCED'",
    replace: "return 'NONE'",
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'commit-of-aborted-is-success',
    about: 'the commit of an aborted transaction succeeds (G16)',
    file: TRANSACTION_METADATA,
    find: "    case 'CompleteAbort':\n      return commit ? 'INVALID_TXN_STATE' : 'NONE'",
    replace: "    case 'CompleteAbort':\n      return 'NONE'",
    tests: TRANSACTION_COORDINATOR_TEST,
  },
  {
    id: 'complete-with-first-marker',
    about: 'a transaction is complete with its first marker',
    file: TRANSACTION_METADATA,
    find: 'if (transaction.partitions.length > 0) return\n',
    replace: '',
    tests: 'src/systems/kafka/transaction-metadata.test.ts',
  },
]
