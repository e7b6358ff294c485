/** Mails of the JobManager, handled one at a time between elements (Flink: the mailbox of `StreamTask`). */
import type { FrequentFact } from '../../history/index.js'
import { onNotifyAborted, onTrigger } from './subtask-checkpoint-coordinator.js'
import { failTask } from './task-end.js'
import { decline } from './task-report.js'
import type { TaskMail } from './task-messages.js'
import type { Task } from './task.js'

/** Handles one mail. */
export function handleMail(task: Task, mail: TaskMail): void {
  switch (mail.kind) {
    case 'trigger-checkpoint':
      return onTrigger(task, { type: 'barrier', checkpoint: mail.checkpoint, options: mail.options })
    case 'notify-complete':
      return notifyComplete(task, mail.checkpoint)
    case 'notify-aborted':
      return notifyAborted(task, mail)
    case 'operator-event': {
      const call = task.calls[mail.operator]
      task.state.sourceIdle = false
      if (call !== undefined)
        task.vertex.operators[mail.operator]?.code.event?.(task.state.operators[mail.operator]?.state, mail.event, call)
      return
    }
    case 'cancel':
      return
  }
}

/** A trigger that reaches a task which is not running yet, or is closing, is declined (Flink: `Task.triggerCheckpointBarrier`). */
export function declineNotReady(task: Task, checkpoint: number): void {
  const closing = task.state.phase === 'CLOSING'
  decline(task, checkpoint, closing ? 'CHECKPOINT_DECLINED_TASK_CLOSING' : 'CHECKPOINT_DECLINED_TASK_NOT_READY')
}

/** Reports each checkpoint once and in order; the restored one counts as reported. */
function notifyComplete(task: Task, checkpoint: number, thenAborted?: number): void {
  const { state, context } = task
  // FLINK-10377: a late notification of a checkpoint that is already covered must not reach the operators again.
  if (checkpoint <= state.latestReported) return
  state.latestReported = checkpoint
  context.reach('task.notify.received')
  recordNotified(task, checkpoint, 'complete')
  if (context.fails('task.notify-complete')) return failTask(task, 'exception in notifyCheckpointComplete')
  state.activity = { type: 'notify', index: 0, entered: false, checkpoint, ...(thenAborted !== undefined && { thenAborted }) }
}

/** An abort carries the latest completed checkpoint: a notification that was lost is made up for first, by every operator. */
function notifyAborted(task: Task, { checkpoint, latestCompleted }: TaskMail & { readonly kind: 'notify-aborted' }): void {
  if (latestCompleted > task.state.latestReported) return notifyComplete(task, latestCompleted, checkpoint)
  aborted(task, checkpoint)
}

/** The operators are told of an abort. */
export function aborted(task: Task, checkpoint: number): void {
  recordNotified(task, checkpoint, 'abort')
  onNotifyAborted(task, checkpoint)
}

function recordNotified(task: Task, checkpoint: number, outcome: 'complete' | 'abort'): void {
  const { subtask, attempt } = task.deployment
  const { record } = task.context
  if (record === undefined) return
  for (const { name } of task.vertex.operators) {
    record({ kind: 'checkpoint-notified', vertex: name, subtask, attempt, checkpoint, outcome, seq: 0, t: 0 } satisfies FrequentFact)
  }
}
