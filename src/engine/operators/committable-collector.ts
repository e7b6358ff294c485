/**
 * The committables of one checkpoint, by writer subtask (Flink: `CheckpointCommittableManagerImpl`, `SubtaskCommittableManager`).
 */
import type { Failure, ListEntry } from '../operator.js'
import type { Value } from '../record.js'
import type { CommittableMessage } from './committable-message.js'
import { listOf, membersOf } from './members.js'

/** What one writer subtask sent for a checkpoint. */
export interface SubtaskCommittables {
  readonly subtask: number
  /** How many its summaries announced. */
  announced: number
  readonly requests: CommitRequest[]
}

/** Flink: `CommitRequestImpl`. */
export interface CommitRequest {
  readonly committable: Value
  /** How often it was tried without an end: it takes part in round `tries`. */
  tries: number
  /** Committed, or dropped for a known reason. */
  done: boolean
}

/** Subtasks are sorted. */
export interface CheckpointCommittables {
  readonly checkpoint: number
  readonly subtasks: SubtaskCommittables[]
}

/** All committables of a committer, sorted by checkpoint. */
export type CommittableCollector = CheckpointCommittables[]

/**
 * Takes a message of a writer in, or tells why it cannot be: there is one summary of each writer for a checkpoint, and it comes before
 * the committables (Flink throws; FLINK-25920). A writer that repeats the summary of a checkpoint that was restored is refused as well.
 */
export function collect(collector: CommittableCollector, message: CommittableMessage): Failure {
  const { checkpoint, subtask } = message
  const known = collector.find((of) => of.checkpoint === checkpoint)?.subtasks.find((of) => of.subtask === subtask)
  const whose = `writer ${String(subtask)} for checkpoint ${String(checkpoint)}`
  if (message.type === 'summary') {
    if (known !== undefined) return `a second summary of ${whose}`
    subtaskOf(checkpointOf(collector, checkpoint), subtask).announced = message.count
    return undefined
  }
  if (known === undefined || known.requests.length >= known.announced) return `a committable of ${whose} that was not announced`
  known.requests.push({ committable: message.committable, tries: 0, done: false })
  return undefined
}

function checkpointOf(collector: CommittableCollector, checkpoint: number): CheckpointCommittables {
  const index = collector.findIndex((other) => other.checkpoint >= checkpoint)
  const found = collector[index]
  if (found?.checkpoint === checkpoint) return found
  const added: CheckpointCommittables = { checkpoint, subtasks: [] }
  collector.splice(index < 0 ? collector.length : index, 0, added)
  return added
}

function subtaskOf({ subtasks }: CheckpointCommittables, subtask: number): SubtaskCommittables {
  const index = subtasks.findIndex((other) => other.subtask >= subtask)
  const found = subtasks[index]
  if (found?.subtask === subtask) return found
  const added: SubtaskCommittables = { subtask, announced: 0, requests: [] }
  subtasks.splice(index < 0 ? subtasks.length : index, 0, added)
  return added
}

/** A writer whose announced committables have not all arrived, if any. */
export function incompleteSubtask({ subtasks }: CheckpointCommittables): SubtaskCommittables | undefined {
  return subtasks.find(({ announced, requests }) => announced !== requests.length)
}

/** Requests without an end, in the order they are committed. */
export function pendingRequests({ subtasks }: CheckpointCommittables): readonly CommitRequest[] {
  const pending: CommitRequest[] = []
  for (const { requests } of subtasks) for (const request of requests) if (!request.done) pending.push(request)
  return pending
}

/**
 * Everything not yet committed, in the order of committing, as one entry of list state: whatever the parallelism becomes, one committer
 * goes on with all of it, and keeps its order (Flink: `CommittableCollectorSerializer`).
 */
export function writeCollector(collector: CommittableCollector, nameOf: (committable: Value) => string): ListEntry {
  const committables: Value[] = []
  for (const { checkpoint, subtasks } of collector) {
    for (const { subtask, requests } of subtasks) {
      for (const { committable } of requests) committables.push({ name: nameOf(committable), checkpoint, subtask, committable })
    }
  }
  return { committables }
}

/**
 * Merges recovered collectors. A recovered writer has nothing to add to its old checkpoints, so that what is there is what was announced.
 */
export function readCollector(entries: readonly ListEntry[]): CommittableCollector {
  const collector: CommittableCollector = []
  for (const entry of entries) {
    for (const one of listOf(membersOf(entry)?.['committables'])) {
      const { checkpoint, subtask, committable } = readCommittable(one)
      const recovered = subtaskOf(checkpointOf(collector, checkpoint), subtask)
      recovered.announced++
      recovered.requests.push({ committable, tries: 0, done: false })
    }
  }
  return collector
}

function readCommittable(entry: Value): { readonly checkpoint: number; readonly subtask: number; readonly committable: Value } {
  const { checkpoint, subtask, committable } = membersOf(entry) ?? {}
  if (typeof checkpoint === 'number' && typeof subtask === 'number' && committable !== undefined)
    return { checkpoint, subtask, committable }
  throw new TypeError(`list state of a committer holds ${JSON.stringify(entry)}, which is not a committable`)
}
