/** Guards on the files of checkpoints: what is deleted when, and that a checkpoint can be restored by somebody who has nothing else. */
import type { Break } from './break.js'

const CHECKPOINT_COMPLETION = 'src/engine/checkpoint/checkpoint-completion.ts'
const CHECKPOINT_DISPOSAL = 'src/engine/checkpoint/checkpoint-disposal.ts'
const TASK_END = 'src/engine/task/task-end.ts'

export const fileBreaks: readonly Break[] = [
  {
    id: 'checkpoints-outlive-the-job',
    about: 'a job that has ended leaves its checkpoints behind, although they are not to be retained',
    file: CHECKPOINT_DISPOSAL,
    find: "return result === 'FINISHED' || retention === 'NO_EXTERNALIZED_CHECKPOINTS'",
    replace: "return result === 'FAILED' && retention === 'NO_EXTERNALIZED_CHECKPOINTS'",
    expected: ['no-leaked-files'],
  },
  {
    id: 'subsumed-state-stays',
    about: 'of a subsumed checkpoint only the metadata is deleted',
    file: CHECKPOINT_DISPOSAL,
    find: 'paths.push(path, ...filesOf(metadata).filter((file) => !kept.has(file)))',
    replace: 'paths.push(path)',
    expected: ['no-leaked-files'],
  },
  {
    id: 'late-state-stays',
    about: 'the state of a late acknowledgement is not discarded',
    file: CHECKPOINT_COMPLETION,
    find: 'isSame(waiting, execution))) return discard(master, snapshot)',
    replace: 'isSame(waiting, execution))) return',
    expected: ['no-leaked-files'],
  },
  {
    id: 'aborted-state-stays',
    about: 'what was acknowledged of an aborted checkpoint is not discarded',
    file: CHECKPOINT_COMPLETION,
    find: 'for (const snapshot of pending.acknowledged) discard(master, snapshot)',
    replace: '',
    expected: ['no-leaked-files'],
  },
  {
    id: 'uploads-outlive-their-task',
    about: 'a task that ends leaves behind what its unfinished snapshots have uploaded',
    file: TASK_END,
    find: '  cancelAsyncSnapshots(task)\n  for (const timer',
    replace: '  state.snapshots = []\n  for (const timer',
    expected: ['no-leaked-files'],
  },
  {
    id: 'newest-is-subsumed',
    about: 'one checkpoint less is kept than `num-retained` says, and be it the newest',
    file: CHECKPOINT_DISPOSAL,
    find: 'completed.length - numRetained)',
    replace: 'completed.length - numRetained + 1)',
    expected: ['retained-files-stay'],
  },
  {
    id: 'metadata-without-unassigned-splits',
    about: 'the metadata does not say which splits the readers have already: a new JobManager gives them out again',
    file: CHECKPOINT_COMPLETION,
    find: 'tasks: snapshotsOf(master, pending), enumerators }',
    replace: 'tasks: snapshotsOf(master, pending), enumerators: enumerators.slice(0, 0) }',
    expected: ['restore-everything'],
  },
]
