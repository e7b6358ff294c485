import type { OperatorContext } from '../engine/operator.js'
import type { Where } from '../history/index.js'

/** Where an operator runs, as requests carry it and the history says it. */
export function whereOf({ vertex, subtask, attempt }: OperatorContext): Where {
  return { vertex, subtask, attempt }
}
