/** Guards of a restore at another parallelism: what of the state goes to which subtask. */
import type { Break, TestedBreak } from './break.js'

const KEY_GROUPS = 'src/engine/graph/key-groups.ts'
const MAX_PARALLELISM = 'src/engine/checkpoint/max-parallelism.ts'
const REPARTITIONER = 'src/engine/checkpoint/operator-state-repartitioner.ts'
const RESTORED_STATE = 'src/engine/task/restored-state.ts'
const STATE_ASSIGNMENT = 'src/engine/checkpoint/state-assignment-operation.ts'

export const rescalingBreaks: readonly Break[] = [
  {
    id: 'key-group-range-too-wide',
    about: 'the range of a subtask ends with the first key group of the next one',
    file: KEY_GROUPS,
    find: 'Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism)',
    replace: 'Math.floor(((subtask + 1) * maxParallelism) / parallelism)',
    expected: ['restore-everything'],
  },
  {
    id: 'split-state-to-everyone',
    about: 'list state is given to every subtask in full',
    file: REPARTITIONER,
    find: "if (mode === 'SPLIT') first = split(assigned, name, old, first)\n    else if (mode === 'UNION')",
    replace: "if (mode !== 'BROADCAST')",
    expected: ['restore-everything'],
  },
  {
    id: 'odd-entries-lost',
    about: 'what is left over when list state is dealt out evenly is given to nobody',
    file: REPARTITIONER,
    find: 'Math.floor(total / parallelism) + (turn < odd ? 1 : 0)',
    replace: 'Math.floor(total / parallelism)',
    expected: ['restore-everything'],
  },
  {
    id: 'timers-of-other-key-groups',
    about: 'timers are not divided by key groups: several subtasks have them',
    file: 'src/engine/state/key-group-partition.ts',
    find: 'timers: timers.filter(isInside)',
    replace: 'timers',
    expected: ['restore-everything'],
  },
  {
    id: 'committables-of-removed-subtasks',
    about: 'a committer that takes over what another one held keeps its own only',
    file: 'src/engine/operators/committer-operator.ts',
    find: 'readCollector(restoredEntries(restored, COMMITTABLES_STATE))',
    replace: 'readCollector(restoredEntries(restored, COMMITTABLES_STATE).slice(0, 1))',
    expected: ['restore-everything'],
  },
  {
    id: 'keyed-state-of-one-subtask',
    about: 'of the keyed state of several subtasks the first one is restored',
    file: RESTORED_STATE,
    find: 'entries: [...one.entries, ...other.entries].sort((a, b) => compareKeys(a.key, b.key))',
    replace: 'entries: [...one.entries].sort((a, b) => compareKeys(a.key, b.key))',
    expected: ['restore-everything'],
  },
]

/** What scenarios do not have, or do not need: union state, a max parallelism that changes, and finished tasks behind others. */
export const rescalingGuards: readonly TestedBreak[] = [
  {
    id: 'union-state-like-split',
    about: 'at the same parallelism everyone gets his own union state only',
    file: STATE_ASSIGNMENT,
    find: "mode === 'UNION' ? [{ from, name, start: 0, end: entries }] : []",
    replace: "mode === 'UNION' ? [] : []",
    tests: 'src/engine/checkpoint/state-assignment-operation.test.ts',
  },
  {
    id: 'max-parallelism-not-kept',
    about: 'a new job goes by its own number of key groups, not by that of the checkpoint',
    file: MAX_PARALLELISM,
    find: 'maxParallelismDerived === true ? (operators[0]?.maxParallelism ?? maxParallelism) : maxParallelism',
    replace: 'maxParallelismDerived === true ? Math.max(maxParallelism, operators.length) : maxParallelism',
    tests: 'src/engine/checkpoint/max-parallelism.test.ts',
  },
  {
    id: 'max-parallelism-exceeded',
    about: 'a job may have more subtasks than its checkpoint has key groups',
    file: MAX_PARALLELISM,
    find: 'if (restored.maxParallelism < vertex.parallelism)',
    replace: 'if (restored.maxParallelism + 1 < vertex.parallelism)',
    tests: 'src/engine/checkpoint/max-parallelism.test.ts',
  },
  {
    id: 'records-by-own-key-groups',
    about: 'records go to the owner of another key group than their state',
    file: 'src/engine/task/task-deployment.ts',
    find: 'return deployment.maxParallelism ?? graph.configuration.maxParallelism',
    replace: 'return deployment.maxParallelism === undefined ? graph.configuration.maxParallelism : graph.configuration.maxParallelism',
    tests: 'src/search/rescaling.test.ts',
  },
  {
    id: 'finished-behind-running',
    about: 'a new job restores tasks that had finished, although something still comes to them',
    file: 'src/engine/checkpoint/vertex-finished-state-checker.ts',
    find: "if (before === 'FULLY_FINISHED' || ",
    replace: "if (before !== 'ALL_RUNNING' || ",
    tests: 'src/engine/checkpoint/vertex-finished-state-checker.test.ts',
  },
]
