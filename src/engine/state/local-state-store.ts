/**
 * Copies of keyed state on the TaskManager that took it (Flink: `TaskLocalStateStoreImpl`, `TaskExecutorLocalStateStoresManager`). They
 * spare a restore the way to the checkpoint storage and are never what it rests on: what is not here is read from there. They belong to
 * the slots that the job holds: they go when the TaskManager loses its JobManager, and with its process, as its working directory does
 * unless it has a fixed `taskmanager.resource-id`; so the loss of the host takes nothing of them that a crash does not.
 */
import type { OperatorSnapshot } from '../checkpoint/state-handle.js'

/** What one task has put aside of one checkpoint. */
export interface LocalSnapshot {
  readonly vertex: number
  readonly subtask: number
  readonly checkpoint: number
  readonly operators: readonly LocalOperatorState[]
}

/** State of one operator, by its uid. */
export interface LocalOperatorState {
  readonly uid: string
  readonly snapshot: OperatorSnapshot
}

/** All copies of a TaskManager, by vertex, subtask and checkpoint. */
export type LocalStateStore = readonly LocalSnapshot[]

/** Puts a copy in, before the checkpoint is acknowledged. */
export function storeLocalState(store: LocalStateStore, snapshot: LocalSnapshot): LocalStateStore {
  const others = store.filter((other) => !isOf(other, snapshot) || other.checkpoint !== snapshot.checkpoint)
  return [...others, snapshot].sort((a, b) => a.vertex - b.vertex || a.subtask - b.subtask || a.checkpoint - b.checkpoint)
}

/** The checkpoint is complete: older copies of the subtask will not be restored any more. */
export function confirmCheckpoint(store: LocalStateStore, subtask: SubtaskOf, checkpoint: number): LocalStateStore {
  return store.filter((copy) => !isOf(copy, subtask) || copy.checkpoint >= checkpoint)
}

/** The checkpoint was aborted: its copy is of no use. */
export function abortCheckpoint(store: LocalStateStore, subtask: SubtaskOf, checkpoint: number): LocalStateStore {
  return store.filter((copy) => !isOf(copy, subtask) || copy.checkpoint !== checkpoint)
}

/** Only what the subtask is restored from stays; after a start from nothing (checkpoint null) there is nothing left of it. */
export function retainForRestore(store: LocalStateStore, subtask: SubtaskOf, checkpoint: number | null): LocalStateStore {
  return store.filter((copy) => !isOf(copy, subtask) || copy.checkpoint === checkpoint)
}

/** Copies of a subtask's operators; none when another TaskManager has taken them, or when they are lost. */
export function retrieveLocalState(store: LocalStateStore, subtask: SubtaskOf, checkpoint: number): readonly LocalOperatorState[] {
  return store.find((copy) => isOf(copy, subtask) && copy.checkpoint === checkpoint)?.operators ?? []
}

type SubtaskOf = Pick<LocalSnapshot, 'vertex' | 'subtask'>

function isOf(copy: SubtaskOf, { vertex, subtask }: SubtaskOf): boolean {
  return copy.vertex === vertex && copy.subtask === subtask
}
