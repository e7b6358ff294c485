/**
 * Inner join of two keyed streams in windows (Flink: `JoinedStreams`, which it builds of a union and a window). When a window fires,
 * every pair of a left and a right record of the key makes a result; the identity of a result is that of its pair and the window.
 */
import type { KeyedStateAccess, OperatorContext, StreamOperator } from '../operator.js'
import { pairIdentity, type StreamRecord, type Value } from '../record.js'
import { DerivedOutput } from './derived-output.js'
import { requireKeyed } from './keyed-process.js'
import { listOf, membersOf } from './members.js'
import { NO_LIST_STATE } from './operator-state.js'
import type { WindowAssigner } from './window-assigner.js'
import { addToWindows, windowKey } from './window-operator.js'

/** Makes a result of a pair; pure. */
export interface JoinFunction<A extends Value, B extends Value, R extends Value> {
  join(left: A, right: B): R
}

/** Names of the keyed states, for input 0 and 1. */
type Side = 'left' | 'right'

/** Joins its two inputs; `ordinal` is the operator's place in the job. */
export function windowJoinOperator(
  assigner: WindowAssigner,
  fn: JoinFunction<Value, Value, Value>,
  ordinal: number,
): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, input, context, access) {
      const keyed = requireKeyed(access, context)
      const side = input === 0 ? 'left' : 'right'
      addToWindows(assigner, record, keyed, context, (start) => {
        const element = { id: record.id, value: record.value }
        keyed.put(side, [...listOf(keyed.get(side, start)), element], start)
      })
    },
    timer(_state, timestamp, start, context, keyed) {
      const left = elementsOf(keyed, 'left', start)
      const right = elementsOf(keyed, 'right', start)
      for (const a of left) {
        for (const b of right) {
          const output = new DerivedOutput(context, ordinal, pairIdentity(a.id, b.id, start), timestamp, [a.id, b.id])
          output.collect(fn.join(a.value, b.value))
        }
      }
      if (right.length === 0) endUnmatched(left, windowKey(keyed, start), context)
      if (left.length === 0) endUnmatched(right, windowKey(keyed, start), context)
      keyed.clear(start)
    },
    snapshot: () => NO_LIST_STATE,
  }
}

type Element = Pick<StreamRecord, 'id' | 'value'>

function elementsOf(keyed: KeyedStateAccess, side: Side, start: number): readonly Element[] {
  return listOf(keyed.own(side, start)).flatMap((entry) => {
    const { id, value } = membersOf(entry) ?? {}
    return typeof id === 'number' && value !== undefined ? [{ id, value }] : []
  })
}

function endUnmatched(elements: readonly Element[], key: string, context: OperatorContext): void {
  const { vertex, subtask, attempt } = context
  for (const { id } of elements) context.record?.({ kind: 'record-ended', id, why: 'unmatched', key, vertex, subtask, attempt })
}
