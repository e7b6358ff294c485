import type { HistoryEvent, HistoryHeader } from '../history/index.js'
import { subtaskName } from './names.js'

/**
 * Which subtasks had FINISHED when a checkpoint was triggered. Flink stores nothing of them: `DefaultCheckpointPlan` gives each operator
 * of theirs a `FinishedOperatorSubtaskState`, so that whoever restores it begins empty. The simulator keeps their last snapshot instead
 * (docs/concepts.md), and its histories are not read this way.
 */
export interface FinishedSubtasks {
  readonly recorded: boolean
  /** Subtasks of the current job whose task has FINISHED, and the `seq` of that. */
  readonly now: Map<string, number>
  /** The same for each checkpoint as it was when it was triggered. */
  readonly atTrigger: Map<number, ReadonlyMap<string, number>>
}

/** None yet. */
export function createFinishedSubtasks({ origin }: HistoryHeader): FinishedSubtasks {
  return { recorded: origin === 'recorded', now: new Map(), atTrigger: new Map() }
}

/** A new job: all its subtasks are yet to run. */
export function forgetFinished({ now, atTrigger }: FinishedSubtasks): void {
  now.clear()
  atTrigger.clear()
}

/** The task of an operator's subtask has FINISHED. */
export function noteFinished({ now }: FinishedSubtasks, vertex: string, { subtask, seq }: { subtask: number; seq: number }): void {
  now.set(subtaskName(vertex, subtask), seq)
}

/** A later attempt of an operator's subtask runs. */
export function noteRunsAgain({ now }: FinishedSubtasks, vertex: string, subtask: number): void {
  now.delete(subtaskName(vertex, subtask))
}

/** A checkpoint was triggered: its plan is made. */
export function notePlan({ recorded, now, atTrigger }: FinishedSubtasks, { checkpoint }: HistoryEvent & { checkpoint: number }): void {
  if (recorded) atTrigger.set(checkpoint, new Map(now))
}

/** When a subtask finished that takes no part in a checkpoint for it, `seq`; undefined for one that takes part. */
export function finishedBefore({ atTrigger }: FinishedSubtasks, vertex: string, subtask: number, checkpoint: number): number | undefined {
  return atTrigger.get(checkpoint)?.get(subtaskName(vertex, subtask))
}
