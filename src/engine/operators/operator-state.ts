import type { ListEntry, OperatorState } from '../operator.js'

/** What an operator without list state puts into a checkpoint. */
export const NO_LIST_STATE: OperatorState = { lists: [] }

/** Entries of one list state that were assigned to this subtask; none at a start without a checkpoint. */
export function restoredEntries(state: OperatorState | undefined, name: string): readonly ListEntry[] {
  const entries: ListEntry[] = []
  for (const list of state?.lists ?? []) if (list.name === name) for (const entry of list.entries) entries.push(entry)
  return entries
}
