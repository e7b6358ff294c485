/** Guards of broadcast state, of windows that merge, and of local copies of state: what campaigns find of them, and what unit tests do. */
import type { Break, TestedBreak } from './break.js'

const BROADCAST_PROCESS = 'src/engine/operators/broadcast-process.ts'
const KEYED_BROADCAST_PROCESS = 'src/engine/operators/keyed-broadcast-process.ts'
const BROADCAST_STATE = 'src/engine/state/broadcast-state.ts'
const BROADCAST_TEST = 'src/engine/operators/broadcast-process.test.ts'

export const stateBreaks: readonly Break[] = [
  {
    id: 'broadcast-state-not-restored',
    about: 'broadcast state without keys begins empty after a recovery',
    file: BROADCAST_PROCESS,
    find: 'open: (_context, restored) => openBroadcastState(names, restored)',
    replace: 'open: () => openBroadcastState(names, undefined)',
    expected: ['running-count', 'snapshot-is-a-view', 'state-exactly-once'],
  },
  {
    id: 'broadcast-state-beside-keys-not-restored',
    about: 'broadcast state beside keyed state begins empty after a recovery',
    file: KEYED_BROADCAST_PROCESS,
    find: 'open: (_context, restored) => openBroadcastState(names, restored)',
    replace: 'open: () => openBroadcastState(names, undefined)',
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
]
