/** Guards of broadcast state, of windows that merge, and of local copies of state: what campaigns find of them, and what unit tests do. */
import type { Break, TestedBreak } from './break.js'

const BROADCAST_PROCESS = 'src/engine/operators/broadcast-process.ts'
const KEYED_BROADCAST_PROCESS = 'src/engine/operators/keyed-broadcast-process.ts'
const BROADCAST_STATE = 'src/engine/state/broadcast-state.ts'
const LOCAL_STATE_STORE = 'src/engine/state/local-state-store.ts'
const LOCAL_STATE_STORE_TEST = 'src/engine/state/local-state-store.test.ts'
const HEAP_KEYED_STATE = 'src/engine/state/heap-keyed-state.ts'
const KEYED_ACCESS = 'src/engine/state/keyed-access.ts'
const SESSION_WINDOWS = 'src/engine/operators/session-window-operator.ts'
const SESSION_TEST = 'src/engine/operators/session-window-operator.test.ts'
const TIMER_FIRINGS = 'src/engine/operators/timer-firings.ts'
const KEYED_PROCESS_TEST = 'src/engine/operators/keyed-process.test.ts'
const BROADCAST_TEST = 'src/engine/operators/broadcast-process.test.ts'

export const stateBreaks: readonly Break[] = [
  {
    id: 'broadcast-state-not-restored',
    about: 'broadcast state without keys begins empty after a recovery',
    file: BROADCAST_PROCESS,
    find: 'open: (context, restored) => openBroadcastState(names, restored, context)',
    replace: 'open: (context) => openBroadcastState(names, undefined, context)',
    expected: ['running-count', 'snapshot-is-a-view', 'state-exactly-once'],
  },
  {
    id: 'broadcast-state-beside-keys-not-restored',
    about: 'broadcast state beside keyed state begins empty after a recovery',
    file: KEYED_BROADCAST_PROCESS,
    find: 'open: (context, restored) => openBroadcastState(names, restored, context)',
    replace: 'open: (context) => openBroadcastState(names, undefined, context)',
    expected: ['running-count', 'snapshot-is-a-view', 'state-exactly-once'],
  },
  {
    id: 'broadcast-state-of-one-subtask',
    about: 'only the first subtask puts its broadcast state into a snapshot',
    file: KEYED_BROADCAST_PROCESS,
    find: 'snapshot: snapshotBroadcastState',
    replace: 'snapshot: (state, _checkpoint, { subtask }) => (subtask === 0 ? snapshotBroadcastState(state) : { lists: [] })',
    expected: ['running-count', 'snapshot-is-a-view', 'state-exactly-once'],
  },
  {
    id: 'merged-identities-forgotten',
    about: 'what a window has absorbed does not go over to the one it has become part of',
    file: SESSION_WINDOWS,
    find: '  for (const id of keyed.absorbed(part.state)) keyed.absorb(id, whole.state)\n',
    replace: '',
    expected: ['output-at-least-once'],
  },
  {
    id: 'merged-window-cleared',
    about: 'the contents of a window that has become part of another are dropped with it',
    file: SESSION_WINDOWS,
    find: '  if (part.state === whole.state) return\n',
    replace: '  if (part.state === whole.state) return keyed.clear(part.state)\n',
    expected: ['output-at-least-once', 'state-at-least-once'],
  },
  {
    id: 'first-value-of-a-key-restored',
    about: 'of several values under one key only the first is restored',
    file: HEAP_KEYED_STATE,
    find: '        values: copyValues(values),\n        absorbed: [...absorbed],',
    replace: '        values: copyValues(Object.fromEntries(Object.entries(values).slice(0, 1))),\n        absorbed: [...absorbed],',
    expected: ['restored-as-stored'],
  },
  {
    id: 'values-not-put-aside',
    about: 'who changes a value while a snapshot is being written changes it in the snapshot, too',
    file: KEYED_ACCESS,
    find: '{ namespace, values: copyValues(cell.values), absorbed',
    replace: '{ namespace, values: cell.values, absorbed',
    expected: ['snapshot-is-a-view'],
  },
]

export const stateGuards: readonly TestedBreak[] = [
  {
    id: 'broadcast-maps-not-in-snapshot',
    about: 'a snapshot tells which broadcast elements were taken in, without what they said',
    file: BROADCAST_STATE,
    find: 'entries: entries.map(({ key, value }): ListEntry => ({ key, value }))',
    replace: 'entries: []',
    tests: BROADCAST_TEST,
  },
  {
    id: 'broadcast-element-known-for-new',
    about: 'a broadcast element that is in the state already is not told from a new one',
    file: BROADCAST_STATE,
    find: '  if (state.absorbed.includes(id)) return false\n',
    replace: '',
    tests: BROADCAST_TEST,
  },
  {
    id: 'merged-contents-dropped',
    about: 'a window that becomes part of another leaves its contents behind, and takes only the identities along',
    file: SESSION_WINDOWS,
    find: 'kept === undefined ? moved : refusePromise(contents.merge(kept, moved), context.vertex)',
    replace: 'kept ?? moved',
    tests: SESSION_TEST,
  },
  {
    id: 'firings-not-counted',
    about: 'what a timer brings about when it fires again passes for what its first firing has brought about',
    file: TIMER_FIRINGS,
    find: 'fired: firing + 1',
    replace: 'fired',
    tests: KEYED_PROCESS_TEST,
  },
  {
    id: 'askers-forgotten',
    about: 'a record that comes again is given the next firing of a timer: a duplicate passes for new',
    file: TIMER_FIRINGS,
    find: 'if (before >= 0) return before',
    replace: 'if (before === fired) return before',
    tests: KEYED_PROCESS_TEST,
  },
  {
    id: 'timers-of-merged-windows-stay',
    about: 'the timer of a window that has become part of another stays: it wakes the operator for a window that is not there',
    file: SESSION_WINDOWS,
    find: '  deleteTimer(keyed, context, part.end - 1, part.start)\n',
    replace: '',
    tests: SESSION_TEST,
  },
  {
    id: 'late-by-its-own-window',
    about: 'a record is called late although it has become part of a window that is not',
    file: SESSION_WINDOWS,
    find: 'if (result.end - 1 <= context.watermark) return',
    replace: 'if (assigner.assign(record.timestamp).end - 1 <= context.watermark) return',
    tests: SESSION_TEST,
  },
  {
    id: 'windows-that-touch-stay-apart',
    about: 'windows merge only where they overlap, not where one begins when the other ends',
    file: 'src/engine/operators/merging-window-set.ts',
    find: 'window.start <= added.end && window.end >= added.start',
    replace: 'window.start < added.end && window.end > added.start',
    tests: 'src/engine/operators/merging-window-set.test.ts',
  },
  {
    id: 'writes-behind-its-end',
    about: 'a writer that was restored at its end takes a record in, which it will never publish',
    file: 'src/engine/operators/sink-writer-operator.ts',
    find: 'if (state.endOfInput) state.endedTooEarly = true\n      else refusePromise',
    replace: 'refusePromise',
    tests: 'src/engine/operators/sink-writer-operator.test.ts',
  },
  {
    id: 'local-copies-never-pruned',
    about: 'copies that are older than a completed checkpoint stay on the TaskManager',
    file: LOCAL_STATE_STORE,
    find: '!isOf(copy, subtask) || copy.checkpoint >= checkpoint)',
    replace: '!isOf(copy, subtask) || copy.checkpoint >= 0)',
    tests: LOCAL_STATE_STORE_TEST,
  },
  {
    id: 'aborted-local-copy-stays',
    about: 'the copy of an aborted checkpoint stays on the TaskManager',
    file: LOCAL_STATE_STORE,
    find: '!isOf(copy, subtask) || copy.checkpoint !== checkpoint)',
    replace: '!isOf(copy, subtask) || copy.checkpoint >= 0)',
    tests: LOCAL_STATE_STORE_TEST,
  },
  {
    id: 'local-copy-of-any-checkpoint',
    about: 'a task is restored from whatever copy its TaskManager has, be it of another checkpoint',
    file: LOCAL_STATE_STORE,
    find: 'store.find((copy) => isOf(copy, subtask) && copy.checkpoint === checkpoint)',
    replace: 'store.findLast((copy) => isOf(copy, subtask))',
    tests: LOCAL_STATE_STORE_TEST,
  },
]
