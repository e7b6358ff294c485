/**
 * User functions of a stream and a broadcast one, with state that every subtask has in full (Flink: `BroadcastProcessFunction`,
 * `CoBroadcastWithNonKeyedOperator`). Input 0 may read the state, input 1, the broadcast one, may change it.
 *
 * Not here: `KeyedBroadcastProcessFunction.Context.applyToKeyedState`.
 */
import { refusePromise } from '../../world/index.js'
import type { OperatorContext, StreamOperator } from '../operator.js'
import type { StreamRecord, Value } from '../record.js'
import {
  absorbElement,
  BroadcastMap,
  openBroadcastState,
  snapshotBroadcastState,
  type BroadcastState,
  type MapStateDescriptor,
  type OperatorBroadcastState,
  type ReadOnlyBroadcastState,
} from '../state/broadcast-state.js'
import { GivenObjects } from '../state/given-objects.js'
import { DerivedOutput } from './derived-output.js'
import type { ProcessContext } from './process.js'

/** What a function may do with an element of the stream that is not broadcast (Flink: `ReadOnlyContext`). */
export interface ReadOnlyBroadcastContext<R extends Value> extends ProcessContext<R> {
  getBroadcastState(descriptor: MapStateDescriptor): ReadOnlyBroadcastState
}

/** What a function may do with a broadcast element (Flink: `BroadcastProcessFunction.Context`). */
export interface BroadcastContext<R extends Value> extends ProcessContext<R> {
  getBroadcastState(descriptor: MapStateDescriptor): BroadcastState
}

/** Pure code over broadcast state. Every subtask must do the same with a broadcast element. */
export interface BroadcastProcessFunction<T extends Value, B extends Value, R extends Value> {
  processElement(value: T, context: ReadOnlyBroadcastContext<R>): void
  processBroadcastElement(value: B, context: BroadcastContext<R>): void
}

/** Runs a function; `names` are those of the broadcast state, `ordinal` is the operator's place in the job. */
export function broadcastProcessOperator(
  fn: BroadcastProcessFunction<Value, Value, Value>,
  names: readonly string[],
  ordinal: number,
): StreamOperator<OperatorBroadcastState, never> {
  return {
    open: (context, restored) => openBroadcastState(names, restored, context),
    process(state, record, input, context) {
      if (input === 1) return processBroadcastElement(fn, state, record, context, ordinal)
      const call = new BroadcastCall(context, ordinal, record, state)
      const { vertex, subtask, attempt } = context
      refusePromise(fn.processElement(record.value, call), vertex)
      if (call.used) context.record?.({ kind: 'process', id: record.id, vertex, subtask, attempt })
      else context.record?.({ kind: 'record-ended', id: record.id, why: 'filtered', vertex, subtask, attempt })
    },
    snapshot: snapshotBroadcastState,
  }
}

/** Takes a broadcast element into the state of this subtask. One of which nothing is made has come to its end there. */
export function processBroadcastElement(
  fn: Pick<BroadcastProcessFunction<Value, Value, Value>, 'processBroadcastElement'>,
  state: OperatorBroadcastState,
  record: StreamRecord,
  context: OperatorContext,
  ordinal: number,
): void {
  const again = !absorbElement(state, record.id)
  const { vertex, subtask, attempt } = context
  const { id } = record
  context.record?.({
    kind: 'state-apply',
    id,
    key: state.counter,
    count: state.elements,
    ...(again && { again }),
    vertex,
    subtask,
    attempt,
  })
  const call = new BroadcastCall(context, ordinal, record, state)
  refusePromise(fn.processBroadcastElement(record.value, call), vertex)
  if (!call.used) context.record?.({ kind: 'record-ended', id, why: 'broadcast-state', vertex, subtask, attempt })
}

/** One call of a function, for either input: the types say which of them may change the state. */
class BroadcastCall extends DerivedOutput implements BroadcastContext<Value> {
  private readonly given = new GivenObjects()

  constructor(
    private readonly context: OperatorContext,
    ordinal: number,
    record: StreamRecord,
    private readonly state: OperatorBroadcastState,
  ) {
    super(context, ordinal, record.id, record.timestamp)
  }

  getBroadcastState({ name }: MapStateDescriptor): BroadcastState {
    return new BroadcastMap(this.state, name, this.given, this.context.vertex)
  }
}
