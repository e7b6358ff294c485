/** The eleven classic ways to get checkpointing wrong. */
import type { Break } from './break.js'


export const classicBreaks: readonly Break[] = [
  {
    id: 'alignment-at-first-barrier',
    about: 'the alignment ends with the first barrier',
    file: 'src/engine/checkpoint/barrier-aligner.ts',
    find: 'if (state.aligned.length < state.target) return',
    replace: 'if (state.aligned.length < 1) return',
    expected: ['consistent-cut'],
  },
  {
    id: 'ack-before-durable',
    about: 'a task acknowledges once its uploads have begun',
    file: 'src/engine/task/async-snapshot.ts',
    find: 'snapshot.uploading.push({ path, operator: index })',
    replace: "snapshot.handles[index] = { uid, handle: { type: 'file', bytes, path, scope: 'exclusive' } }",
    expected: ['acknowledge-when-durable'],
  },
  {
    id: 'offset-before-emit',
    about: 'a reader puts the position before its last record into the checkpoint',
    file: 'src/engine/operators/source-operator.ts',
    find: 'map(({ split, offset }) => ({ split, offset }))',
    replace: 'map(({ split, offset }) => ({ split, offset: Math.max(0, offset - 1) }))',
    expected: ['state-exactly-once', 'output-at-most-once', 'offset-covers-emitted'],
  },
  {
    id: 'commit-at-pre-commit',
    about: 'a committer publishes when its snapshot is taken, not when the checkpoint has completed',
    file: 'src/engine/operators/committer-operator.ts',
    find: 'snapshot(state) {',
    replace: 'snapshot(state, checkpoint, context) {\n      run.upTo(state, checkpoint, context)',
    expected: ['commit-after-completion'],
  },
  {
    id: 'no-commit-on-restore',
    about: 'a restored committer does not publish what its checkpoint holds',
    file: 'src/engine/operators/committer-operator.ts',
    find: 'run.upTo(state, context.restored ?? 0, context)',
    replace: 'run.upTo(state, 0, context)',
    expected: ['restored-committables-first'],
  },
  {
    id: 'commits-later-checkpoints',
    about: 'a completed checkpoint publishes what belongs to later ones, too',
    file: 'src/engine/operators/committer-operator.ts',
    find: 'notifyComplete(state, checkpoint, context) {\n      run.upTo(state, checkpoint, context)',
    replace: 'notifyComplete(state, _checkpoint, context) {\n      run.upTo(state, EVERY_CHECKPOINT, context)',
    expected: ['commit-after-completion'],
  },
  {
    id: 'late-ack-completes',
    about: 'a checkpoint that has expired stays pending, and a late acknowledgement completes it',
    file: 'src/engine/checkpoint/checkpoint-completion.ts',
    find: 'coordinator.pending = coordinator.pending.filter((other) => other !== pending)\n  context.cancel(expiryTimer(checkpoint))',
    replace:
      "if (reason !== 'CHECKPOINT_EXPIRED') coordinator.pending = coordinator.pending.filter((other) => other !== pending)\n  context.cancel(expiryTimer(checkpoint))",
    expected: ['one-outcome', 'accept-while-pending', 'notify-abort'],
  },
  {
    id: 'checkpoint-id-reused',
    about: 'the id counter lives in the JobManager and begins anew with it',
    file: 'src/engine/checkpoint/checkpoint-coordinator.ts',
    find: "if (graph.configuration.highAvailability) context.send(setup.store, { kind: 'next-id'",
    replace: "if (graph.configuration.highAvailability && setup.store < 0) context.send(setup.store, { kind: 'next-id'",
    expected: ['ids-increase'],
  },
  {
    id: 'no-unblock-after-abort',
    about: 'channels that wait behind a barrier stay blocked when its checkpoint is aborted',
    file: 'src/engine/checkpoint/barrier-aligner.ts',
    find: 'release(state, effects)\n  effects.abort(checkpoint, reason)',
    replace: 'state.blocked = []\n  release(state, effects)\n  effects.abort(checkpoint, reason)',
    expected: ['progress'],
  },
  {
    id: 'unknown-commit-is-success',
    about: 'a commit of which nobody knows is taken for done',
    file: 'src/connectors/two-phase-sink.ts',
    find: "    case 'timeout':\n      return answer.transaction === asked ? 'retry-later' : undefined",
    replace: "    case 'timeout':\n      return answer.type === 'timeout' ? 'committed' : 'retry-later'",
    expected: ['unknown-commit-is-repeated', 'output-at-least-once'],
  },
  {
    id: 'async-reads-live-state',
    about: 'the asynchronous part of a snapshot reads the live table instead of its view',
    file: 'src/engine/state/heap-keyed-state.ts',
    find: 'view.saved.get(key) ?? state.table.get(key)',
    replace: 'state.table.get(key)',
    expected: ['snapshot-is-a-view'],
  },
]

