import type { HistoryFact } from '../../history/index.js'
import type { RecordedLine } from './recorded-line.js'

/**
 * What the log of Flink's checkpoint and failover classes tells about the protocol. Everything else in it is either told again by a
 * line of its own (completed checkpoints, aborted transactions), or has no meaning for a guarantee.
 *
 * - `Restoring job … from Checkpoint 3 @ …` (CheckpointCoordinator): what the job master chose; with `Savepoint` somebody asked for it
 * - `No checkpoint found during restore.`: an empty start, unless the job was given a snapshot to start from
 * - `Failed to trigger or complete checkpoint 4 …` (CheckpointFailureManager), reason in `thrown`: the checkpoint is aborted.
 *   (where the store was not sure whether it has it, that is the reason, for it may be restored later);
 *   `Checkpoint 4 of job … expired` and `Triggering Checkpoint 4 … failed` are always followed by it
 * - `Decline checkpoint 13 by task <job>_<vertex>_<subtask>_<attempt> …`: that task declined, reason in `thrown`
 */
export function factsOfLog(line: RecordedLine, startsFromSnapshot: boolean): HistoryFact[] {
  const message = line.optionalText('msg') ?? ''
  const thrown = line.optionalText('thrown') ?? ''
  if (message.startsWith('No checkpoint found during restore')) return startsFromSnapshot ? [] : [{ kind: 'restore-chosen' }]
  const restoring = /^Restoring job \S+ from (Checkpoint|Savepoint) (\d+) @ .*?(?: located at (.*?)\.?)?$/.exec(message)
  if (restoring !== null) return [restoreChosen(restoring[1] === 'Savepoint', Number(restoring[2]), restoring[3])]
  const failed = /^Failed to trigger or complete checkpoint (\d+) /.exec(message)
  if (failed !== null) return [{ kind: 'checkpoint-aborted', checkpoint: Number(failed[1]), reason: abortReason(thrown) }]
  const declined = /^Decline checkpoint (\d+) by task \w+_(\w+)_(\d+)_(\d+) /.exec(message)
  return declined === null ? [] : [declinedBy(declined, thrown)]
}

function restoreChosen(asked: boolean, checkpoint: number, path: string | undefined): HistoryFact {
  return { kind: 'restore-chosen', checkpoint, ...(asked && path !== undefined ? { path } : {}) }
}

/** The log names the vertex by its id; where the cause names the task, that is better. */
function declinedBy([, checkpoint, vertexId, subtask, attempt]: RegExpExecArray, thrown: string): HistoryFact {
  const named = /Task name with subtask : (.+?) \(\d+\/\d+\)#\d+/.exec(thrown)?.[1]
  return {
    kind: 'checkpoint-declined',
    checkpoint: Number(checkpoint),
    vertex: named ?? vertexId ?? '',
    subtask: Number(subtask),
    attempt: Number(attempt),
    reason: firstCause(thrown),
  }
}

/** The reason of an abort that leaves open whether the checkpoint is in the store; the simulator's coordinator gives the same. */
export const UNSURE = 'POSSIBLE_INCONSISTENT_STATE'

function abortReason(thrown: string): string {
  const unsure = thrown
    .split(' <- ')
    .some((cause) => /^(?:SerializedThrowable: )?[\w.$]*\bPossibleInconsistentStateException\b/.test(cause))
  return unsure ? `${UNSURE}: ${firstCause(thrown)}` : firstCause(thrown)
}

/** `CheckpointException: Checkpoint expired before completing. <- …` without the names of classes and without what caused it. */
function firstCause(thrown: string): string {
  const outermost = thrown.split(' <- ')[0] ?? ''
  const text = outermost.replace(/^(?:[\w.$]+: )+/, '').trim()
  return text === '' ? 'unknown' : text
}
