/** Guards on the task's side: barriers, snapshots, mails, start and end of a task. */
import type { Break } from './break.js'

const ALIGNER = 'src/engine/checkpoint/barrier-aligner.ts'
const TRACKER = 'src/engine/checkpoint/barrier-tracker.ts'
const SUBTASK = 'src/engine/task/subtask-checkpoint-coordinator.ts'
const ASYNC = 'src/engine/task/async-snapshot.ts'
const TASK = 'src/engine/task/task.ts'

export const taskBreaks: readonly Break[] = [
  {
    id: 'ended-channel-counts-for-ever',
    about: 'the end of a channel is not taken off the number of channels that barriers are expected from',
    file: ALIGNER,
    find: 'state.open--',
    replace: '',
    expected: ['progress'],
  },
  {
    id: 'tracker-first-barrier',
    about: 'at-least-once mode takes the checkpoint at the first barrier',
    file: TRACKER,
    find: 'if (tracked.channels.length < tracked.target) return',
    replace: 'if (tracked.channels.length < 1) return',
    expected: ['consistent-cut', 'snapshot-once'],
  },
  {
    id: 'barrier-does-not-block',
    about: 'a channel goes on behind an aligned barrier',
    file: 'src/engine/network/result-partition.ts',
    find: '      subpartition.blocked = true',
    replace: '      subpartition.blocked = false',
    expected: ['consistent-cut'],
  },
  {
    id: 'sync-failure-tolerated',
    about: 'an exception in the synchronous part of a snapshot is declined, and the task goes on (FLINK-17350)',
    file: SUBTASK,
    find: "return failTask(task, 'exception in the synchronous part of the snapshot')",
    replace: "return decline(task, id, 'CHECKPOINT_DECLINED')",
    expected: ['output-at-least-once', 'output-exactly-once', 'consistent-cut', 'no-write-after-pre-commit'],
  },
  {
    id: 'work-during-flush',
    about: 'records are handled between a barrier and its snapshot',
    file: TASK,
    find: "if (state.activity === null && state.phase === 'RUNNING') handleNext(task)",
    replace: "if (state.phase === 'RUNNING') handleNext(task)",
    expected: ['consistent-cut', 'output-at-least-once', 'output-exactly-once', 'snapshot-once'],
  },
  {
    id: 'work-while-blocked',
    about: 'records are handled while the thread is blocked in a call',
    file: TASK,
    find: '  return ready && blockedOperator(task) < 0',
    replace: '  return ready',
    expected: ['consistent-cut', 'output-at-least-once', 'output-exactly-once', 'no-write-after-pre-commit', 'progress'],
  },
  {
    id: 'upload-failure-ignored',
    about: 'an upload that failed counts as durable',
    file: ASYNC,
    find: "if (answer.result !== 'done') return giveUp(task, snapshot, 'IO_EXCEPTION')",
    replace: '',
    expected: ['acknowledge-when-durable'],
  },
  {
    id: 'unknown-upload-is-durable',
    about: 'an upload of which nobody knows counts as durable',
    file: ASYNC,
    find: "if (answer.result !== 'done') return giveUp",
    replace: "if (answer.result === 'failed') return giveUp",
    expected: ['acknowledge-when-durable'],
  },
  {
    id: 'first-upload-acknowledges',
    about: 'a task acknowledges with its first upload',
    file: ASYNC,
    find: '  if (snapshot.uploading.length > 0) return',
    replace: '',
    expected: [
      'acknowledge-when-durable',
      'restored-as-stored',
      'restored-committables-first',
      'state-at-least-once',
      'output-at-least-once',
    ],
  },
  {
    id: 'notified-twice',
    about: 'a completion that is covered already reaches the operators again (FLINK-10377)',
    file: 'src/engine/task/mailbox.ts',
    find: 'if (checkpoint <= state.latestReported) return',
    replace: '',
    expected: ['notify-once'],
  },
  {
    id: 'restored-not-reported',
    about: 'a restored task does not count its checkpoint as reported',
    file: 'src/engine/task/task-start.ts',
    find: 'latestReported: deployment.restore?.checkpoint ?? 0',
    replace: 'latestReported: 0',
    expected: ['notify-once'],
  },
  {
    id: 'ends-before-final-checkpoint',
    about: 'a finished task ends with the next completion, although that does not cover its last records',
    file: 'src/engine/task/activity.ts',
    find: 'if (finished && finalCheckpoint > 0 && checkpoint >= finalCheckpoint) finishTask(task)',
    replace: 'if (finished) finishTask(task)',
    expected: ['output-at-least-once', 'restored-committables-first', 'consistent-cut'],
  },
  {
    id: 'ends-without-final-checkpoint',
    about: 'a finished task ends at once, without a checkpoint that commits its last records (FLINK-23408)',
    file: 'src/engine/task/task-end.ts',
    find: 'if (!enabled || !afterTasksFinish) return finishTask(task)',
    replace: 'return finishTask(task)',
    expected: ['output-at-least-once', 'progress'],
  },
]
