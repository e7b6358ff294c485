import { beginSequence, digestNumber, digestPlain, endOfMembers, fold, hashString } from '../../world/index.js'
import type { KeyedSnapshot } from '../state/heap-keyed-state.js'
import type { OperatorSnapshot, StoredContent, TaskSnapshot } from './state-handle.js'

/** Where the digest of a snapshot begins. */
const SNAPSHOT = 0x57a7e

/** Digests of what checkpoints are made of, for the trace: what a task acknowledges, with all that its operators hold. */
export function digestTaskSnapshot(digest: number, snapshot: TaskSnapshot): number {
  return digestTask(digest, snapshot, digestSnapshot)
}

/** Digest of what goes into a file. What metadata holds inline was read when the tasks acknowledged it: only its size is read again. */
export function digestStored(digest: number, content: StoredContent): number {
  const head = fold(digest, hashString(content.type))
  if ('state' in content) return digestSnapshot(head, content.state)
  const { checkpoint, operators, tasks, enumerators } = content.metadata
  let h = fold(fold(head, checkpoint), tasks.length)
  for (const task of tasks) h = digestTask(h, task, (before) => before)
  return digestPlain(digestPlain(h, operators), enumerators)
}

/** @param inline what is read of the content of a handle that holds it */
function digestTask(
  digest: number,
  { vertex, subtask, handles, finished }: TaskSnapshot,
  inline: (digest: number, content: OperatorSnapshot) => number,
): number {
  let h = fold(fold(fold(digest, vertex), subtask), finished ? handles.length : ~handles.length)
  for (const { uid, handle } of handles) {
    h = digestPlain(h, uid)
    h = handle.type === 'inline' ? inline(fold(h, handle.bytes), handle.content) : digestPlain(h, handle)
  }
  return h
}

function digestSnapshot(digest: number, snapshot: OperatorSnapshot): number {
  return fold(digest, snapshot.keyed === null ? digestPlain(SNAPSHOT, snapshot) : digestWithKeys(snapshot, snapshot.keyed))
}

/**
 * What `digestPlain` makes of it. Keyed state is the bulk of what checkpoints hold: its members are named here, not looked up one by one.
 */
function digestWithKeys({ checkpoint, vertex, subtask, attempt, state }: OperatorSnapshot, keyed: KeyedSnapshot): number {
  let h = digestPlain(digestNumber(SNAPSHOT, checkpoint), vertex)
  h = digestPlain(digestNumber(digestNumber(h, subtask), attempt), state)
  h = beginSequence(h, keyed.entries.length)
  for (const { key, cells } of keyed.entries) {
    h = beginSequence(digestPlain(h, key), cells.length)
    for (const { namespace, values, absorbed } of cells) {
      h = endOfMembers(digestPlain(digestPlain(digestNumber(h, namespace), values), absorbed), 3)
    }
    h = endOfMembers(h, 2)
  }
  h = endOfMembers(digestPlain(h, keyed.timers), 2)
  return endOfMembers(h, 6)
}
