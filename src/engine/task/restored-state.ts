/** What a subtask restores of an operator, put together from the handles that it was given (Flink: `OperatorSubtaskState`). */
import type { OperatorSnapshot, StatePart } from '../checkpoint/state-handle.js'
import type { OperatorState } from '../operator.js'
import { compareKeys, compareTimers, type KeyedSnapshot } from '../state/heap-keyed-state.js'
import { keyGroupsOf } from '../state/key-group-partition.js'
import type { RestoredOperator } from './task-state.js'

type Lists = OperatorState['lists']

/** The state of one operator, null where it was given none; a single handle that is given whole is restored as it is. */
export function restoredState(restored: readonly RestoredOperator[], maxParallelism: number): OperatorSnapshot | null {
  const parts = restored.flatMap(({ snapshot, part }) => (snapshot === null ? [] : [cut(snapshot, part, maxParallelism)]))
  const [first, ...others] = parts
  if (first === undefined || others.length === 0) return first ?? null
  return {
    ...first,
    state: { lists: others.reduce((lists, { state }) => mergeLists(lists, state.lists), first.state.lists) },
    keyed: parts.map(({ keyed }) => keyed).reduce(mergeKeyed),
  }
}

function cut(snapshot: OperatorSnapshot, part: StatePart | undefined, maxParallelism: number): OperatorSnapshot {
  if (part === undefined) return snapshot
  const { keyed, state } = snapshot
  const { keyGroups, lists } = part
  return {
    ...snapshot,
    state: { lists: state.lists.flatMap((list) => lists.filter(({ name }) => name === list.name).map((slice) => sliceOf(list, slice))) },
    keyed: keyed === null || keyGroups === null ? null : keyGroupsOf(keyed, keyGroups, maxParallelism),
  }
}

function sliceOf(list: Lists[number], { start, end }: StatePart['lists'][number]): Lists[number] {
  return { ...list, entries: list.entries.slice(start, end) }
}

/** Lists of one name become one, entries in the order of the handles. */
function mergeLists(one: Lists, other: Lists): Lists {
  const merged = one.map((list) => {
    const same = other.find(({ name }) => name === list.name)
    return same === undefined ? list : { ...list, entries: [...list.entries, ...same.entries] }
  })
  return [...merged, ...other.filter(({ name }) => one.every((list) => list.name !== name))]
}

function mergeKeyed(one: KeyedSnapshot | null, other: KeyedSnapshot | null): KeyedSnapshot | null {
  if (one === null || other === null) return one ?? other
  return {
    entries: [...one.entries, ...other.entries].sort((a, b) => compareKeys(a.key, b.key)),
    timers: [...one.timers, ...other.timers].sort(compareTimers),
  }
}
