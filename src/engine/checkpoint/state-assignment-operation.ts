/**
 * Which subtask gets what of a checkpoint (Flink: `StateAssignmentOperation`). At the parallelism at which the checkpoint was taken each
 * subtask gets what it had; at another one keyed state follows its key groups, and lists are dealt out anew. State is found by the
 * operator's uid. It works on handles: what they refer to is read, and cut, by the task that restores it.
 */
import { intersectionOf, keyGroupRangeOf } from '../graph/key-groups.js'
import type { JobVertex } from '../graph/job-graph.js'
import { repartition, type ListMeta, type ListSlice } from './operator-state-repartitioner.js'
import {
  listsOf,
  type AssignedHandle,
  type CheckpointedOperator,
  type CheckpointMetadata,
  type OperatorHandle,
  type StateHandle,
  type StatePart,
} from './state-handle.js'

/** Handles of a vertex' subtasks, by subtask; those of one operator are in the order of its former subtasks. */
export function assignStates(metadata: CheckpointMetadata, vertex: JobVertex): readonly (readonly AssignedHandle[])[] {
  const assigned = Array.from({ length: vertex.parallelism }, (): AssignedHandle[] => [])
  for (const { uid } of vertex.operators) {
    const operator = metadata.operators.find((other) => other.uid === uid)
    if (operator === undefined) continue
    const handles = handlesOf(metadata, operator)
    if (operator.parallelism === vertex.parallelism) assignUnchanged(assigned, handles)
    else assignRescaled(assigned, withoutFinished(handles, operator), operator)
  }
  return assigned
}

/** Handles of an operator by former subtask; one that has reported nothing has none. */
function handlesOf({ tasks }: CheckpointMetadata, { uid, parallelism }: CheckpointedOperator): readonly (OperatorHandle | undefined)[] {
  const handles = Array.from({ length: parallelism }, (): OperatorHandle | undefined => undefined)
  for (const task of tasks) {
    const handle = task.handles.find((other) => other.uid === uid)
    if (handle !== undefined) handles[task.subtask] = handle
  }
  return handles
}

/** Everyone keeps what he had; of union state he gets that of the others, too. */
function assignUnchanged(assigned: readonly AssignedHandle[][], handles: readonly (OperatorHandle | undefined)[]): void {
  for (const [subtask, mine] of assigned.entries()) {
    for (const [from, handle] of handles.entries()) {
      if (handle === undefined) continue
      if (from === subtask) mine.push(handle)
      else addPart(mine, handle, { keyGroups: null, lists: unionState(from, handle) })
    }
  }
}

function unionState(from: number, { handle }: OperatorHandle): readonly ListSlice[] {
  return metaOf(handle).flatMap(({ name, mode, entries }) => (mode === 'UNION' ? [{ from, name, start: 0, end: entries }] : []))
}

/**
 * What finished subtasks had is of no use to those that go on. Where all have finished we keep it: Flink runs no operators then, here they
 * begin and end again with nothing left to do.
 */
function withoutFinished(
  handles: readonly (OperatorHandle | undefined)[],
  { finished, parallelism }: CheckpointedOperator,
): readonly (OperatorHandle | undefined)[] {
  if (finished.length === parallelism) return handles
  return handles.map((handle, subtask) => (finished.includes(subtask) ? undefined : handle))
}

function assignRescaled(
  assigned: readonly AssignedHandle[][],
  handles: readonly (OperatorHandle | undefined)[],
  { parallelism, maxParallelism }: CheckpointedOperator,
): void {
  const lists = repartition(
    handles.map((handle) => (handle === undefined ? [] : metaOf(handle.handle))),
    assigned.length,
  )
  for (const [subtask, mine] of assigned.entries()) {
    const range = keyGroupRangeOf(subtask, assigned.length, maxParallelism)
    for (const [from, handle] of handles.entries()) {
      if (handle === undefined) continue
      const keyGroups = isKeyed(handle.handle) ? intersectionOf(keyGroupRangeOf(from, parallelism, maxParallelism), range) : null
      addPart(mine, handle, { keyGroups, lists: lists[subtask]?.filter((slice) => slice.from === from) ?? [] })
    }
  }
}

/** A handle of which nothing is given is not given. */
function addPart(mine: AssignedHandle[], { uid, handle }: OperatorHandle, part: StatePart): void {
  if (part.keyGroups !== null || part.lists.length > 0) mine.push({ uid, handle, part })
}

function metaOf(handle: StateHandle): readonly ListMeta[] {
  return handle.type === 'file' ? handle.lists : listsOf(handle.content.state)
}

function isKeyed(handle: StateHandle): boolean {
  return handle.type === 'file' ? handle.keyed : handle.content.keyed !== null
}
