import type { StreamOperator } from '../../src/engine/operator.js'
import { passOn } from './task-bench.js'

/** An operator that passes records on, and notes how it ends. */
export function noting(calls: string[]): StreamOperator<null, never> {
  return {
    ...passOn,
    finish(_state, context) {
      calls.push('finish')
      context.emit({ id: 99, value: 0, timestamp: 0 })
    },
    close: (_state, reason) => void calls.push(`close ${reason}`),
    notifyComplete: (_state, checkpoint) => void calls.push(`complete ${checkpoint}`),
  }
}
