/** Guards of sources and sinks, and of the systems outside, that unit tests must name. */
import type { TestedBreak } from './break.js'

const ASYNC_SINK = 'src/connectors/async-sink.ts'
const TWO_PHASE_SINK = 'src/connectors/two-phase-sink.ts'
const EXTERNAL_STORE = 'src/systems/external-store/external-store.ts'
const EXTERNAL_STORE_SINKS_TEST = 'src/connectors/external-store-sinks.test.ts'
const COMMITTERS_TEST = 'src/connectors/committers.test.ts'
const EXTERNAL_STORE_TEST = 'src/systems/external-store/external-store.test.ts'

export const connectorGuards: readonly TestedBreak[] = [
  {
    id: 'append-does-not-wait',
    about: 'an append that is not answered yet lets the barrier pass',
    file: 'src/connectors/append-sink.ts',
    find: 'busy: (state) => state.waiting > 0',
    replace: 'busy: () => false',
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
]
