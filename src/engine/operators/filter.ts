/** Lets some records through as they are (Flink: `FilterFunction`, `StreamFilter`). */
import { refusePromise } from '../../world/index.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { NO_LIST_STATE } from './operator-state.js'

/** Whether a record stays; pure. */
export interface FilterFunction<T extends Value> {
  filter(value: T): boolean
}

/** Runs a filter. A record keeps its identity; one that is dropped ends here. */
export function filterOperator(fn: FilterFunction<Value>): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context) {
      if (refusePromise(fn.filter(record.value), context.vertex)) {
        context.emit(record)
        return
      }
      const { vertex, subtask, attempt } = context
      context.record?.({ kind: 'record-ended', id: record.id, why: 'filtered', vertex, subtask, attempt })
    },
    snapshot: () => NO_LIST_STATE,
  }
}
