/** A user function over keyed state that is shared by two inputs (Flink: `KeyedCoProcessFunction`, `KeyedCoProcessOperator`). */
import { refusePromise } from '../../world/index.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { KeyedCall, recordApply, requireKeyed, type KeyedProcessContext } from './keyed-process.js'
import { NO_LIST_STATE } from './operator-state.js'
import { noteFiring } from './timer-firings.js'

/** Pure code over the state of the current key, which both inputs share. */
export interface KeyedCoProcessFunction<A extends Value, B extends Value, R extends Value> {
  /** State `count` is the number of records absorbed under the key, from both inputs. */
  readonly countsRecords?: boolean
  processElement1(value: A, context: KeyedProcessContext<R>): void
  processElement2(value: B, context: KeyedProcessContext<R>): void
  onTimer?(timestamp: number, context: KeyedProcessContext<R>): void
}

/** Runs a keyed function of two inputs; `ordinal` is the operator's place in the job. */
export function keyedCoProcessOperator(fn: KeyedCoProcessFunction<Value, Value, Value>, ordinal: number): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, input, context, access) {
      const keyed = requireKeyed(access, context)
      const again = !keyed.absorb(record.id)
      const call = new KeyedCall(context, keyed, ordinal, record.id, record.timestamp)
      refusePromise(input === 0 ? fn.processElement1(record.value, call) : fn.processElement2(record.value, call), context.vertex)
      recordApply(record, keyed, again, fn.countsRecords === true, context)
    },
    timer(_state, timestamp, _namespace, context, keyed, firing) {
      const causes = context.record && keyed.absorbed()
      const cause = noteFiring(keyed, timestamp, firing)
      const call = new KeyedCall(context, keyed, ordinal, cause, timestamp, causes)
      refusePromise(fn.onTimer?.(timestamp, call), context.vertex)
    },
    snapshot: () => NO_LIST_STATE,
  }
}
