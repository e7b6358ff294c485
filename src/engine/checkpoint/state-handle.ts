/**
 * What a checkpoint is made of: the content of operator states, handles to it, and the metadata that lists them
 * (Flink: `OperatorSubtaskState`, `StreamStateHandle`, `CheckpointMetadata`).
 */
import type { KeyGroupRange } from '../graph/key-groups.js'
import type { OperatorState, SplitState } from '../operator.js'
import { holdsState, type KeyedSnapshot } from '../state/heap-keyed-state.js'
import type { ListMeta, ListSlice } from './operator-state-repartitioner.js'

/** State of one operator subtask in a checkpoint, with where it comes from. Never changed once made. */
export interface OperatorSnapshot {
  readonly checkpoint: number
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly state: OperatorState
  readonly keyed: KeyedSnapshot | null
}

/** Who deletes a file: `exclusive` belongs to one checkpoint, `shared` to several, `task-owned` is never deleted by the JobManager. */
export type FileScope = 'exclusive' | 'shared' | 'task-owned'

/** Where the content is: inside the handle (Flink: `ByteStreamStateHandle`), or in a file. */
export type StateHandle =
  | { readonly type: 'inline'; readonly bytes: number; readonly content: OperatorSnapshot }
  | {
      readonly type: 'file'
      readonly bytes: number
      readonly path: string
      readonly scope: FileScope
      /** What a file holds, as far as it must be known to deal it out: its lists, and whether there is keyed state. */
      readonly lists: readonly ListMeta[]
      readonly keyed: boolean
    }

/** Handle of one operator subtask. */
export interface OperatorHandle {
  readonly uid: string
  readonly handle: StateHandle
}

/** Handle of which a subtask is given all, or a part. */
export interface AssignedHandle extends OperatorHandle {
  /** Absent: all of it. */
  readonly part?: StatePart
}

/** The part of a former subtask's state that a subtask gets: keyed state in these key groups, and slices of its lists. */
export interface StatePart {
  /** Null: no keyed state. */
  readonly keyGroups: KeyGroupRange | null
  readonly lists: readonly ListSlice[]
}

/** What one task acknowledges (Flink: `TaskStateSnapshot`). */
export interface TaskSnapshot {
  readonly vertex: number
  readonly subtask: number
  readonly handles: readonly OperatorHandle[]
  /** The task had finished its operators: the snapshot will not change any more. */
  readonly finished: boolean
}

/** A source coordinator's state: splits not yet given to a reader. */
export interface EnumeratorSnapshot {
  readonly uid: string
  readonly unassigned: readonly SplitState[]
}

/** What must be known of an operator to restore it at another parallelism (Flink: `OperatorState`). */
export interface CheckpointedOperator {
  readonly uid: string
  readonly parallelism: number
  readonly maxParallelism: number
  /** Subtasks that had FINISHED when the checkpoint was triggered. */
  readonly finished: readonly number[]
}

/** Content of a checkpoint's `_metadata`. */
export interface CheckpointMetadata {
  readonly checkpoint: number
  /** In the order of the job. */
  readonly operators: readonly CheckpointedOperator[]
  /** Sorted by vertex and subtask. */
  readonly tasks: readonly TaskSnapshot[]
  readonly enumerators: readonly EnumeratorSnapshot[]
}

/** What a file of the checkpoint storage holds. */
export type StoredContent =
  { readonly type: 'state'; readonly state: OperatorSnapshot } | { readonly type: 'metadata'; readonly metadata: CheckpointMetadata }

/** Size of a snapshot, bytes: a fixed head and so much for each entry that Flink would hold. Decides between inline and file. */
export function sizeOf(snapshot: OperatorSnapshot): number {
  let bytes = 32
  for (const list of snapshot.state.lists) bytes += 48 * list.entries.length
  if (snapshot.keyed === null) return bytes
  for (const { cells } of snapshot.keyed.entries) if (holdsState(cells)) bytes += 64
  return bytes + 24 * snapshot.keyed.timers.length
}

/** The lists of a snapshot, without their content. */
export function listsOf({ lists }: OperatorState): readonly ListMeta[] {
  return lists.map(({ name, mode, entries }) => ({ name, mode, entries: entries.length }))
}

/** Files that a checkpoint's metadata refers to. */
export function filesOf(metadata: CheckpointMetadata): readonly string[] {
  const paths: string[] = []
  for (const { handles } of metadata.tasks) for (const { handle } of handles) if (handle.type === 'file') paths.push(handle.path)
  return paths
}
