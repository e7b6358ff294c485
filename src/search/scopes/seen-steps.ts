/** Facts that no history tells and a search must have come across: they are seen in the steps and states themselves. */
import type { StepListener, RivalRule } from '../../check/index.js'
import type { SometimesFacts } from './sometimes-facts.js'

/** Two attempts of a subtask are alive at once, neither of them at its end. */
export function rivalAttempts(sometimes: SometimesFacts): RivalRule {
  return {
    of: (actor, volatile) => {
      const [, subtask] = /^(task\/\d+\/\d+)\/\d+$/.exec(actor) ?? []
      return field(volatile, 'phase') === 'ENDED' ? undefined : subtask
    },
    met: () => {
      sometimes.note('two attempts alive')
    },
  }
}

/**
 * The end of a checkpoint is told to an attempt that is gone, which its TaskExecutor does not pass on; or to one that has reported this
 * checkpoint or a later one.
 */
export function lateNotifications(sometimes: SometimesFacts): StepListener {
  return (volatile, message, sent) => {
    if (message === undefined) return
    const mail = message.kind === 'to-task' ? field(message, 'mail') : message
    const kind = field(mail, 'kind')
    if (kind !== 'notify-complete' && kind !== 'notify-aborted') return
    const ignored = message.kind === 'to-task' ? !sent : kind === 'notify-complete' && isReported(field(mail, 'checkpoint'), volatile)
    if (ignored) sometimes.note('a late notification ignored')
  }
}

function isReported(checkpoint: unknown, task: unknown): boolean {
  const reported = field(task, 'latestReported')
  return typeof checkpoint === 'number' && typeof reported === 'number' && checkpoint <= reported
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined
}
