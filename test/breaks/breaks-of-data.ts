/** Guards of the network, of keyed state, and of operators. */
import type { Break } from './break.js'

const INPUT_GATE = 'src/engine/network/input-gate.ts'
const RESULT_PARTITION = 'src/engine/network/result-partition.ts'
const HEAP_KEYED_STATE = 'src/engine/state/heap-keyed-state.ts'
const COMMIT_RUN = 'src/engine/operators/commit-run.ts'
const COMMITTER_OPERATOR = 'src/engine/operators/committer-operator.ts'
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
    find: '  enqueue(channel.queue, ownBuffer(message), hasPriority)\n',
    replace: '  if (channel.queue.length < 2 || message.event !== null) enqueue(channel.queue, ownBuffer(message), hasPriority)\n',
    expected: ['consistent-cut', 'output-at-least-once', 'state-at-least-once'],
  },
  {
    id: 'resumed-channel-not-announced',
    about: 'a channel that got data while it was being read is not read again (FLINK-23223)',
    file: INPUT_GATE,
    find: 'if (channel.queue.length > 0) lineUp(gate, channel)',
    replace: 'if (channel.queue.length > 1) lineUp(gate, channel)',
    expected: ['progress'],
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
    find: '    finishLast(subpartition)\n    enqueue(subpartition.queue',
    replace: '    enqueue(subpartition.queue',
    expected: ['progress'],
  },
  {
    id: 'event-to-first-output',
    about: 'an event goes to the first consumer of each output only (G19)',
    file: RESULT_PARTITION,
    find: '    finishLast(subpartition)\n    enqueue(subpartition.queue, { bytes: 0, elements: [], event, finished: true }, hasPriority)',
    replace:
      '    if (subpartition !== partition.subpartitions[0]) continue\n    finishLast(subpartition)\n    enqueue(subpartition.queue, { bytes: 0, elements: [], event, finished: true }, hasPriority)',
    expected: ['progress', 'consistent-cut'],
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
    find: 'return { table, timers, views: [] }',
    replace: 'return { table, timers: [], views: [] }',
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
    id: 'recovered-not-announced',
    about: 'recovered committables are not announced',
    file: 'src/engine/operators/committable-collector.ts',
    find: '      recovered.announced++\n',
    replace: '',
    expected: ['progress'],
  },
  {
    id: 'committables-out-of-snapshot',
    about: 'a committer keeps nothing in its snapshot',
    file: COMMITTER_OPERATOR,
    find: "mode: 'SPLIT', entries: [entry] }",
    replace: "mode: 'SPLIT', entries: [entry].slice(1) }",
    expected: ['output-at-least-once', 'restored-committables-first', 'unrestorable'],
  },
  {
    id: 'committer-commits-at-end',
    about: 'a committer publishes everything at the end of input, whatever has completed (FLINK-23408)',
    file: COMMITTER_OPERATOR,
    find: 'if (!options.checkpointing) run.upTo',
    replace: 'run.upTo',
    expected: ['commit-after-completion'],
  },
  {
    id: 'commit-under-last-id',
    about: 'what is written last is committed with the checkpoint before (FLINK-36379 in reverse)',
    file: SINK_WRITER_OPERATOR,
    find: 'flush(state, state.lastKnownCheckpoint + 1, true, context)',
    replace: 'flush(state, state.lastKnownCheckpoint, true, context)',
    // Its committer takes no second summary for a checkpoint: only what comes under the id of one that was committed goes on.
    expected: ['commit-after-completion', 'completed-is-not-aborted'],
  },
  {
    id: 'no-flush-before-barrier',
    about: 'a writer does not flush before the barrier goes on',
    file: SINK_WRITER_OPERATOR,
    find: 'if (!state.endOfInput) flush(state, checkpoint, false, context)',
    replace: '',
    expected: ['consistent-cut', 'output-at-least-once'],
  },
  {
    id: 'committables-before-the-flush',
    about: 'committables leave before the outside world has answered for what they publish',
    file: SINK_WRITER_OPERATOR,
    find: 'if (checkpoint === null || isBusy(state) ||',
    replace: 'if (checkpoint === null ||',
    expected: ['restored-committables-first', 'output-at-least-once', 'output-at-most-once', 'commit-after-pre-commit'],
  },
  {
    id: 'last-committables-under-own-id',
    about: 'what is written last is committed with a checkpoint that may come before it (FLINK-36379)',
    file: SINK_WRITER_OPERATOR,
    find: 'flush(state, state.lastKnownCheckpoint + 1, true, context)',
    replace: 'flush(state, Number.MAX_SAFE_INTEGER, true, context)',
    expected: ['output-at-least-once'],
  },
  {
    id: 'restored-splits-forgotten',
    about: 'a restored reader does not take up the splits of its state',
    file: 'src/engine/operators/source-operator.ts',
    find: 'if (restored.length > 0) refusePromise(reader.addSplits(opened, restored, context), context.vertex)',
    replace: 'void restored',
    expected: ['state-at-least-once', 'output-at-least-once'],
  },
]
