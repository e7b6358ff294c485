import { keyGroupOf, type KeyGroupRange } from '../graph/key-groups.js'
import type { Key } from '../record.js'
import type { KeyedSnapshot } from './heap-keyed-state.js'

/**
 * The part of a snapshot's keyed state that lies in some key groups: entries, and timers, which are keyed state, too (Flink:
 * `StateSnapshotKeyGroupReader`, `InternalTimerServiceImpl.restoreTimersForKeyGroup`).
 *
 * Flink writes a snapshot in the order of key groups and notes where each begins. Here a key's group is computed when somebody asks for a
 * part: snapshots cost no more than they did, and only a restore at another parallelism pays.
 */
export function keyGroupsOf({ entries, timers }: KeyedSnapshot, { start, end }: KeyGroupRange, maxParallelism: number): KeyedSnapshot {
  const isInside = ({ key }: { readonly key: Key }): boolean => {
    const keyGroup = keyGroupOf(key, maxParallelism)
    return start <= keyGroup && keyGroup <= end
  }
  return { entries: entries.filter(isInside), timers: timers.filter(isInside) }
}
