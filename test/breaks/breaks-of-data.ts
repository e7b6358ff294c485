/** Guards of the network, of keyed state, and of operators. */
import type { Break } from './break.js'

const INPUT_GATE = 'src/engine/network/input-gate.ts'
const RESULT_PARTITION = 'src/engine/network/result-partition.ts'
const HEAP_KEYED_STATE = 'src/engine/state/heap-keyed-state.ts'
const COMMIT_RUN = 'src/engine/operators/commit-run.ts'
const SINK_WRITER_OPERATOR = 'src/engine/operators/sink-writer-operator.ts'

export const dataBreaks: readonly Break[] = [
  {
    id: 'credit-never-returns',
    about: 'buffers of a channel that were read are not announced again',
    file: INPUT_GATE,
    find: 'else {\n    channel.unannounced++',
    replace: 'else {',
    expected: ['progress'],
  },
  {
    id: 'channel-drops-when-full',
    about: 'a channel holds no more than two buffers',
    file: INPUT_GATE,
    find: '  channel.queue.push(message)\n',
    replace: '  if (channel.queue.length < 2 || message.event !== null) channel.queue.push(message)\n',
    expected: ['consistent-cut', 'output-at-least-once', 'state-at-least-once'],
  },
  {
    id: 'barrier-does-not-block',
    about: 'a channel goes on behind an aligned barrier',
    file: RESULT_PARTITION,
    find: '      subpartition.blocked = true',
    replace: '      subpartition.blocked = false',
    expected: ['consistent-cut'],
  },
  {
    id: 'pool-never-returns',
    about: 'buffers that were sent are not given back to the pool',
    file: RESULT_PARTITION,
    find: '      partition.inUse--\n',
    replace: '',
    expected: ['progress'],
  },
  {
    id: 'partial-buffer-behind-event',
    about: 'a partly filled buffer is not finished by the event behind it',
    file: RESULT_PARTITION,
    find: '    finishLast(subpartition)\n    subpartition.queue.push',
    replace: '    subpartition.queue.push',
    expected: ['progress'],
  },
  {
    id: 'view-takes-last-change',
    about: 'a view keeps the last change before it writes an entry, not the first',
    file: HEAP_KEYED_STATE,
    find: 'if (old !== undefined && !view.saved.has(key)) view.saved.set(key, old)',
    replace: 'if (old !== undefined) view.saved.set(key, old)',
    expected: ['snapshot-is-a-view'],
  },
  {
    id: 'view-shares-what-was-absorbed',
    about: 'a view shows what a key has absorbed since',
    file: HEAP_KEYED_STATE,
    find: 'absorbed: cell.absorbed.slice(0, cell.absorbedCount)',
    replace: 'absorbed: [...cell.absorbed]',
    expected: ['snapshot-is-a-view', 'restored-as-stored'],
  },
  {
    id: 'timers-not-restored',
    about: 'timers of a checkpoint are not armed again (FLINK-4651)',
    file: HEAP_KEYED_STATE,
    find: 'state.timers = [...state.timers, ...timers].sort(compareTimers)',
    replace: '',
    expected: ['output-at-least-once'],
  },
  {
    id: 'commits-only-own-checkpoint',
    about: 'a completion publishes its own checkpoint only, not those whose completion was lost (G14)',
    file: COMMIT_RUN,
    find: 'due !== undefined && due.checkpoint <= state.upTo; due = state.collector[0]',
    replace: 'due !== undefined && due.checkpoint === state.upTo; due = state.collector[0]',
    expected: ['output-at-least-once', 'restored-committables-first', 'progress'],
  },
  {
    id: 'failed-commit-dropped',
    about: 'a commit that is to be repeated is dropped',
    file: COMMIT_RUN,
    find: '        request.tries++\n        break',
    replace: '        request.done = true\n        break',
    expected: ['unknown-commit-is-repeated', 'output-at-least-once'],
  },
  {
    id: 'committables-out-of-snapshot',
    about: 'a committer keeps nothing in its snapshot',
    file: 'src/engine/operators/committer-operator.ts',
    find: "return { lists: [{ name: COMMITTABLES_STATE, mode: 'SPLIT', entries }] }",
    replace: "return { lists: [{ name: COMMITTABLES_STATE, mode: 'SPLIT', entries: [...entries].slice(1) }] }",
    expected: ['output-at-least-once', 'restored-committables-first', 'unrestorable'],
  },
  {
    id: 'commit-under-last-id',
    about: 'what is written last is committed with the checkpoint before (FLINK-36379 in reverse)',
    file: SINK_WRITER_OPERATOR,
    find: 'flush(state, state.lastKnownCheckpoint + 1, true, context)',
    replace: 'flush(state, state.lastKnownCheckpoint, true, context)',
    expected: ['commit-after-completion'],
  },
  {
    id: 'no-flush-before-barrier',
    about: 'a writer does not flush before the barrier goes on',
    file: SINK_WRITER_OPERATOR,
    find: 'if (!state.endOfInput) flush(state, checkpoint, false, context)',
    replace: '',
    expected: ['consistent-cut', 'output-at-least-once'],
  },
]
