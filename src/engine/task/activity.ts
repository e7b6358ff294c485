/**
 * Calls that go through all operators of the chain and may have to wait in each: opening, preparing a checkpoint, notifying,
 * finishing. The task's thread does nothing else meanwhile (only cancellation and answers come through), as in Flink, where a flush
 * or a commit blocks it.
 */
import { takeCheckpoint } from './subtask-checkpoint-coordinator.js'
import { aborted } from './mailbox.js'
import { blockedOperator, chainFailure } from './operator-chain.js'
import { endWhenDone, operatorsFinished } from './task-end.js'
import { openOperator, operatorsOpened } from './task-start.js'
import type { Task } from './task.js'
import type { Activity } from './task-state.js'

/** Calls operator after operator until one blocks the thread or all are through. */
export function advanceActivity(task: Task, activity: Activity): void {
  const operators = task.vertex.operators.length
  while (activity.index < operators) {
    if (!activity.entered) {
      activity.entered = true
      enter(task, activity)
    }
    // An exception in the operator has ended the task.
    if (task.state.activity !== activity || chainFailure(task) !== undefined || blockedOperator(task) >= 0) return
    activity.index++
    activity.entered = false
  }
  task.state.activity = null
  complete(task, activity)
}

function enter(task: Task, activity: Activity): void {
  // Operators open from the tail to the head, so that whoever receives is ready before whoever emits (a committer before its writer).
  const index = activity.type === 'open' ? task.vertex.operators.length - 1 - activity.index : activity.index
  if (activity.type === 'open') return openOperator(task, index)
  const code = task.vertex.operators[index]?.code
  const call = task.calls[index]
  const state = task.state.operators[index]?.state
  if (code === undefined || call === undefined) return
  switch (activity.type) {
    case 'checkpoint':
      return code.prepareSnapshot?.(state, activity.barrier.checkpoint, call)
    case 'notify':
      return code.notifyComplete?.(state, activity.checkpoint, call)
    case 'finish':
      return code.finish?.(state, call)
  }
}

function complete(task: Task, activity: Activity): void {
  switch (activity.type) {
    case 'open':
      return operatorsOpened(task)
    case 'checkpoint':
      takeCheckpoint(task, activity.barrier)
      return endWhenDone(task)
    case 'notify':
      return notified(task, activity)
    case 'finish':
      return operatorsFinished(task)
  }
}

/** Every operator knows of the completed checkpoint; a finished task that it covers may end. */
function notified(task: Task, { thenAborted }: Activity & { readonly type: 'notify' }): void {
  task.context.reach('task.notify.done')
  if (thenAborted !== undefined) aborted(task, thenAborted)
  endWhenDone(task)
}
