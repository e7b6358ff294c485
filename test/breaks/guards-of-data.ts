/** Guards of the network, of keyed state and of operators that unit tests must name. */
import type { TestedBreak } from './break.js'

const INPUT_GATE = 'src/engine/network/input-gate.ts'
const COMMIT_RUN = 'src/engine/operators/commit-run.ts'
const SINK_WRITER_OPERATOR = 'src/engine/operators/sink-writer-operator.ts'
const WINDOW_OPERATOR = 'src/engine/operators/window-operator.ts'
const INPUT_GATE_TEST = 'src/engine/network/input-gate.test.ts'
const HEAP_KEYED_STATE_TEST = 'src/engine/state/heap-keyed-state.test.ts'
const COMMITTER_OPERATOR_TEST = 'src/engine/operators/committer-operator.test.ts'
const SINK_WRITER_OPERATOR_TEST = 'src/engine/operators/sink-writer-operator.test.ts'
const WINDOW_OPERATOR_TEST = 'src/engine/operators/window-operator.test.ts'

export const dataGuards: readonly TestedBreak[] = [
  {
    id: 'floating-buffers-kept',
    about: 'borrowed buffers are never given back to the gate',
    file: INPUT_GATE,
    find: '    channel.floating--\n    gate.floating++',
    replace: '    channel.floating--',
    tests: INPUT_GATE_TEST,
  },
  {
    id: 'ended-channel-receives',
    about: 'a channel takes data in behind its end',
    file: INPUT_GATE,
    find: ' || channel.ended) return',
    replace: ') return',
    tests: INPUT_GATE_TEST,
  },
  {
    id: 'sends-without-credit',
    about: 'buffers are sent without room at the receiver',
    file: 'src/engine/network/result-partition.ts',
    find: 'if (head.event === null && subpartition.credit === 0) return',
    replace: '',
    tests: 'src/engine/network/result-partition.test.ts',
  },
  {
    id: 'removed-keys-out-of-view',
    about: 'a key that is removed while its snapshot is written is missing there',
    file: 'src/engine/state/heap-keyed-state.ts',
    find: '  const old = state.table.get(key)\n',
    replace: '  const old = entry.length > 0 ? state.table.get(key) : undefined\n',
    tests: HEAP_KEYED_STATE_TEST,
  },
  {
    id: 'timers-of-live-state',
    about: 'the snapshot of timers is the live list (G31)',
    file: 'src/engine/state/keyed-access.ts',
    find: 'this.state.timers = [...timers.slice(0, index), timer, ...timers.slice(index)]',
    replace: 'timers.splice(index, 0, timer)',
    tests: HEAP_KEYED_STATE_TEST,
  },
  {
    id: 'commits-what-has-not-arrived',
    about: 'a checkpoint is committed although committables of it are missing (FLINK-24530)',
    file: COMMIT_RUN,
    find: 'if (incomplete !== undefined) {',
    replace: 'if (incomplete === null) {',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'retries-without-end',
    about: 'a commit is tried again without end',
    file: COMMIT_RUN,
    find: 'if (state.round >= this.retries) {',
    replace: 'if (state.round < 0) {',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'unknown-reason-is-done',
    about: 'a commit that failed for an unknown reason counts as done',
    file: COMMIT_RUN,
    find: '        state.failure = `commit of ${this.committer.nameOf(request.committable)} failed`\n        return',
    replace: '        request.done = true\n        break',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'retries-at-once',
    about: 'what is to be tried again is tried before the rest of its checkpoint',
    file: COMMIT_RUN,
    find: 'find(({ tries }) => tries === round)',
    replace: 'find(() => round >= 0)',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'new-round-not-begun',
    about: 'the next checkpoint begins with the round of the last one',
    file: COMMIT_RUN,
    find: '      state.round = 0\n',
    replace: '',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'collector-by-arrival',
    about: 'committables are published in the order in which they came, not by checkpoint',
    file: 'src/engine/operators/committable-collector.ts',
    find: 'const index = collector.findIndex((other) => other.checkpoint >= checkpoint)',
    replace: 'const index = collector.findIndex((other) => other.checkpoint === checkpoint)',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'committer-takes-records-while-committing',
    about: 'records reach a committer while it commits',
    file: 'src/engine/operators/committer-operator.ts',
    find: 'busy: (state) => state.running || state.waiting',
    replace: 'busy: (state) => state.waiting',
    tests: COMMITTER_OPERATOR_TEST,
  },
  {
    id: 'end-of-input-forgotten',
    about: 'a writer does not remember that it has sent its last committables',
    file: SINK_WRITER_OPERATOR,
    find: 'endOfInput: remembersEnd && ends.length > 0 && ends.every((end) => end === true)',
    replace: 'endOfInput: false',
    tests: SINK_WRITER_OPERATOR_TEST,
  },
  {
    id: 'every-writer-remembers-its-end',
    about: 'a restored writer that has no committer refuses records because it had ended before',
    file: SINK_WRITER_OPERATOR,
    find: 'const remembersEnd = committer !== undefined || sink.supportsCommitter === true',
    replace: 'const remembersEnd = true',
    tests: SINK_WRITER_OPERATOR_TEST,
  },
  {
    id: 'writer-forgets-checkpoint',
    about: 'a restored writer does not know which checkpoint it comes from',
    file: SINK_WRITER_OPERATOR,
    find: 'lastKnownCheckpoint: context.restored ?? 0',
    replace: 'lastKnownCheckpoint: 0',
    tests: SINK_WRITER_OPERATOR_TEST,
  },
  {
    id: 'final-committables-twice',
    about: 'the last committables are sent again behind the end of input (FLINK-24131)',
    file: SINK_WRITER_OPERATOR,
    find: 'if (!state.endOfInput) flush(state, checkpoint, false, context)',
    replace: 'flush(state, checkpoint, state.endOfInput, context)',
    tests: SINK_WRITER_OPERATOR_TEST,
  },
  {
    id: 'end-of-one-ends-all',
    about: 'after a rescale one writer that had ended ends the others',
    file: SINK_WRITER_OPERATOR,
    find: 'ends.every((end) => end === true)',
    replace: 'ends.some((end) => end === true)',
    tests: SINK_WRITER_OPERATOR_TEST,
  },
  {
    id: 'watermark-too-early',
    about: 'a watermark excludes records with the highest event time so far',
    file: 'src/engine/operators/timestamps-and-watermarks.ts',
    find: 'state.maxTimestamp - maxOutOfOrdernessUs - 1',
    replace: 'state.maxTimestamp - maxOutOfOrdernessUs',
    tests: 'src/engine/operators/timestamps-and-watermarks.test.ts',
  },
  {
    id: 'late-record-opens-window',
    about: 'a record that comes after its window has fired opens it again',
    file: WINDOW_OPERATOR,
    find: '    if (last <= context.watermark) continue\n',
    replace: '',
    tests: WINDOW_OPERATOR_TEST,
  },
  {
    id: 'window-not-cleared',
    about: 'a window that has fired keeps its contents',
    file: WINDOW_OPERATOR,
    find: '      keyed.clear(start)\n',
    replace: '',
    tests: WINDOW_OPERATOR_TEST,
  },
]
